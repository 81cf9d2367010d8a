import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { dutiesOf } from '../server/duties.ts'
import { adoptRules } from '../server/memberships/adopt-rules.ts'
import { ringForDue } from '../server/memberships/reconsider-due.ts'
import { sweepAll } from '../server/memberships/sweep-all.ts'
import { type Swept, sweepMembers } from '../server/memberships/sweep-members.ts'
import { doDuty } from '../server/operations/do-duties.ts'
import { linkCustomer } from '../server/people/people.store.ts'
import type { Turn } from '../server/ports.ts'
import type { Role } from '../server/shop/define-shop.ts'
import { sweepSigns } from '../server/signs/sweep-signs.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'

let club: Club
let hana: LineUser
let roles: Role[]

beforeAll(async () => {
  club = await openClub()
  roles = club.config.shop.roles ?? []
})
beforeEach(() => {
  hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
})
afterEach(async () => {
  club.stripe.clearFaults()
  club.line.clearFaults()
  club.config.shop.roles = roles
  // What was held back was lost for good.
  await club.stripe.release(() => [])
  await club.settle()
})
afterAll(() => club.close())

/** What the last sweep left for the next one. */
let bookmark: string | null = null

const turn = (): Turn => ({
  bookmark,
  keep: async (kept) => {
    bookmark = kept ?? bookmark
  },
  stop: new AbortController().signal,
  atStart: false,
})
async function sweep(): Promise<Swept> {
  const swept = await sweepAll(club, turn())
  await club.settle()
  return swept
}
/** As when a process starts. */
async function start(): Promise<void> {
  await adoptRules(club, turn())
  await club.settle()
}
const asked = (since: number) => club.stripe.requests.slice(since)
const events = async () =>
  Number(
    (
      await club.store.db
        .selectFrom('events')
        .select((eb) => eb.fn.countAll<number>().as('many'))
        .where('source', '=', 'noren')
        .executeTakeFirstOrThrow()
    ).many,
  )

test('where nothing differs Stripe is asked for the list and for nothing else', async () => {
  await club.join(hana, club.links.member)
  await sweep()
  const [before, rung] = [club.stripe.requests.length, await events()]
  const swept = await sweep()
  expect(swept).toMatchObject({ differing: 0, unclaimed: [] })
  expect(swept.listed).toBeGreaterThan(0)
  expect(asked(before)).toEqual(['GET /v1/subscriptions'])
  // Menus are looked at by a few each day.
  const signs = await club.store.db.selectFrom('signs').selectAll().execute()
  expect((await events()) - rung).toBe(signs.length)
})

test('who pays and of whom no webhook told is found, greeted and shown the menu', async () => {
  const { subscription, customer } = await club.join(hana, club.links.member)
  await club.stripe.cancelSubscription(subscription, 'now')
  await club.settle()
  club.stripe.hold()
  expect((await club.join(hana, club.links.member)).customer).toBe(customer)
  expect(await club.role(hana)).toBe('guest')
  expect(await sweep()).toMatchObject({ differing: 1 })
  expect(await club.role(hana)).toBe('member')
  expect(club.menu(hana)).toBe('会員')
  expect(await club.told(hana)).toEqual(['welcome', 'ended', 'welcome'])
})

test('who has the role and pays no longer loses it', async () => {
  const { subscription } = await club.join(hana, club.links.member)
  club.stripe.hold()
  await club.stripe.cancelSubscription(subscription, 'now')
  expect(await sweep()).toMatchObject({ differing: 1 })
  expect(await club.role(hana)).toBe('guest')
  expect(await club.told(hana)).toEqual(['welcome', 'ended'])
})

test('a customer who was deleted at Stripe unheard loses the role', async () => {
  const { customer } = await club.join(hana, club.links.member)
  club.stripe.hold()
  await club.stripe.deleteCustomer(customer)
  expect(await sweep()).toMatchObject({ differing: 1 })
  expect(await club.role(hana)).toBe('guest')
})

test.each([
  ['another plan', (id: string) => club.stripe.changePrice(id, club.prices.premium)],
  ['a cancellation to come', (id: string) => club.stripe.cancelSubscription(id, 'period_end')],
  ['a pause', (id: string) => club.stripe.pauseSubscription(id)],
  ['payments that pause', (id: string) => club.stripe.pauseCollection(id, 'void')],
] as const)('%s that nobody told of is found', async (_what, change) => {
  const { subscription } = await club.join(hana, club.links.member)
  club.stripe.hold()
  await change(subscription)
  expect(await sweep()).toMatchObject({ differing: 1 })
  expect(await club.told(hana)).toHaveLength(2)
  expect(await sweep()).toMatchObject({ differing: 0 })
})

test('subscriptions of nobody whom we know are listed, those to goods are not', async () => {
  const bought = async (link: string) => {
    const session = club.stripe.visit(club.stripe.link(link)?.url ?? '')
    await club.stripe.payByCard(session)
    await club.settle()
    return String(club.stripe.session(session).subscription)
  }
  await bought(club.links.box)
  const lost = await bought(club.links.member)
  expect(await sweep()).toMatchObject({ unclaimed: [lost], differing: 0 })
  await club.stripe.cancelSubscription(lost, 'now')
})

