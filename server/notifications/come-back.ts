import { channelOf } from '../people/people.store.ts'
import { Later, type SendOutcome } from '../ports.ts'
import { pauseSeconds, retryDelay, spread, UNCLEAR_MAIL_SECONDS } from '../retry-policy.ts'
import type { DeliveryRow } from '../store/tables.ts'
import { sendAnotherWay, USED_UP } from './another-way.ts'
import { updatePending } from './deliveries.store.ts'
import { bury } from './give-up.ts'
import type { PostRoom } from './notify.ts'
import { noteClosed } from './reach-buyer.ts'

export const UNCLEAR =
  'the mail server never said whether it took it; sending it again could say it twice'

/**
 * What becomes of a message that its channel has not (clearly) taken: dead, on its way in another way,
 * or thrown back to the queue. `wait`: in how many seconds it is to probe the channel, if it is. `handed`: the
 * open answer in which it might have been said.
 */
export async function comeBack(
  post: PostRoom,
  delivery: DeliveryRow,
  outcome: Exclude<SendOutcome, { state: 'accepted' }>,
  { wait, handed }: { wait: number | null; handed: string | null },
): Promise<void> {
  const error = outcome.reason
  const unclear = outcome.state === 'again' && outcome.maybeAccepted
  const change = unclear ? stillFindable(delivery, outcome) : unsent(delivery, outcome)
  await post.store.single((db) => updatePending(db, delivery.id, { error, ...change }))
  if (outcome.state === 'never' || outcome.state === 'quota') {
    const why = outcome.state === 'quota' ? USED_UP : error
    const forGood = outcome.state === 'never'
    if (await sendAnotherWay(post, delivery, why, { forGood })) return
  }
  if (outcome.state === 'unreachable' && mayGoElsewhere(delivery))
    return noteClosed(post, delivery, handed)
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

/**
 * A clear "not accepted" leaves the key unused: its hours have not begun, and nobody can have read it. Where
 * this reader lets no message in, none of an earlier try is there either; only an answer may be.
 */
export function unsent({ first_attempt_at, unclear }: DeliveryRow, outcome?: SendOutcome) {
  const nowhere = outcome?.state === 'unreachable' && unclear === 0
  return { first_attempt_at: nowhere ? null : first_attempt_at, unclear }
}

/** Whether a message arrived its channel can find out later; only of a mail, and of an answer, nobody can. */
function stillFindable({ account_id, unclear }: DeliveryRow, { inAnswer }: { inAnswer?: boolean }) {
  return inAnswer || channelOf(account_id) === 'mail' ? {} : { unclear }
}

/** Said in an answer, perhaps, and then nowhere else: rather a person looks than that somebody hears twice. */
function mayGoElsewhere({ kind, unclear }: DeliveryRow): boolean {
  return !kind.startsWith('staff_') && unclear === 0
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
