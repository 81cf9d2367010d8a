import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { renewalNotice } from '../server/memberships/ahead.ts'
import { reconcileMembership } from '../server/memberships/reconcile-membership.ts'
import { ringForDue } from '../server/memberships/reconsider-due.ts'
import { sweepAll } from '../server/memberships/sweep-all.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import type { CardSeed, LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'

const DAY_MS = 86_400_000
/** Ten in the morning in Japan, in UTC. */
const TEN_HOURS = 1

let club: Club
let hana: LineUser

beforeAll(async () => {
  club = await openClub()
})
beforeEach(() => {
  hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
})
afterEach(async () => {
  // What was held back was lost for good.
  await club.stripe.release(() => [])
  await club.settle()
})
afterAll(() => club.close())

const now = () => club.desk.post.clock.now()
/** The next first of a month in Japan, at ten. */
function nextFirst(from = now()): Date {
  const japan = new Date(from.getTime() + 9 * 3_600_000)
  const at = (months: number) =>
    new Date(Date.UTC(japan.getUTCFullYear(), japan.getUTCMonth() + months, 1, TEN_HOURS))
  return at(0) > from ? at(0) : at(1)
}
/** A card whose last month is the one after this. */
function cardEndingAfter(first: Date): Required<Pick<CardSeed, 'expMonth' | 'expYear'>> {
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1))
  return { expMonth: last.getUTCMonth() + 1, expYear: last.getUTCFullYear() }
}
function goTo(time: Date | number): void {
  club.forward({ seconds: (Number(time) - now().getTime()) / 1_000 })
}
/** What the duty does each minute. */
async function letTimeRing(): Promise<void> {
  await ringForDue(club.members)
  await club.settle()
}
const heard = async (user = hana) => (await club.told(user)).filter((kind) => kind !== 'welcome')
const reconsiderAt = async () =>
  (
    await club.store.db
      .selectFrom('memberships')
      .innerJoin('accounts', 'accounts.person_id', 'memberships.person_id')
      .select('reconsider_at')
      .where('accounts.id', '=', `line:${hana.userId}`)
      .executeTakeFirstOrThrow()
  ).reconsider_at

describe('a card that runs out', () => {
  /** A member whose card's last month begins a month after the next first of a month. */
  async function joinWithOldCard(user = hana) {
    const member = await club.join(user, club.links.member)
    const first = nextFirst()
    await club.stripe.setCard(member.customer, { ...cardEndingAfter(first), last4: '1881' })
    await club.settle()
    return { ...member, first }
  }

  test('is told of on the first of the month before its last, at ten in Japan, once', async () => {
    const { first } = await joinWithOldCard()
    expect(await reconsiderAt()).toBe(first.toISOString())
    goTo(first.getTime() - 60_000)
    await letTimeRing()
    expect(await heard()).toEqual([])
    goTo(first)
    await letTimeRing()
    expect(await heard()).toEqual(['card_expiring'])
    const [said] = club.heard(hana.userId).slice(-1)
    const { expMonth, expYear } = cardEndingAfter(first)
    expect(said).toContain(`Visaカード（下4桁 1881）は、${expYear}年${expMonth}月末で有効期限`)
    goTo(first.getTime() + DAY_MS)
    await letTimeRing()
    for (const { id, type } of club.stripe.events())
      if (type === 'payment_method.attached') await club.stripe.resend(id)
    await club.settle()
    expect(await heard()).toEqual(['card_expiring'])
  })

  test('and was replaced before, heard or not, is not told of', async () => {
    const taro = club.line.addUser({ name: '太郎', friend: true, language: 'ja' })
    const { customer, first } = await joinWithOldCard()
    const other = await joinWithOldCard(taro)
    await club.stripe.setCard(customer, {})
    await club.settle()
    expect(await reconsiderAt()).toBeNull()
    // The bank and Stripe have settled it among themselves, and the letter was lost.
    club.stripe.hold()
    await club.stripe.setCard(other.customer, { expMonth: 1, expYear: 2034 }, { by: 'network' })
    goTo(first)
    await letTimeRing()
    expect(await heard()).toEqual([])
    expect(await heard(taro)).toEqual([])
  })

  test('is not told of in the night, but in the morning after', async () => {
    const { customer } = await club.join(hana, club.links.member)
    const first = nextFirst()
    goTo(first.getTime() + 12 * 3_600_000)
    await club.stripe.setCard(customer, cardEndingAfter(first), { by: 'network' })
    await club.settle()
    expect(await heard()).toEqual([])
    goTo(first.getTime() + DAY_MS)
    await letTimeRing()
    expect(await heard()).toEqual(['card_expiring'])
  })

  test('and of which no webhook told is found by the daily look, as is one good for years for nothing', async () => {
    const { customer } = await club.join(hana, club.links.member)
    const first = nextFirst()
    goTo(first.getTime() + 3_600_000)
    club.stripe.hold()
    const look = async () => {
      const turn = { bookmark: null, keep: async () => {}, atStart: false }
      const swept = await sweepAll(club, { ...turn, stop: new AbortController().signal })
      await club.settle()
      return swept.differing
    }
    await look()
    await club.stripe.setCard(customer, { brand: 'jcb', expYear: 2040 }, { by: 'network' })
    expect(await look()).toBe(0)
    await club.stripe.setCard(customer, cardEndingAfter(first), { by: 'network' })
    expect(await look()).toBe(1)
    expect(await heard()).toEqual(['card_expiring'])
    expect(await look()).toBe(0)
  })

  test('of who has cancelled, has paused or pays by Link is nobody’s concern', async () => {
    const { customer, subscription, first } = await joinWithOldCard()
    await club.stripe.cancelSubscription(subscription, 'period_end')
    const taro = club.line.addUser({ name: '太郎', friend: true, language: 'ja' })
    const paused = await joinWithOldCard(taro)
    await club.stripe.pauseCollection(paused.subscription, 'keep_as_draft')
    const jiro = club.line.addUser({ name: '次郎', friend: true, language: 'ja' })
    const linked = await joinWithOldCard(jiro)
    await club.stripe.setCard(linked.customer, 'link')
    await club.settle()
    expect((await club.subscription(linked.subscription)).card).toBeNull()
    goTo(first)
    for (const each of [customer, paused.customer, linked.customer])
      await reconcileMembership(club.members, each)
    await club.settle()
    expect(await heard()).toEqual(['leaving'])
    expect([await heard(taro), await heard(jiro)]).toEqual([[], []])
  })

  test('on a test clock is told of once, however the post brings the events', async () => {
    const { customer } = await club.join(hana, club.links.member)
    await club.pass(customer, { days: 1 })
    club.stripe.hold()
    const first = nextFirst(club.stripe.timeOf(customer))
    await club.stripe.setCard(customer, cardEndingAfter(first))
    await club.pass(customer, { months: 1, days: 1 })
    await club.stripe.release((events) => [...events.toReversed(), ...events])
    await club.settle()
    expect(await heard()).toEqual(['card_expiring'])
  })

  test('is forgotten with whoever it belongs to', async () => {
    const { customer } = await joinWithOldCard()
    await forgetPerson(club.members.post, hana.userId)
    const rows = club.store.db.selectFrom('subscriptions').selectAll()
    expect(await rows.where('customer_id', '=', customer).execute()).toEqual([])
  })
})