test('what a sweep finds twice it rings for once', async () => {
  const { subscription } = await club.join(hana, club.links.member)
  club.stripe.hold()
  await club.stripe.cancelSubscription(subscription, 'now')
  const swept: Swept = { listed: 0, differing: 0, unclaimed: [] }
  for (let time = 0; time < 2; time++) await sweepMembers(club.members, { id: 'again', swept })
  expect(swept.differing).toBe(1)
})

test('a sweep that Stripe breaks off leaves what it found, and the next one goes on', async () => {
  const taro = club.line.addUser({ name: '太郎', friend: true })
  const old = await club.join(taro, club.links.member)
  const unclaimed = club.stripe.seedSubscribers(club.prices.member, 150)
  const { subscription } = await club.join(hana, club.links.member)
  club.stripe.hold()
  await club.stripe.changePrice(subscription, club.prices.premium)
  await club.stripe.changePrice(old.subscription, club.prices.premium)
  club.stripe.addFault({ on: /GET \/v1\/subscriptions$/, skip: 1, times: 2, status: 500 })
  await expect(sweep()).rejects.toThrow()
  await club.settle()
  expect(await club.role(hana)).toBe('premium')
  expect(await club.role(taro)).toBe('member')
  club.stripe.clearFaults()
  expect(await sweep()).toMatchObject({ differing: 1 })
  expect(await club.role(taro)).toBe('premium')
  for (const [, id] of unclaimed) await club.stripe.cancelSubscription(id, 'now')
})

test('roles that the shopkeeper changed reach everybody who holds anything, with the next start', async () => {
  await club.buy(hana, club.links.pass)
  await start()
  expect(await club.role(hana)).toBe('member')
  const [rung, asking] = [await events(), club.stripe.requests.length]
  await start()
  expect(await events()).toBe(rung)
  club.config.shop.roles = roles.map((role) =>
    role.id === 'member' ? { ...role, grants: [{ price: club.prices.member }] } : role,
  )
  await start()
  expect(await club.role(hana)).toBe('guest')
  expect(club.menu(hana)).toBe('ゲスト')
  expect(asked(asking)).toEqual([])
})

test('a shop that only now has roles finds who has long been paying, with the next start', async () => {
  await club.cookieOf(hana)
  const account = `line:${hana.userId}`
  const { person_id } = await club.store.db
    .selectFrom('accounts')
    .select('person_id')
    .where('id', '=', account)
    .executeTakeFirstOrThrow()
  const [[customer = ''] = []] = club.stripe.seedSubscribers(club.prices.member, 1)
  const { clock } = club.desk.post
  await club.store.transaction((tx) => linkCustomer(tx, customer, person_id, clock.now()))
  club.config.shop.roles = []
  await openDoors('rules', 'members')
  club.forward({ hours: 1 })
  club.config.shop.roles = roles
  await openDoors('rules')
  // Another process still runs on yesterday's shop file, and has nothing to look for.
  club.config.shop.roles = []
  await openDoors('members')
  club.config.shop.roles = roles
  await openDoors('members')
  expect(await club.role(hana)).toBe('member')
})

test('a shop that gives its roles up has no look at members that could be overdue', async () => {
  await openDoors('rules', 'members')
  expect(await dutiesKept()).toContain('members')
  club.config.shop.roles = []
  await openDoors('rules', 'members')
  expect(await dutiesKept()).not.toContain('members')
})

async function dutiesKept(): Promise<string[]> {
  const rows = await club.store.db.selectFrom('duties').select('name').execute()
  return rows.map(({ name }) => name)
}

/** As when a process starts: these of its duties that it has, in this order. */
async function openDoors(...names: string[]): Promise<void> {
  const parts = { store: club.store, clock: club.desk.post.clock, report: () => {} }
  const stop = new AbortController().signal
  for (const wanted of names)
    for (const duty of dutiesOf(club).filter(({ name }) => name === wanted))
      await doDuty(parts, duty, { atStart: true, stop })
  await club.settle()
}

test('a pass that the shop has cut short ends on its new day, though the role is the same today', async () => {
  await club.buy(hana, club.links.forever)
  await start()
  const [offer] = [club.links.forever]
  club.config.shop.roles = roles.map((role) =>
    role.id === 'premium' ? { ...role, grants: [{ offer, days: 90 }] } : role,
  )
  await start()
  expect(await club.role(hana)).toBe('premium')
  club.forward({ hours: 24 * 91 })
  await ringForDue(club.members)
  await club.settle()
  expect(await club.role(hana)).toBe('guest')
})

test('a menu that was redesigned is shown to everybody who has the role, and to who follows later', async () => {
  const taro = club.line.addUser({ name: '太郎', friend: true })
  for (const user of [hana, taro]) await club.join(user, club.links.member)
  await club.line.unfollow(taro.userId)
  await club.settle()
  club.config.shop.roles = roles.map((role) =>
    role.id === 'member' && role.menu ? { ...role, menu: { ...role.menu, bar: '新' } } : role,
  )
  await start()
  expect(club.menu(hana)).toBe('新')
  await club.line.follow(taro.userId)
  await club.settle()
  expect(club.menu(taro)).toBe('新')
  club.config.shop.roles = roles
  expect(await sweepSigns(club.signs)).toBeGreaterThan(1)
  await club.settle()
})

