import { japanDay } from '../../shared/japan-time.ts'
import { IS_CAMPAIGN } from '../notifications/hold-campaign.ts'
import type { PostRoom } from '../notifications/notify.ts'
import { findPause } from '../notifications/pauses.store.ts'
import type { Db } from '../ports.ts'
import type { WhyNot } from './may-hear.ts'

/** How many campaigns may go to LINE for now; where none: why. */
export type LineBudget = { letters: number; why: WhyNot | null }
/** Messages of the last 30 days that were no campaigns, as they were counted on a day in Japan. */
export type Needed = { day: string; messages: number }

const DAYS = 30
const DAY_MS = 86_400_000
/** Half as many again as lately: a good month must not find its messages spent on campaigns. */
const MARGIN = 1.5
/** A shop that has sold nothing yet may sell tomorrow. */
const LEAST_RESERVE = 20

/** What LINE has left, less what receipts need until the month is over, spread over the days until then. */
export function shareOfToday(parts: {
  left: number
  reserve: number
  /** Campaigns to LINE that were written today, and of all those that are still on their way */
  today: number
  pending: number
  daysLeft: number
}): number {
  const { left, reserve, today, pending, daysLeft } = parts
  const free = left - reserve - pending
  if (free <= 0) return 0
  return Math.max(0, Math.min(free, Math.ceil((free + today) / daysLeft) - today))
}

/** The last of a month's messages, which are for receipts: so many as the shop says, or as were needed lately. */
export function reserveOf(keep: number | undefined, needed: number, daysLeft: number): number {
  if (keep !== undefined) return keep
  return Math.max(LEAST_RESERVE, Math.ceil((needed / DAYS) * daysLeft * MARGIN))
}

/** Days of the month that are left in Japan, where LINE's month begins and ends; today is one. */
export function daysLeftInMonth(now: Date): number {
  const [year = 0, month = 1, day = 1] = japanDay(now.toISOString()).split('-').map(Number)
  return new Date(Date.UTC(year, month, 0)).getUTCDate() - day + 1
}

/** Asks LINE once. A LINE that is paused, or does not tell what is left, gets no campaign. */
export async function lineBudget(post: PostRoom, needed: number): Promise<LineBudget> {
  const { store, channel, clock, shop } = post
  const pause = await findPause(store.db, 'line')
  if (pause) return { letters: 0, why: pause.reason === 'quota' ? 'no_messages' : 'line_paused' }
  const quota = await channel.quota().catch(() => null)
  if (!quota) return { letters: 0, why: 'line_paused' }
  if (quota.total === null) return { letters: Number.POSITIVE_INFINITY, why: null }
  const daysLeft = daysLeftInMonth(clock.now())
  const letters = shareOfToday({
    left: quota.total - quota.used,
    reserve: reserveOf(shop.campaigns?.keepForReceipts, needed, daysLeft),
    ...(await countCampaigns(store.db, clock.now())),
    daysLeft,
  })
  return { letters, why: letters > 0 ? null : 'no_messages' }
}

async function countCampaigns(db: Db, now: Date): Promise<{ today: number; pending: number }> {
  const midnight = new Date(
    Date.parse(`${japanDay(now.toISOString())}T00:00:00+09:00`),
  ).toISOString()
  const toLine = db
    .selectFrom('deliveries')
    .select((eb) => eb.fn.countAll().as('count'))
    .where(IS_CAMPAIGN)
    .where('account_id', 'like', 'line:%')
  const today = await toLine
    .where('created_at', '>=', midnight)
    .where('state', '<>', 'superseded')
    .executeTakeFirstOrThrow()
  const pending = await toLine.where('state', '=', 'pending').executeTakeFirstOrThrow()
  return { today: Number(today.count), pending: Number(pending.count) }
}

/**
 * How many messages LINE took in 30 days that were no campaigns. Reads every message ever sent, since an index
 * would make each receipt pay for it: so once a day, and what was counted is handed on.
 */
export async function countNeeded(
  { store, clock }: PostRoom,
  known: Needed | null,
): Promise<Needed> {
  const now = clock.now()
  const day = japanDay(now.toISOString())
  if (known?.day === day) return known
  const { count } = await store.db
    .selectFrom('deliveries')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('accepted_at', '>=', new Date(now.getTime() - DAYS * DAY_MS).toISOString())
    .where('kind', '<>', 'campaign')
    .where('account_id', 'like', 'line:%')
    .executeTakeFirstOrThrow()
  return { day, messages: Number(count) }
}
