import { japanDay } from '../../shared/japan-time.ts'
import type { PaymentCard, SubscribedItem } from '../ports.ts'
import type { SubscriptionRow } from '../store/tables.ts'
import { longestOf } from './sum-of-items.ts'

/** Something to say before it happens: in the daytime from then on, and not any more from then on. ISO UTC. */
type Notice = { from: string; until: string }
export type CardNotice = Notice & { card: PaymentCard }
export type RenewalNotice = Notice & { at: string; amount: number }

/** Who pays once a month knows it. */
const LONG_MONTHS = 6
/** Stripe's own notice may come a little before ours, by what the shop has set there. */
const RENEWAL_NOTICE_DAYS = 30
const EARLIEST_DAYS = 35
const DAY_MS = 86_400_000
/** Japan has no summer time. */
const JAPAN_MS = 9 * 3_600_000
/** Nobody's phone rings for something that has weeks. Hours in Japan. */
const [MORNING, EVENING] = [9, 21]
const TEN = 10

type Ongoing = Pick<
  SubscriptionRow,
  'card' | 'items' | 'started_at' | 'period_end' | 'cancel_at' | 'pause' | 'clock_at'
>

/**
 * The card runs out, and it is charged again: told from the first day of the month before its last one, for then
 * a new card is on its way, and the card companies may yet tell Stripe of it. Who has just given it knows its
 * date: they hear a month later, or never. null: it does not concern the payments up to the next renewal,
 * after which everything is looked at anew.
 */
export function cardNotice(subscription: Ongoing): CardNotice | null {
  const { card: text, started_at, period_end } = subscription
  if (!text || !isCharged(subscription)) return null
  const card = JSON.parse(text) as PaymentCard
  const [year = 0, month = 0] = card.month.split('-').map(Number)
  const months = [month - 2, month - 1].map((at) => tenInJapan(Date.UTC(year, at, 1)))
  const from = months.find((at) => at > started_at)
  const until = new Date(Date.UTC(year, month, 1) - JAPAN_MS).toISOString()
  return from && period_end && from <= period_end ? { card, from, until } : null
}

/** Half a year or more is charged at once, by itself: told of 30 days ahead. null: it is not. */
export function renewalNotice(subscription: Ongoing): RenewalNotice | null {
  const { started_at, period_end } = subscription
  if (!period_end || !isCharged(subscription)) return null
  const end = Date.parse(period_end)
  // A period that is no longer than the notice was told of with the welcome.
  if (Date.parse(started_at) > end - EARLIEST_DAYS * DAY_MS) return null
  const { months, amount } = longestOf(JSON.parse(subscription.items) as SubscribedItem[])
  if (amount === null || months < LONG_MONTHS) return null
  const day = japanDay(new Date(end - RENEWAL_NOTICE_DAYS * DAY_MS).toISOString())
  const from = tenInJapan(Date.parse(day))
  return { at: period_end, amount, from, until: period_end }
}

/** Whether now is the time for it. `early`: so many days before its time is good as well. */
export function isTime(
  { from, until }: Notice,
  { clock_at }: Pick<SubscriptionRow, 'clock_at'>,
  now: Date,
  earlyDays = 0,
): boolean {
  const at = now.getTime()
  if (at < Date.parse(from) - earlyDays * DAY_MS || at >= Date.parse(until)) return false
  // What a test clock calls night is nobody's.
  return clock_at !== null || isDay(now)
}

export const RENEWAL_EARLY_DAYS = EARLIEST_DAYS - RENEWAL_NOTICE_DAYS

/** When time alone brings something to say: what has begun in the night is said in the morning. */
export function aheadTimes(subscription: Ongoing, now: Date): string[] {
  const notices = [cardNotice(subscription), renewalNotice(subscription)]
  return notices.flatMap((notice) => {
    if (!notice) return []
    const morning = isDay(now) ? null : nextTen(now)
    const at = morning && notice.from < morning ? morning : notice.from
    return at < notice.until ? [at] : []
  })
}

/** Its payments go on by themselves. */
function isCharged({ cancel_at, pause }: Ongoing): boolean {
  return cancel_at === null && pause === null
}

function isDay(at: Date): boolean {
  const hour = new Date(at.getTime() + JAPAN_MS).getUTCHours()
  return hour >= MORNING && hour < EVENING
}

/** Of the day whose midnight in UTC this is. */
function tenInJapan(day: number): string {
  return new Date(day + TEN * 3_600_000 - JAPAN_MS).toISOString()
}

function nextTen(now: Date): string {
  const day = Date.parse(japanDay(now.toISOString()))
  const today = tenInJapan(day)
  return today > now.toISOString() ? today : tenInJapan(day + DAY_MS)
}