const unlink = ({ userId }: LineUser) =>
  fetch(`${club.line.url}/v2/bot/user/${userId}/richmenu`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${club.line.channelAccessToken}` },
  })

test('a menu that somebody took down at LINE is put up again', async () => {
  await club.join(hana, club.links.member)
  expect((await unlink(hana)).status).toBe(200)
  expect(club.menu(hana)).toBe('none')
  await sweepSigns(club.signs)
  await club.settle()
  expect(club.menu(hana)).toBe('会員')
})

test('those who have blocked the shop do not keep the others from being looked at', async () => {
  const blocked = club.line.addUser({ name: '太郎', friend: true })
  await club.join(blocked, club.links.member)
  await club.join(hana, club.links.member)
  await club.line.unfollow(blocked.userId)
  await club.settle()
  const long = { applied_at: '2020-01-01T00:00:00.000Z' }
  const theirs = `line:${blocked.userId}`
  await club.store.db.updateTable('signs').set(long).where('account_id', '=', theirs).execute()
  await sweepSigns(club.signs)
  const rung = await club.store.db
    .selectFrom('events')
    .select('id')
    .where('type', '=', 'noren.sign_look')
    .where('handled_at', 'is', null)
    .where('doorbell', 'like', `%${blocked.userId}%`)
    .execute()
  expect(rung).toEqual([])
})

test('ten thousand members are swept in one run, with a hundred questions', async () => {
  const members = 10_000
  const seeded = club.stripe.seedSubscribers(club.prices.member, members)
  await welcomeAll(seeded)
  const [[customer = '', changed = ''] = [], [, gone = ''] = []] = seeded
  club.stripe.hold()
  await club.stripe.changePrice(changed, club.prices.premium)
  await club.stripe.cancelSubscription(gone, 'now')
  const before = club.stripe.requests.length
  const began = performance.now()
  const swept: Swept = { listed: 0, differing: 0, unclaimed: [] }
  await sweepMembers(club.members, { id: 'all', swept })
  const seconds = (performance.now() - began) / 1000
  expect(swept.listed).toBeGreaterThanOrEqual(members - 1)
  expect(swept).toMatchObject({ differing: 2, unclaimed: [] })
  expect(asked(before).length).toBeLessThanOrEqual(105)
  // Three on two busy cores.
  expect(seconds).toBeLessThan(20)
  await club.settle()
  const { person_id } = await club.store.db
    .selectFrom('customers')
    .select('person_id')
    .where('id', '=', customer)
    .executeTakeFirstOrThrow()
  const member = club.store.db.selectFrom('memberships').select('role')
  expect(await member.where('person_id', '=', person_id).execute()).toEqual([{ role: 'premium' }])
})

function paidUntil(subscription: string): string {
  const [item] = club.stripe.subscription(subscription).items.data
  return new Date((item?.current_period_end ?? 0) * 1000).toISOString()
}

/** Writes them down as if each had been heard of when they joined. */
async function welcomeAll(seeded: readonly [customer: string, subscription: string][]) {
  const [first] = seeded
  const facts = await club.gateway.fetchCustomer(first?.[0] ?? '')
  const [told] = facts.subscriptions
  if (!told) throw new Error('nobody subscribes')
  const at = told.startedAt
  for (let from = 0; from < seeded.length; from += 500) {
    const page = seeded.slice(from, from + 500)
    const person = (customer: string) => `person-${customer}`
    const address = (index: number) =>
      `U${(0xabc00000 + from + index).toString(16).padStart(32, '0')}`
    await club.store.transaction(async (tx) => {
      await tx
        .insertInto('people')
        .values(page.map(([customer]) => ({ id: person(customer), created_at: at })))
        .execute()
      await tx
        .insertInto('accounts')
        .values(
          page.map(([customer], index) => ({
            id: `line:${address(index)}`,
            person_id: person(customer),
            channel: 'line' as const,
            address: address(index),
            friend: 0 as const,
          })),
        )
        .execute()
      await tx
        .insertInto('customers')
        .values(
          page.map(([id]) => ({
            id,
            person_id: person(id),
            linked_at: at,
            version: 1,
            deleted: 0,
          })),
        )
        .execute()
      await tx
        .insertInto('memberships')
        .values(
          page.map(([customer]) => ({ person_id: person(customer), role: 'member', since: at })),
        )
        .execute()
      await tx
        .insertInto('subscriptions')
        .values(
          page.map(([customer_id, id]) => ({
            id,
            customer_id,
            version: 1,
            status: told.status,
            currency: told.currency,
            items: JSON.stringify(told.items),
            started_at: at,
            period_end: paidUntil(id),
            invoice_unpaid: 0 as const,
            seen_at: at,
          })),
        )
        .execute()
    })
  }
}
