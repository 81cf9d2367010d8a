import { sql } from 'kysely'
import { optedOut } from '../people/opt-outs.store.ts'
import { channelOf, findAccount } from '../people/people.store.ts'
import { Later, type Tx } from '../ports.ts'
import type { DeliveryRow } from '../store/tables.ts'
import { IS_OPEN, updatePending } from './deliveries.store.ts'
import type { PostRoom } from './notify.ts'
import { findPause, freeProbe } from './pauses.store.ts'
import { QUIET_HOURS, quietUntil } from './quiet-hours.ts'

/** To the letter what the partial index says. */
export const IS_CAMPAIGN = sql<boolean>`deliveries.kind = 'campaign'`
/** It has been heard, or perhaps has: one that was withdrawn before it left was not. */
export const IS_HEARD = sql<boolean>`(deliveries.state <> 'superseded' or deliveries.first_attempt_at is not null)`

const SUBJECT = 'campaign:'
/** What could not leave in a day is no news any more; whoever it was for may hear it another time. */
const STALE_MS = 24 * 3_600_000

export function campaignSubject(ruleId: string): string {
  return `${SUBJECT}${ruleId}`
}

/**
 * May this campaign leave now? It was true when it was written, and minutes or an outage ago. false: it is
 * withdrawn, as though it had never been, and may be told another time. Throws Later in the quiet hours.
 */
export async function mayCampaignLeave(post: PostRoom, delivery: DeliveryRow): Promise<boolean> {
  const against = await whatStandsAgainst(post, delivery)
  if (against) {
    await withdraw(post, delivery, against)
    return false
  }
  const now = post.clock.now()
  const quiet = quietUntil(post.shop.campaigns?.quietHours ?? QUIET_HOURS, now)
  if (quiet)
    throw new Later((quiet.getTime() - now.getTime()) / 1_000, 'campaigns wait for the morning')
  return true
}

async function whatStandsAgainst(post: PostRoom, delivery: DeliveryRow): Promise<string | null> {
  const { store, shop, clock } = post
  const rules = shop.campaigns?.rules ?? []
  if (!rules.some(({ id }) => campaignSubject(id) === delivery.subject))
    return 'the shop has struck out this campaign'
  const account = await findAccount(store.db, delivery.account_id)
  if (!account) return 'its reader was forgotten'
  const { persons, accounts } = await optedOut(store.db, [account.person_id])
  if (persons.has(account.person_id) || accounts.has(account.id))
    return 'its reader wants no campaigns'
  // It may have arrived already: under its own key it does no harm to say it again.
  if (delivery.first_attempt_at) return null
  if (clock.now().getTime() - Date.parse(delivery.created_at) > STALE_MS)
    return 'it could not leave for a day'
  if (account.channel !== 'line') return null
  if (account.friend !== 1) return 'LINE cannot reach its reader'
  const pause = await findPause(store.db, 'line')
  return pause?.reason === 'quota' ? OUT_OF_MESSAGES : null
}

const OUT_OF_MESSAGES = 'LINE’s messages of this month are used up'

/** LINE has no messages left: what waits for some would take them from receipts, when there are some again. */
export async function withdrawFromLine(post: PostRoom): Promise<number> {
  const pause = await findPause(post.store.db, 'line')
  if (pause?.reason !== 'quota') return 0
  const open = await post.store.db
    .selectFrom('deliveries')
    .selectAll()
    .where(IS_OPEN)
    .where(IS_CAMPAIGN)
    .where('first_attempt_at', 'is', null)
    .execute()
  const theirs = open.filter(({ account_id }) => channelOf(account_id) === 'line')
  for (const delivery of theirs) await withdraw(post, delivery, OUT_OF_MESSAGES)
  return theirs.length
}

/** One that has not left gives its key back: (subject, kind, account) is free for another time. */
async function withdraw(post: PostRoom, delivery: DeliveryRow, error: string): Promise<void> {
  const { id, first_attempt_at } = delivery
  const freed = first_attempt_at ? {} : { subject: `withdrawn:${id}` }
  await post.store.transaction(async (tx: Tx) => {
    if (await updatePending(tx, id, { state: 'superseded', error, ...freed }))
      await freeProbe(tx, id)
  })
}
