import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Furnished, furnish, systemClock } from '../server/furnish.ts'
import { openLog } from '../server/log.ts'
import { noteFriendship } from '../server/notifications/note-friendship.ts'
import { postDelivery } from '../server/notifications/post-delivery.ts'
import { claimOrder } from '../server/orders/claim-order.ts'
import { findOrder, updateOrder } from '../server/orders/orders.store.ts'
import { reconcileOrder } from '../server/orders/reconcile-order.ts'
import { askProfile } from '../server/people/ask-profile.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import { ensureAccount, findAccount, lineAccountId } from '../server/people/people.store.ts'
import { type House, openHouse, TEA } from './support/house.ts'

/** Several processes at one Postgres, all at the same row in the same moment. */
let house: House
let others: Furnished[]

beforeEach(async () => {
  house = await openHouse({ engine: 'postgres' })
  const log = openLog('silent')
  others = [1, 2, 3].map(() => furnish(house.config, systemClock, log))
})
afterEach(async () => {
  await Promise.all(others.map((each) => each.close()))
  await house.close()
})

const twenty = Array.from({ length: 20 }, (_, at) => at)
/** The processes take turns. */
function processAt(at: number): Furnished {
  const process = others[at % others.length]
  if (!process) throw new Error('no process')
  return process
}
const rows = async (table: 'people' | 'accounts' | 'orders' | 'order_items' | 'customers') =>
  (await house.store.db.selectFrom(table).selectAll().execute()).length

/** Paid, and no webhook has said so yet. */
async function quietOrder(buyer = house.hanako): Promise<string> {
  house.stripe.switchOffWebhooks()
  const session = await house.order(buyer, house.stripe.addLink(TEA).id)
  await house.stripe.payByCard(session)
  return session
}

test('twenty at once who hear of one new order make one order and one message', async () => {
  const session = await quietOrder()
  await Promise.all(
    twenty.map((at) => reconcileOrder(processAt(at).desk, session, { closed: true })),
  )
  await house.settle()
  expect(await rows('orders')).toBe(1)
  expect(await rows('order_items')).toBe(TEA.items.length)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
  expect(house.heard(house.staff)).toHaveLength(1)
})

test('twenty at once who hear of a refund tell it once, and the order keeps its newest state', async () => {
  const session = await quietOrder()
  await reconcileOrder(processAt(0).desk, session, { closed: true })
  await house.stripe.refund(session, 500)
  await Promise.all(twenty.map((at) => reconcileOrder(processAt(at).desk, session)))
  await house.stripe.refund(session)
  await Promise.all(twenty.map((at) => reconcileOrder(processAt(at).desk, session)))
  await house.settleFor(60)
  const order = await house.store.db.selectFrom('orders').selectAll().executeTakeFirstOrThrow()
  expect(order).toMatchObject({ status: 'refunded', version: 3 })
  expect(house.heard(house.hanako.userId)).toHaveLength(3)
})

test('who read an order before somebody else wrote it does not overwrite what is newer', async () => {
  const session = await quietOrder()
  const facts = await house.gateway.fetchCheckout(session)
  const before = await reconcileOrder(processAt(0).desk, session, { closed: true })
  if (!facts || !before) throw new Error('no order')
  const newer = { ...facts, refunds: [{ id: 're_1', amount: 500, createdAt: facts.createdAt }] }
  const write = (seen: typeof facts) =>
    house.store.transaction((tx) => updateOrder(tx, before, seen, 'partially_refunded'))
  expect(await write(newer)).toMatchObject({ version: before.version + 1, refunded: 500 })
  expect(await write({ ...facts, locale: 'th' })).toBe('stale')
  expect(await findOrder(house.store.db, session)).toMatchObject({ refunded: 500 })
})

test('twenty at once who meet a new buyer make one person of him', async () => {
  const userId = house.line.addUser({ name: '太郎', friend: true }).userId
  const accounts = await Promise.all(
    twenty.map((at) =>
      processAt(at).store.transaction((tx) => ensureAccount(tx, userId, new Date())),
    ),
  )
  expect(new Set(accounts.map((account) => account.person_id)).size).toBe(1)
  expect(await rows('accounts')).toBe(1)
  expect(await rows('people')).toBe(1)
})

test('a buyer who logs in on many screens at once is one person, and stays logged in on all', async () => {
  const cookies = await Promise.all(twenty.map(() => house.logIn(house.hanako)))
  const me = await Promise.all(cookies.map((cookie) => house.api(cookie, 'GET', '/api/me')))
  expect(me.map(({ status }) => status)).toEqual(twenty.map(() => 200))
  expect(await rows('people')).toBe(1)
})

