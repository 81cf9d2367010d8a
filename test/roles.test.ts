import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { giveRole, takeRole } from '../server/memberships/give-role.ts'
import {
  type Gift,
  type Holdings,
  type Purchase,
  type Reason,
  type RoleRules,
  reasonsOf,
  roleOf,
  rulesOf,
} from '../server/memberships/reasons.ts'
import { reconcilePerson, ringForDue } from '../server/memberships/reconsider-due.ts'
import { standingOf } from '../server/memberships/standing.ts'
import { linkCustomer } from '../server/people/people.store.ts'
import { Later, type SubscribedItem } from '../server/ports.ts'
import type { MembershipRules, ShopConfig } from '../server/shop/define-shop.ts'
import type { SubscriptionRow } from '../server/store/tables.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'

const NOW = new Date('2026-11-20T00:00:00.000Z')
const DAY_MS = 86_400_000
const daysAfter = (days: number, from: Date | string = NOW) =>
  new Date(new Date(from).getTime() + days * DAY_MS).toISOString()

const RULES: RoleRules = rulesOf({
  roles: [
    { id: 'gold', title: '金', grants: [{ price: 'price_gold' }, { offer: 'plink_gold' }] },
    {
      id: 'member',
      title: '会員',
      grants: [
        { product: ['prod_live', 'prod_test'] },
        { offer: ['plink_pass', 'plink_pass_test'], days: 30 },
      ],
    },
    { id: 'guest', title: 'ゲスト', grants: [{ product: 'prod_all' }] },
  ],
} as unknown as ShopConfig)

const item = (what: Partial<SubscribedItem>): SubscribedItem => ({
  price: 'price_month',
  product: 'prod_live',
  name: '会員',
  amount: 500,
  quantity: 1,
  interval: 'month',
  intervalCount: 1,
  ...what,
})

function subscription(
  what: Partial<SubscriptionRow> & { sold?: Partial<SubscribedItem>[] } = {},
): SubscriptionRow {
  const { sold = [{}], ...row } = what
  return {
    id: 'sub_1',
    customer_id: 'cus_1',
    version: 1,
    status: 'active',
    currency: 'jpy',
    items: JSON.stringify(sold.map(item)),
    started_at: daysAfter(-20),
    period_end: daysAfter(10),
    trial_end: null,
    cancel_at: null,
    ended_at: null,
    pause: null,
    pause_until: null,
    invoice: 'in_1',
    invoice_unpaid: 0,
    invoice_at: daysAfter(-20),
    invoice_amount: 500,
    card: null,
    clock_at: null,
    disputed: '[]',
    seen_at: NOW.toISOString(),
    ...row,
  }
}
const bought = (what: Partial<Purchase> = {}): Purchase => ({
  id: 'cs_1',
  status: 'paid',
  link: 'plink_pass',
  paid_at: daysAfter(-10),
  created_at: daysAfter(-11),
  ...what,
})
const gift = (what: Partial<Gift> = {}): Gift => ({
  id: 'gift_1',
  role: 'member',
  until: null,
  given_at: daysAfter(-1),
  revoked_at: null,
  ...what,
})

const reasons = (held: Partial<Holdings>, rules = RULES, now = NOW): Reason[] =>
  reasonsOf({ subscriptions: [], purchases: [], gifts: [], ...held }, rules, now)
const role = (held: Partial<Holdings>, rules = RULES, now = NOW) =>
  roleOf(reasons(held, rules, now), rules)
const standing = (row: Partial<SubscriptionRow>, rules: MembershipRules = {}, now = NOW) =>
  standingOf(subscription(row), rules, now)

