import { channelOf, isChat } from '../people/people.store.ts'
import type { Moment } from '../ports.ts'
import type { DeliveryRow } from '../store/tables.ts'
import { channelNamed, placeOf } from './channels.ts'
import { comeBack, unsent } from './come-back.ts'
import { updatePending } from './deliveries.store.ts'
import { bury, countOutcome, tags } from './give-up.ts'
import { noteLetIn } from './heard-from.ts'
import type { PostRoom } from './notify.ts'
import { openAnswerOf } from './open-answers.store.ts'
import { heard } from './pause-channel.ts'
import type { PauseRow } from './pauses.store.ts'

/**
 * Asks the delivery's channel to take it, and writes down what came of it. `probed`: the pause that it probes.
 * Throws as the channel's answer wants it: again later, or never.
 */
export async function sendNow(
  post: PostRoom,
  delivery: DeliveryRow,
  probed: PauseRow | null,
): Promise<void> {
  const { store } = post
  const moment = await momentOf(post, delivery)
  if (!(await noteAttempt(post, delivery, moment))) return
  const key = delivery.retry_key ?? delivery.id
  const channel = channelNamed(post, channelOf(delivery.account_id))
  const address = await placeOf(store.db, delivery)
  if (!channel || address === null)
    return bury(post, delivery, 'nobody reads this mailbox any more')
  const outcome = await channel
    .send(address, delivery.body, key, moment)
    .catch(async (error: unknown) => {
      // Nothing may leave just now, so nothing did.
      const { attempts } = delivery
      await store.single((db) => updatePending(db, delivery.id, { ...unsent(delivery), attempts }))
      throw error
    })
  const handed = moment.openAnswer
  if (outcome.state === 'accepted') {
    await noteAccepted(post, delivery, outcome.requestId)
    if (!handed && isCommanded(delivery)) await noteLetIn(post, delivery)
  }
  const wait = await heard(post, delivery, probed, outcome)
  if (outcome.state !== 'accepted') await comeBack(post, delivery, outcome, { wait, handed })
}

/**
 * Written before the request leaves: after a crash in between, the key's age must still be known, and
 * that a mail, or an answer, may have arrived. False: superseded a moment ago, so that it must not leave at all.
 */
function noteAttempt(
  { store, clock }: PostRoom,
  delivery: DeliveryRow,
  { openAnswer }: Moment,
): Promise<boolean> {
  const now = clock.now().toISOString()
  const mayBeUnclear = isMail(delivery) || openAnswer !== null
  return store.single((db) =>
    updatePending(db, delivery.id, {
      attempts: delivery.attempts + 1,
      first_attempt_at: delivery.first_attempt_at ?? now,
      pending_since: delivery.pending_since ?? now,
      retry_key: delivery.retry_key,
      unclear: delivery.unclear + (mayBeUnclear ? 1 : 0),
    }),
  )
}

/** `delivery` as it was before this try: only one whose answer was lost has begun. */
async function momentOf({ store, clock }: PostRoom, delivery: DeliveryRow): Promise<Moment> {
  const { account_id, first_attempt_at } = delivery
  const asks = isCommanded(delivery)
  return {
    openAnswer: asks ? await openAnswerOf(store.db, account_id, clock.now()) : null,
    unclearSince: first_attempt_at ? new Date(first_attempt_at) : null,
  }
}

function isMail({ account_id }: DeliveryRow): boolean {
  return channelOf(account_id) === 'mail'
}

/** In a chat where people ask by commands, and are answered alone: any but LINE. */
function isCommanded({ account_id }: DeliveryRow): boolean {
  const channel = channelOf(account_id)
  return channel !== 'line' && isChat({ channel })
}

async function noteAccepted(
  post: PostRoom,
  delivery: DeliveryRow,
  requestId: string | null,
): Promise<void> {
  const change = {
    state: 'accepted',
    accepted_at: post.clock.now().toISOString(),
    request_id: requestId,
    error: null,
    // What was said is in the chat, and can be told from the order; two thirds of the disk were this.
    body: '',
    message: null,
    instead_at: null,
  } as const
  await post.store.single((db) => updatePending(db, delivery.id, change))
  countOutcome(post, delivery, 'accepted')
  post.log.info({ ...tags(delivery), requestId }, 'message accepted')
}