test('of twenty who claim one order at once it goes to one, and only he is told', async () => {
  house.stripe.switchOffWebhooks()
  const session = await house.stripe.visit(house.stripe.addLink(TEA).url)
  await house.stripe.payByCard(session)
  const people = await Promise.all(
    twenty.map(async (at) => {
      const user = house.line.addUser({ name: `客 ${at}`, friend: true })
      const account = await house.store.transaction((tx) =>
        ensureAccount(tx, user.userId, new Date()),
      )
      return { user, session: { accountId: account.id, personId: account.person_id } }
    }),
  )
  const claims = await Promise.all(
    people.map((person, at) => claimOrder(processAt(at).desk, session, person.session)),
  )
  expect(claims.filter((claim) => claim !== 'taken')).toHaveLength(1)
  await house.settle()
  const told = people.filter(({ user }) => house.heard(user.userId).length > 0)
  expect(told.map((person) => person.session.accountId)).toEqual(
    claims.flatMap((claim) => (typeof claim === 'string' ? [] : [claim.account_id])),
  )
  expect(await rows('customers')).toBeLessThanOrEqual(1)
})

test('follows and unfollows in any order at once end with what LINE said last', async () => {
  const { userId } = house.hanako
  const start = Date.now()
  for (let round = 0; round < 5; round++) {
    const last = round % 2 === 0 ? 1 : 0
    await Promise.all(
      twenty.map((at) => {
        const friend = at === 19 ? last : ((at % 2) as 0 | 1)
        const rang = { from: 'line', userId, at: start + round * 100 + at, active: true } as const
        return noteFriendship({ ...processAt(at), clock: systemClock }, rang, friend)
      }),
    )
    const account = await findAccount(house.store.db, lineAccountId(userId))
    expect(account).toMatchObject({ friend: last, friend_event_at: start + round * 100 + 19 })
  }
})

test('a follow that comes while LINE is asked whether we can reach somebody is not forgotten', async () => {
  const { userId } = house.hanako
  const account = await house.store.transaction((tx) => ensureAccount(tx, userId, new Date()))
  for (let round = 1; round <= 5; round++) {
    const known = (await findAccount(house.store.db, account.id)) ?? account
    const channel = { profile: async () => null } as never
    const rang = { from: 'line', userId, at: Date.now() + round * 1_000, active: true } as const
    await Promise.all([
      ...twenty
        .slice(0, 6)
        .map((at) =>
          askProfile(
            { store: processAt(at).store, channel, clock: systemClock },
            known,
            async () => {},
          ),
        ),
      noteFriendship({ ...processAt(round), clock: systemClock }, rang, 1),
    ])
    expect(await findAccount(house.store.db, account.id)).toMatchObject({ friend: 1 })
  }
})

test('nothing of a person stays behind who is forgotten in the moment of a refund', async () => {
  const session = await quietOrder()
  const { userId } = house.hanako
  const [writing, forgetting] = [processAt(0), processAt(1)]
  await reconcileOrder(writing.desk, session, { closed: true })
  await house.settle()
  const books = { store: forgetting.store, clock: systemClock }
  let forgotten: Promise<unknown> = Promise.resolve()
  await writing.store.transaction(async (tx) => {
    const refund = tx.updateTable('orders').set({ status: 'refunded', version: 2 })
    await refund.where('id', '=', session).execute()
    forgotten = forgetPerson(books, userId)
    await vi.waitUntil(() => isSomebodyWaiting())
    await postDelivery(writing.desk.post, tx, {
      subject: 're_1',
      kind: 'refunded',
      account_id: lineAccountId(userId),
      order_id: session,
      body: '[]',
      created_at: new Date().toISOString(),
      cause: null,
    })
  })
  await forgotten
  const left = await house.store.db.selectFrom('deliveries').selectAll().execute()
  expect(JSON.stringify(left)).not.toContain(userId)
  await house.settle()
  expect(house.heard(userId)).toHaveLength(1)
})

test('who is forgotten while Stripe is asked about their order is not made anew by the answer', async () => {
  const session = await quietOrder()
  const { userId } = house.hanako
  const { desk } = processAt(0)
  await reconcileOrder(desk, session, { closed: true })
  await house.stripe.refund(session, 500)
  const books = { store: house.store, clock: systemClock }
  let forgotten: Promise<unknown> | null = null
  const stripe = {
    ...desk.stripe,
    async fetchCheckout(id: string) {
      const facts = await desk.stripe.fetchCheckout(id)
      forgotten ??= forgetPerson(books, userId)
      await forgotten
      return facts
    },
  }
  await reconcileOrder({ ...desk, stripe }, session, { closed: true })
  expect(await findOrder(house.store.db, session)).toMatchObject({ refunded: 500 })
  expect(await rows('accounts')).toBe(0)
  expect(await rows('people')).toBe(0)
})

async function isSomebodyWaiting(): Promise<boolean> {
  const { rows } = await sql<{ waiting: number }>`
    select count(*) as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(house.store.db)
  return (rows[0]?.waiting ?? 0) > 0
}