describe('a role comes of everything that somebody holds', () => {
  const gold = subscription({ id: 'sub_2', sold: [{ price: 'price_gold', product: 'prod_gold' }] })

  test('who holds nothing is a guest', () => expect(role({})).toBe('guest'))

  test('of several roles the highest counts, in whichever order they are held', () => {
    const plain = subscription()
    expect(role({ subscriptions: [plain, gold] })).toBe('gold')
    expect(role({ subscriptions: [gold, plain] })).toBe('gold')
    expect(role({ subscriptions: [plain], gifts: [gift({ role: 'gold' })] })).toBe('gold')
    expect(role({ subscriptions: [gold], gifts: [gift()], purchases: [bought()] })).toBe('gold')
  })

  test('the end of one reason takes nothing that another one gives', () => {
    const ended = subscription({ status: 'canceled', ended_at: daysAfter(-1) })
    expect(role({ subscriptions: [ended, gold] })).toBe('gold')
    expect(role({ subscriptions: [ended], purchases: [bought()] })).toBe('member')
    expect(role({ subscriptions: [ended], gifts: [gift()] })).toBe('member')
    expect(role({ subscriptions: [{ ...gold, status: 'unpaid' }, subscription()] })).toBe('member')
  })

  test('of a subscription to several things the highest role counts', () => {
    const both = subscription({ sold: [{}, { price: 'price_gold', product: 'prod_gold' }] })
    expect(role({ subscriptions: [both] })).toBe('gold')
  })

  test('a product is known in test and in live mode, and a price that nobody named gives nothing', () => {
    const sold = (product: string) => ({ subscriptions: [subscription({ sold: [{ product }] })] })
    expect(role(sold('prod_test'))).toBe('member')
    expect(role(sold('prod_box'))).toBe('guest')
    expect(reasons(sold('prod_box'))).toEqual([])
  })

  test('nobody is made a guest by what they buy', () => {
    const rules = rulesOf({ roles: [{ id: 'guest', title: '客', grants: [] }] } as never)
    expect(rules.roles).toEqual([])
    expect(role({ subscriptions: [subscription({ sold: [{ product: 'prod_all' }] })] })).toBe(
      'guest',
    )
  })

  test('a role that was struck from shop.config is held by nobody', () => {
    const struck = { ...RULES, roles: RULES.roles.filter(({ id }) => id !== 'gold') }
    expect(role({ subscriptions: [gold], gifts: [gift({ role: 'gold' })] }, struck)).toBe('guest')
    expect(role({ subscriptions: [gold, subscription()] }, struck)).toBe('member')
  })
})

