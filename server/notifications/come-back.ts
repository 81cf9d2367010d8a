import { channelOf } from '../people/people.store.ts'
import { Later, type SendOutcome } from '../ports.ts'
import { pauseSeconds, retryDelay, spread, UNCLEAR_MAIL_SECONDS } from '../retry-policy.ts'
import type { DeliveryRow } from '../store/tables.ts'
import { updatePending } from './deliveries.store.ts'
import { bury } from './give-up.ts'
import { sendByMailInstead, USED_UP } from './mail-instead.ts'
import type { PostRoom } from './notify.ts'

export const UNCLEAR =
  'the mail server never said whether it took it; sending it again could say it twice'

/**
 * What becomes of a message that its channel has not (clearly) taken: dead, on its way by mail instead,
 * or thrown back to the queue. `wait`: in how many seconds it is to probe the channel, if it is.
 */
export async function comeBack(
  post: PostRoom,
  delivery: DeliveryRow,
  outcome: Exclude<SendOutcome, { state: 'accepted' }>,
  wait: number | null,
): Promise<void> {
  const error = outcome.reason
  const unclear = outcome.state === 'again' && outcome.maybeAccepted
  const change = unclear ? {} : unsent(delivery)
  await post.store.single((db) => updatePending(db, delivery.id, { error, ...change }))
  if (outcome.state === 'never' || outcome.state === 'quota') {
    const words = outcome.state === 'quota' ? USED_UP : `${error}; sent by mail instead`
    if (await sendByMailInstead(post, delivery, words)) return
  }
  if (outcome.state === 'never' || outcome.state === 'unreachable')
    return bury(post, delivery, error)
  if (unclear && channelOf(delivery.account_id) === 'mail')
    return sendMailAgain(post, delivery, error, wait)
  if (wait !== null) throw new Later(wait, error)
  if (outcome.state === 'quota') throw new Later(spread(pauseSeconds('quota', 0)), error)
  const delay = retryDelay(delivery.attempts + 1)
  if (outcome.state === 'refused') throw new Later(delay, error)
  if (outcome.retryAfter !== null) throw new Later(spread(outcome.retryAfter), error)
  throw outcome.busy ? new Later(delay, error) : new Error(error)
}

/** A clear "not accepted" leaves the key unused: its hours have not begun, and nobody can have read it. */
export function unsent({ first_attempt_at, unclear }: DeliveryRow) {
  return { first_attempt_at, unclear }
}

/** No server remembers a Message-ID as LINE does a key, so a mail is not tried for days. */
async function sendMailAgain(
  post: PostRoom,
  delivery: DeliveryRow,
  error: string,
  wait: number | null,
): Promise<never> {
  const seconds = UNCLEAR_MAIL_SECONDS[delivery.unclear]
  if (seconds === undefined) return bury(post, delivery, `${UNCLEAR} (${error})`)
  throw new Later(Math.max(seconds, wait ?? 0), error)
}
