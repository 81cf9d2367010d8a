import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Club, openClub } from './support/club.ts'
import { liveAgain, type Outcome } from './support/live-again.ts'
import { type RecordedLife, recordLife } from './support/recorded-life.ts'

let club: Club
let life: RecordedLife
/** What the life has come to after so many steps, when the post brings everything as it happens. */
const straight: Outcome[] = []

beforeAll(async () => {
  club = await openClub({ engine: 'sqlite' })
  // Nobody but this test reads all that one account was told: a thousand times, among ten thousand messages.
  await sql`create index told_to on deliveries (account_id)`.execute(club.store.db)
  life = await recordLife(club, richLife())
  for (const at of life.names.keys())
    straight.push(await liveAgain(club, life, { steps: at + 1, random: () => 0, straight: true }))
}, 60_000)
afterAll(() => club.close())

/** One member, and nearly everything that can become of one. */
function richLife(): [string, () => Promise<unknown>][] {
  const { stripe, links, prices } = club
  const hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
  stripe.dunning = { ...stripe.dunning, retryDays: [3, 5, 20] }
  let first: Awaited<ReturnType<Club['join']>>
  let second: typeof first
  let third: typeof first
  const bySide = async (link: string) => {
    const { url } = stripe.link(link) ?? { url: '' }
    const reference = stripe.session(first.session).client_reference_id
    const session = stripe.visit(`${url}?client_reference_id=${reference}`)
    await stripe.payByCard(session)
    const { customer, subscription } = stripe.session(session)
    return { session, customer: String(customer), subscription: String(subscription) }
  }
  return [
    ['joins', async () => (first = await club.join(hana, links.member))],
    ['renews', () => stripe.advance(first.customer, { months: 1 })],
    [
      'cannot be charged',
      async () => {
        stripe.refuseCard(first.customer, true)
        await stripe.advance(first.customer, { months: 1 })
      },
    ],
    ['is out of grace', () => stripe.advance(first.customer, { days: 8 })],
    [
      'pays after all',
      async () => {
        stripe.refuseCard(first.customer, false)
        await stripe.payOpenInvoice(first.customer)
      },
    ],
    ['takes the higher plan', () => stripe.changePrice(first.subscription, prices.premium)],
    ['takes the lower plan', () => stripe.changePrice(first.subscription, prices.member)],
    ['pauses', () => stripe.pauseSubscription(first.subscription)],
    ['resumes', () => stripe.resumeSubscription(first.subscription)],
    ['disputes a payment', () => stripe.dispute(first.session)],
    ['has the dispute decided for the shop', () => stripe.decideDispute(first.session, 'won')],
    ['subscribes a second time', async () => (second = await bySide(links.yearly))],
    ['ends the older one', () => stripe.cancelSubscription(first.subscription, 'now')],
    ['leaves', () => stripe.cancelSubscription(second.subscription, 'period_end')],
    ['thinks again', () => stripe.keepSubscription(second.subscription)],
    ['leaves again', () => stripe.cancelSubscription(second.subscription, 'period_end')],
    ['has left', () => stripe.advance(second.customer, { months: 13 })],
    ['comes back', async () => (third = await club.join(hana, links.premium))],
    ['buys a pass', () => club.buy(hana, links.pass)],
    ['leaves at once', () => stripe.cancelSubscription(third.subscription, 'now')],
    ['comes back once more', () => club.join(hana, links.trial)],
  ]
}

/** The same row of numbers for the same seed (mulberry32). */
function rowOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Ended twice, and nothing said in between that it had begun again: the one thing that nobody may hear. */
function endedInARow({ told }: Outcome): string[] {
  const over = new Set<string>()
  return told.flatMap(({ kind, role }) => {
    if (kind !== 'ended') over.delete(role)
    else if (over.has(role)) return [role]
    else over.add(role)
    return []
  })
}

/** Whose second subscription is not heard of before the first has ended: an end, and another welcome. */
const MAY_BE_SAID_ONCE_MORE = ['welcome', 'ended']

/** Kinds that were said more often than to somebody whom the post brings everything as it happens. */
function saidTooOften(outcome: Outcome, expected: Outcome): string[] {
  const times = ({ told }: Outcome, kind: string) =>
    told.filter((each) => each.kind === kind && !MAY_BE_SAID_ONCE_MORE.includes(kind)).length
  return outcome.told
    .map(({ kind }) => kind)
    .filter((kind) => times(outcome, kind) > times(expected, kind))
}

const SHUFFLES = 1_000
/** Somebody new each; their writers share commits, and meet in the same tables. */
const AT_ONCE = 10

test('however the post brings the events, the member ends as what Stripe says, and hears nothing twice', async () => {
  const steps = fc.integer({ min: 2, max: life.names.length })
  // Rather short ones, or the many of them would take too long.
  const lived = fc.tuple(fc.integer(), steps, steps, steps).map(([seed, ...all]) => ({
    seed,
    steps: Math.min(...all),
  }))
  const lives = fc.array(lived, { minLength: AT_ONCE, maxLength: AT_ONCE })
  await fc.assert(
    fc.asyncProperty(lives, async (all) => {
      const live = ({ seed, steps }: (typeof all)[number]) =>
        liveAgain(club, life, { steps, random: rowOf(seed) })
      for (const [at, outcome] of (await Promise.all(all.map(live))).entries()) {
        const expected = straight[(all[at]?.steps ?? 0) - 1]
        if (!expected) throw new Error('no such life')
        expect({ ...outcome, told: [] }).toEqual({ ...expected, told: [] })
        expect(endedInARow(outcome)).toEqual([])
        expect(saidTooOften(outcome, expected)).toEqual([])
      }
    }),
    { numRuns: SHUFFLES / AT_ONCE, endOnFailure: true },
  )
}, 120_000)

test('the life that is shuffled is a rich one, and told step by step', () => {
  expect(straight.map(({ role }) => role)).toEqual([
    ...['member', 'member', 'member', 'guest', 'member', 'premium', 'member', 'guest', 'member'],
    ...['guest', 'member', 'member', 'member', 'member', 'member', 'member', 'guest', 'premium'],
    ...['premium', 'member', 'member'],
  ])
  expect(straight.at(-1)?.told.map(({ kind }) => kind)).toEqual([
    ...['welcome', 'payment_failed', 'ended', 'resumed', 'plan_changed', 'plan_changed'],
    ...['paused', 'resumed', 'ended', 'resumed', 'leaving', 'staying', 'leaving', 'ended'],
    ...['welcome', 'ended'],
  ])
})