describe('what Stripe calls a subscription, and what it is worth', () => {
  test.each([
    ['active', true, 'active'],
    ['trialing', true, 'active'],
    ['past_due', true, 'past_due'],
    ['unpaid', false, 'lapsed'],
    ['paused', false, 'paused'],
    ['incomplete', false, 'unfinished'],
    ['incomplete_expired', false, 'unfinished'],
    ['canceled', false, 'ended'],
    ['a_word_of_2027', false, 'lapsed'],
  ] as const)('%s: a member: %s', (status, member, state) => {
    const invoice_at = daysAfter(-1)
    expect(standing({ status, invoice_at })).toMatchObject({ member, state })
  })

  test('a trial says when it turns paid, and is looked at three days before and then', () => {
    expect(standing({ status: 'trialing', trial_end: daysAfter(5) })).toEqual({
      member: true,
      state: 'trial',
      at: daysAfter(5),
      changesAt: [daysAfter(2), daysAfter(5)],
    })
  })

  test('who has cancelled is a member until that day, however Stripe writes it down', () => {
    for (const status of ['active', 'trialing'])
      expect(standing({ status, cancel_at: daysAfter(3), trial_end: daysAfter(3) })).toEqual({
        member: true,
        state: 'leaving',
        at: daysAfter(3),
        changesAt: [daysAfter(3)],
      })
    const [reason] = reasons({ subscriptions: [subscription({ cancel_at: daysAfter(3) })] })
    expect(reason).toMatchObject({ counts: true, until: daysAfter(3) })
  })

  test('grace begins when the payment was asked for, and ends to the millisecond', () => {
    const row = { status: 'past_due', invoice_at: daysAfter(-7), invoice_unpaid: 1 } as const
    const at = (ms: number) => new Date(NOW.getTime() + ms)
    expect(standing(row, {}, at(-1))).toMatchObject({
      member: true,
      state: 'past_due',
      at: NOW.toISOString(),
    })
    expect(standing(row, {}, at(0))).toMatchObject({ member: false, state: 'lapsed', at: null })
    expect(standing(row, { graceDays: 8 }, at(0)).member).toBe(true)
    expect(standing(row, { graceDays: 0 }, at(-7 * DAY_MS))).toMatchObject({ member: false })
  })

  test('a grace is looked at two days before it ends and when it does; a short one only then', () => {
    const row = { status: 'past_due', invoice_at: NOW.toISOString() }
    expect(standing(row).changesAt).toEqual([daysAfter(5), daysAfter(7)])
    expect(standing(row, { graceDays: 2 }).changesAt).toEqual([daysAfter(2)])
  })

  test('a customer on a test clock lives by the clock, and everybody else by ours', () => {
    const row = { status: 'past_due', invoice_at: daysAfter(30), clock_at: daysAfter(38) }
    expect(standing(row).member).toBe(false)
    expect(standing({ ...row, clock_at: daysAfter(36) }).member).toBe(true)
  })

  test.each([
    ['void', false, 'paused'],
    ['mark_uncollectible', true, 'active'],
    ['keep_as_draft', true, 'active'],
    ['a_word_of_2027', false, 'paused'],
  ] as const)('payments that pause with %s: a member: %s', (pause, member, state) => {
    expect(standing({ pause, pause_until: daysAfter(4) })).toMatchObject({ member, state })
  })

  test('a pause does not bring back what has ended, nor hide it', () => {
    expect(standing({ status: 'canceled', pause: 'keep_as_draft' })).toMatchObject({
      state: 'ended',
    })
    expect(standing({ status: 'unpaid', pause: 'keep_as_draft' }).member).toBe(false)
  })

  test('a payment that the bank takes back suspends it, unless the shop says otherwise', () => {
    expect(standing({ disputed: '["pi_1"]' })).toMatchObject({ member: false, state: 'disputed' })
    expect(standing({ disputed: '["pi_1"]' }, { onDispute: 'keep' }).member).toBe(true)
  })

  test.each([
    [{ status: 'canceled' }, 'cancelled'],
    [{ status: 'canceled', invoice_unpaid: 1 }, 'unpaid'],
    [{ status: 'unpaid' }, 'unpaid'],
    [{ status: 'past_due', invoice_at: daysAfter(-9) }, 'unpaid'],
    [{ status: 'paused' }, 'paused'],
    [{ disputed: '["pi_1"]' }, 'disputed'],
    [{}, null],
  ] as const)('of %j it is said that it was lost by: %s', (row, lost) => {
    const [reason] = reasons({ subscriptions: [subscription(row)] })
    expect(reason?.lost).toBe(lost)
  })
})