describe('a yearly renewal', () => {
  const item = (intervalCount: number, interval: string, amount: number | null = 500) => ({
    ...{ price: 'price_1', product: 'prod_1', name: '茶', quantity: 2 },
    ...{ interval, intervalCount, amount },
  })
  test.each([
    ['half a year', [item(6, 'month')], 1_000],
    ['half a year in weeks', [item(26, 'week')], 1_000],
    ['a year with something monthly beside it', [item(1, 'year'), item(1, 'month', 90)], 1_000],
    ['a quarter', [item(3, 'month')], null],
    ['a year by what was used', [item(1, 'year', null)], null],
  ])('(%s) is worth a word only where half a year or more has a price', (_what, items, amount) => {
    const subscription = {
      ...{ card: null, cancel_at: null, pause: null, clock_at: null },
      items: JSON.stringify(items),
      started_at: '2026-01-01T00:00:00.000Z',
      period_end: '2027-01-01T00:00:00.000Z',
    }
    expect(renewalNotice(subscription)?.amount ?? null).toBe(amount)
  })

  test('is told of 30 days ahead by time alone, with its price and how to stop, once', async () => {
    const { subscription, customer } = await club.join(hana, club.links.yearly)
    const { period_end } = await club.subscription(subscription)
    const due = String(await reconsiderAt())
    const ahead = (Date.parse(String(period_end)) - Date.parse(due)) / DAY_MS
    expect(Math.abs(ahead - 30)).toBeLessThan(1)
    goTo(Date.parse(due))
    await letTimeRing()
    expect(await heard()).toEqual(['renewal_ahead'])
    const [said] = club.heard(hana.userId).slice(-1)
    expect(said).toMatch(/自動で更新され、¥5,000\/年（税込）のお支払い.*解約のお手続き/)
    goTo(Date.parse(due) + 5 * DAY_MS)
    await reconcileMembership(club.members, customer)
    await club.settle()
    expect(await heard()).toEqual(['renewal_ahead'])
  })

  test('is told of when Stripe tells of its invoice, and again a year later', async () => {
    const usual = club.stripe.upcomingDays
    club.stripe.upcomingDays = 30
    const { customer } = await club.join(hana, club.links.yearly)
    await club.pass(customer, { months: 10 })
    expect(await heard()).toEqual([])
    await club.pass(customer, { days: 40 })
    expect(await heard()).toEqual(['renewal_ahead'])
    const upcoming = club.stripe.events().find(({ type }) => type === 'invoice.upcoming')
    expect(upcoming?.data.object).toMatchObject({ customer, billing_reason: 'upcoming' })
    expect(upcoming?.data.object).not.toHaveProperty('id')
    await club.pass(customer, { months: 12 })
    expect(await heard()).toEqual(['renewal_ahead', 'renewal_ahead'])
    club.stripe.upcomingDays = usual
  })

  test('is asked for where it says something, and not of everybody who pays once a month', async () => {
    const { customer } = await club.join(hana, club.links.member)
    club.stripe.hold()
    await club.pass(customer, { days: 29 })
    club.stripe.requests.length = 0
    await club.stripe.release((held) => held.filter(({ type }) => type === 'invoice.upcoming'))
    await club.settle()
    const heard = await club.store.db
      .selectFrom('events')
      .select('outcome')
      .where('type', '=', 'invoice.upcoming')
      .orderBy('received_at', 'desc')
      .executeTakeFirstOrThrow()
    expect(heard.outcome).toBe('handled')
    expect(club.stripe.requests.filter((line) => line.startsWith('GET'))).toEqual([])
  })

  test('that will not be, and one each month, is nobody’s news', async () => {
    const { customer, subscription } = await club.join(hana, club.links.yearly)
    await club.stripe.cancelSubscription(subscription, 'period_end')
    const taro = club.line.addUser({ name: '太郎', friend: true, language: 'ja' })
    const monthly = await club.join(taro, club.links.member)
    await club.pass(customer, { days: 350 })
    await club.pass(monthly.customer, { days: 29 })
    expect(await heard()).toEqual(['leaving'])
    expect(await heard(taro)).toEqual([])
  })
})