describe('what was bought once', () => {
  const pass = (at: number, what: Partial<Purchase> = {}) =>
    bought({ id: `cs_${at}`, paid_at: daysAfter(at), ...what })

  test('counts for its days, to the millisecond', () => {
    const purchases = [pass(-30)]
    expect(role({ purchases }, RULES, new Date(NOW.getTime() - 1))).toBe('member')
    expect(role({ purchases })).toBe('guest')
    expect(reasons({ purchases })[0]).toMatchObject({ lost: 'ran_out', changesAt: [daysAfter(0)] })
  })

  test('counts for good where no days are named', () => {
    const purchases = [pass(-4_000, { link: 'plink_gold' })]
    expect(role({ purchases })).toBe('gold')
    expect(reasons({ purchases })[0]).toMatchObject({ until: null, changesAt: [] })
  })

  test('twice lasts twice as long, in whichever order the books give it', () => {
    const purchases = [pass(-9), pass(-10)]
    const ends = reasons({ purchases }).map(({ until }) => until)
    expect(ends.toSorted()).toEqual([daysAfter(20), daysAfter(50)])
  })

  test('again after it has run out lasts from the day it was bought again', () => {
    const purchases = [pass(-100), pass(-5)]
    expect(reasons({ purchases }).map(({ until }) => until)).toEqual([
      daysAfter(-70),
      daysAfter(25),
    ])
  })

  test('gives nothing once all of it was paid back, and everything while a part was', () => {
    expect(role({ purchases: [pass(-1, { status: 'refunded' })] })).toBe('guest')
    expect(role({ purchases: [pass(-1, { status: 'partially_refunded' })] })).toBe('member')
    expect(role({ purchases: [pass(-1, { status: 'disputed' })] })).toBe('guest')
    const keep = { ...RULES, membership: { onDispute: 'keep' as const } }
    expect(role({ purchases: [pass(-1, { status: 'disputed' })] }, keep)).toBe('member')
  })

  test('and paid back leaves the second pass its own days only', () => {
    const purchases = [pass(-10, { status: 'refunded' }), pass(-9)]
    const counting = reasons({ purchases }).filter(({ counts }) => counts)
    expect(counting.map(({ until }) => until)).toEqual([daysAfter(21)])
  })

  test('from another link gives nothing', () => {
    expect(role({ purchases: [pass(-1, { link: 'plink_tea' })] })).toBe('guest')
    expect(role({ purchases: [pass(-1, { link: null })] })).toBe('guest')
  })
})

describe('what the shop gives by hand', () => {
  test('counts for good, until its day, or until it is taken back', () => {
    expect(role({ gifts: [gift()] })).toBe('member')
    expect(role({ gifts: [gift({ until: daysAfter(0) })] })).toBe('guest')
    const before = new Date(NOW.getTime() - 1)
    expect(role({ gifts: [gift({ until: daysAfter(0) })] }, RULES, before)).toBe('member')
    expect(role({ gifts: [gift({ revoked_at: daysAfter(-1) })] })).toBe('guest')
    expect(reasons({ gifts: [gift({ revoked_at: daysAfter(-1) })] })[0]?.lost).toBe('by_shop')
  })

  test('a role that the shop does not have gives nothing', () => {
    expect(role({ gifts: [gift({ role: 'admin' })] })).toBe('guest')
    expect(role({ gifts: [gift({ role: 'guest' })] })).toBe('guest')
  })
})

describe('in the shop', () => {
  let club: Club
  let hana: LineUser

  beforeAll(async () => {
    club = await openClub()
  })
  beforeEach(() => {
    hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
  })
  afterAll(() => club.close())

  const personOf = async (user: LineUser) => {
    await club.cookieOf(user)
    const { person_id } = await club.store.db
      .selectFrom('accounts')
      .select('person_id')
      .where('id', '=', `line:${user.userId}`)
      .executeTakeFirstOrThrow()
    return person_id
  }
  /** As the duty does each minute. */
  const minute = async () => {
    const rung = await ringForDue(club.members)
    await club.settle()
    return rung
  }
  const give = async (until: Date | null = null, role = 'member') =>
    giveRole(club.members, await personOf(hana), { role, until, note: null })
  const ahead = (days: number) => {
    club.forward({ hours: days * 24 })
    return minute()
  }

  test('a pass for thirty days runs out by time alone, and is told of once', async () => {
    await club.buy(hana, club.links.pass)
    expect(await club.role(hana)).toBe('member')
    expect(club.menu(hana)).toBe('会員')
    await ahead(29)
    expect(await club.role(hana)).toBe('member')
    await ahead(1.1)
    expect(await club.role(hana)).toBe('guest')
    expect(club.menu(hana)).toBe('ゲスト')
    expect(await minute()).toBe(0)
    expect(await club.told(hana)).toEqual(['welcome', 'ended'])
  })

  test('the end of a pass is told to who has had a subscription before', async () => {
    const { subscription } = await club.join(hana, club.links.member)
    await club.stripe.cancelSubscription(subscription, 'now')
    await club.settle()
    await club.buy(hana, club.links.pass)
    await ahead(31)
    expect(await club.role(hana)).toBe('guest')
    expect(await club.told(hana)).toEqual(['welcome', 'ended', 'welcome', 'ended'])
  })

  test('a pass that is paid back ends what it gave', async () => {
    const session = await club.buy(hana, club.links.pass)
    await club.stripe.refund(session, 100)
    await club.settle()
    expect(await club.role(hana)).toBe('member')
    await club.stripe.refund(session)
    await club.settle()
    expect(await club.role(hana)).toBe('guest')
    expect(await club.told(hana)).toEqual(['welcome', 'ended'])
  })

  test('a pass whose money the bank takes back and gives back ends, and comes back', async () => {
    const session = await club.buy(hana, club.links.pass)
    await club.stripe.dispute(session)
    await club.settle()
    expect(await club.role(hana)).toBe('guest')
    await club.stripe.decideDispute(session, 'won')
    await club.settle()
    expect(await club.role(hana)).toBe('member')
    expect(await club.told(hana)).toEqual(['welcome', 'ended'])
  })

  test('a grace ends by the shop’s own time for whoever lives by no test clock', async () => {
    const { customer } = await club.join(hana, club.links.member)
    club.stripe.refuseCard(customer, true)
    await club.stripe.advance(customer, { months: 1 })
    const failed = club.members.post.clock.now().toISOString()
    const fetchCustomer = async (id: string) => {
      const facts = await club.gateway.fetchCustomer(id)
      const subscriptions = facts.subscriptions.map((each) => ({
        ...each,
        testClock: null,
        invoice: each.invoice && { ...each.invoice, at: failed },
      }))
      return { ...facts, subscriptions, clockAt: null }
    }
    const desk = { ...club.members, stripe: { ...club.gateway, fetchCustomer } }
    const person = await personOf(hana)
    const look = async (days: number) => {
      club.forward({ hours: 24 * days })
      const rung = await ringForDue(desk)
      await reconcilePerson(desk, person)
      return [rung > 0, await club.role(hana), (await club.told(hana)).at(-1)]
    }
    expect(await look(0)).toEqual([false, 'member', 'payment_failed'])
    expect(await look(4.9)).toEqual([false, 'member', 'payment_failed'])
    expect(await look(0.2)).toEqual([true, 'member', 'grace_ending'])
    expect(await look(1.8)).toEqual([false, 'member', 'grace_ending'])
    expect(await look(0.2)).toEqual([true, 'guest', 'ended'])
  })

  test('who is rung for by a clock that is ahead of ours is looked at again at the moment itself', async () => {
    const end = new Date(club.members.post.clock.now().getTime() + 30_000)
    await give(end)
    const early = reconcilePerson(club.members, await personOf(hana))
    await expect(early).rejects.toSatisfy((error) => error instanceof Later && error.seconds > 1)
    club.forward({ seconds: 31 })
    await reconcilePerson(club.members, await personOf(hana))
    expect(await club.role(hana)).toBe('guest')
  })

  test('many who could not be looked at do not keep others from being looked at', async () => {
    await club.buy(hana, club.links.pass)
    const stuck = Array.from({ length: 500 }, (_, at) => `stuck-${at}`)
    const long_ago = '2020-01-01T00:00:00.000Z'
    await club.store.transaction(async (tx) => {
      const people = stuck.map((id) => ({ id, created_at: long_ago }))
      await tx.insertInto('people').values(people).execute()
      const due = { role: 'member', since: long_ago, reconsider_at: long_ago }
      const members = stuck.map((person_id) => ({ person_id, ...due }))
      await tx.insertInto('memberships').values(members).execute()
      const died = { handled_at: long_ago, outcome: 'dead' as const, received_at: long_ago }
      const bell = { source: 'noren' as const, type: 'noren.person_due', doorbell: '{}' }
      const events = stuck.map((id) => ({ id: `noren_person_${id}_${long_ago}`, ...bell, ...died }))
      await tx.insertInto('events').values(events).execute()
    })
    await ahead(31)
    expect(await club.role(hana)).toBe('guest')
    await club.store.db.deleteFrom('memberships').where('person_id', 'in', stuck).execute()
  })

  test('a gift makes a member at once; taken back, it makes a guest, and both are told', async () => {
    await give()
    await club.settle()
    expect(await club.role(hana)).toBe('member')
    expect(club.menu(hana)).toBe('会員')
    expect(await takeRole(club.members, await personOf(hana), 'member')).toBe(1)
    await club.settle()
    expect(await club.role(hana)).toBe('guest')
    expect(club.menu(hana)).toBe('ゲスト')
    expect(await club.told(hana)).toEqual(['welcome', 'ended'])
    expect(await takeRole(club.members, await personOf(hana), 'member')).toBe(0)
  })

  test('a gift until a day ends on it', async () => {
    await give(new Date(club.members.post.clock.now().getTime() + DAY_MS))
    await club.settle()
    await ahead(0.9)
    expect(await club.role(hana)).toBe('member')
    await ahead(0.2)
    expect(await club.role(hana)).toBe('guest')
    expect(await club.told(hana)).toEqual(['welcome', 'ended'])
  })

  test('a gift that is taken back leaves a role that is paid for', async () => {
    await club.join(hana, club.links.member)
    await give()
    await takeRole(club.members, await personOf(hana), 'member')
    await club.settle()
    expect(await club.role(hana)).toBe('member')
    expect(await club.told(hana)).toEqual(['welcome'])
  })

  test('a role that the shop does not have is given to nobody', async () => {
    await expect(give(null, 'admin')).rejects.toThrow('It has: premium, member.')
  })

  test('a second dispute is told of as the first one was', async () => {
    const { session, customer, subscription } = await club.join(hana, club.links.member)
    await club.stripe.dispute(session)
    await club.settle()
    await club.stripe.decideDispute(session, 'won')
    await club.pass(customer, { months: 1 })
    await club.stripe.dispute(subscription)
    await club.settle()
    expect(await club.role(hana)).toBe('guest')
    expect(await club.told(hana)).toEqual(['welcome', 'ended', 'resumed', 'ended'])
  })

  test('who owes for months is not given a new grace with each new invoice', async () => {
    const usual = club.stripe.dunning
    club.stripe.dunning = { retryDays: [3, 5], finally: 'past_due' }
    const { customer } = await club.join(hana, club.links.member)
    club.stripe.refuseCard(customer, true)
    await club.pass(customer, { months: 1 })
    await club.pass(customer, { days: 10 })
    expect(await club.role(hana)).toBe('guest')
    await club.pass(customer, { days: 22 })
    expect(await club.role(hana)).toBe('guest')
    expect(await club.told(hana)).toEqual(['welcome', 'payment_failed', 'ended'])
    club.stripe.dunning = usual
  })

  test('a bare LINE id in a link makes nobody a member, and owns no customer', async () => {
    await club.cookieOf(hana)
    for (const link of [club.links.member, club.links.pass]) {
      const { url } = club.stripe.link(link) ?? { url: '' }
      await club.stripe.payByCard(club.stripe.visit(`${url}?client_reference_id=${hana.userId}`))
    }
    await club.settle()
    expect(await club.role(hana)).toBe('guest')
    const { person_id } = await club.store.db
      .selectFrom('accounts')
      .select('person_id')
      .where('id', '=', `line:${hana.userId}`)
      .executeTakeFirstOrThrow()
    const customers = club.store.db.selectFrom('customers').selectAll()
    expect(await customers.where('person_id', '=', person_id).execute()).toEqual([])
    expect(await club.told(hana)).toEqual([])
  })

  test('the customer of one member is never made another’s', async () => {
    const taro = club.line.addUser({ name: '太郎', friend: true })
    const { customer } = await club.join(hana, club.links.member)
    const person = await personOf(taro)
    const taken = await club.store.transaction((tx) =>
      linkCustomer(tx, customer, person, new Date()),
    )
    expect(taken).toBe(false)
    expect(await club.role(taro)).toBe('guest')
  })
})
