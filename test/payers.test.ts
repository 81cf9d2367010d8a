import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addEndpoint } from '../server/integrations/add-endpoint.ts'
import { deleteEndpoint } from '../server/integrations/endpoints.store.ts'
import { disableEndpoint } from '../server/integrations/switch-endpoint.ts'
import { sweepMembers } from '../server/memberships/sweep-members.ts'
import { backfillOrders } from '../server/orders/backfill-orders.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import { createHandler } from '../server/reactions.ts'
import { sealReference } from '../shared/reference.ts'
import { type Club, openClub } from './support/club.ts'
import { invitesIn, usePaperMail } from './support/paper-mail.ts'
import { runHere } from './support/run-noren.ts'
import { stripeSdk } from './support/stripe-sdk.ts'

let club: Club
let stripe: Stripe
let typed = 0

beforeAll(async () => {
  club = await openClub()
  usePaperMail(club)
  stripe = stripeSdk(club.stripe)
})
afterAll(() => club.close())

const mailbox = () => `payer-${++typed}@example.com`
/** Whoever is met, is met after the grace; and invited after the time in which they could come by themselves. */
const GRACE = 301

const personOf = (customer: string) =>
  club.store.db
    .selectFrom('customers')
    .select('person_id')
    .where('id', '=', customer)
    .executeTakeFirst()
const accountsOf = (person: string | undefined) =>
  club.store.db
    .selectFrom('accounts')
    .selectAll()
    .where('person_id', '=', person ?? '')
    .execute()
const invitesTo = async (address: string) => {
  const boxes = await club.store.db
    .selectFrom('accounts')
    .select('id')
    .where('address', '=', address)
    .execute()
  return (await invitesIn(club)).filter(({ account }) => boxes.some(({ id }) => id === account))
}
const roleOf = async (person: string | undefined) =>
  (
    await club.store.db
      .selectFrom('memberships')
      .select('role')
      .where('person_id', '=', person ?? '')
      .executeTakeFirst()
  )?.role ?? 'guest'
const orderOf = (id: string) =>
  club.store.db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** As from a poster: the link's own address, with whatever somebody has written behind it. */
async function pay(link: string, email: string, reference?: string): Promise<string> {
  const url = new URL(club.stripe.link(link)?.url ?? '')
  if (reference) url.searchParams.set('client_reference_id', reference)
  const session = club.stripe.visit(url.href)
  await club.stripe.payByCard(session, { email })
  await club.settle()
  return session
}

function sealed(userId: string): string {
  const issuedAt = Math.floor(Date.now() / 1_000)
  return sealReference(
    { userId, source: 'poster', issuedAt },
    club.config.referenceSecrets[0] ?? '',
  )
}

test('who subscribes from a poster is a member at once, by a mailbox, and gets one mail with the way into LINE', async () => {
  const email = mailbox()
  const session = await pay(club.links.member, email)
  const customer = String(club.stripe.session(session).customer)
  const person = (await personOf(customer))?.person_id
  expect(await accountsOf(person)).toMatchObject([
    { id: `mail:${customer}`, channel: 'mail', address: email, verified_at: null },
  ])
  expect(await orderOf(session)).toMatchObject({
    ...{ ownership: 'payer', person_id: person, account_id: `mail:${customer}` },
  })
  expect(await roleOf(person)).toBe('member')
  expect(await invitesTo(email)).toEqual([])
  await club.settleFor(GRACE)
  const [invite, ...more] = await invitesTo(email)
  expect(more).toEqual([])
  expect(invite?.message).toMatchObject({
    ...{ kind: 'invite', language: 'ja', name: '山田 花子' },
    plan: { name: 'のれん会員', amount: 500, interval: 'month' },
  })
  const [address = '', token = ''] = invite?.message.links.connect.split('#') ?? []
  expect(address).toBe(`https://liff.line.me/${club.config.liff.id}/connect`)
  expect(Buffer.from(token, 'base64url')).toHaveLength(32)
})

test('a guest of whom Stripe keeps no customer owns what they bought by the mailbox they typed', async () => {
  const email = mailbox()
  const session = await pay(club.links.pass, email)
  expect(club.stripe.session(session).customer).toBeNull()
  const order = await orderOf(session)
  expect(order).toMatchObject({ ownership: 'payer', account_id: `mail:${session}` })
  expect(await roleOf(order.person_id ?? '')).toBe('member')
  await club.settleFor(GRACE)
  expect(await invitesTo(email)).toHaveLength(1)
})

test('a subscription that the shop makes in Stripe’s dashboard makes its customer a member, after the grace', async () => {
  const email = mailbox()
  const { id } = await stripe.customers.create({ email, name: '電話の客' })
  await stripe.subscriptions.create({ customer: id, items: [{ price: club.prices.premium }] })
  await club.settle()
  expect(await personOf(id)).toBeUndefined()
  await club.settleFor(GRACE + 130)
  const person = (await personOf(id))?.person_id
  expect(await roleOf(person)).toBe('premium')
  expect(await invitesTo(email)).toMatchObject([
    { message: { name: '電話の客', plan: { name: 'のれん特別会員' } } },
  ])
})

test('a customer who buys nothing of ours is nobody, unless the shop wants everybody', async () => {
  const [stranger, all] = [mailbox(), mailbox()]
  const { id } = await stripe.customers.create({ email: stranger })
  await club.settleFor(GRACE)
  expect(await personOf(id)).toBeUndefined()
  club.config.shop.payers = 'everybody'
  const known = await stripe.customers.create({ email: all, preferred_locales: ['th'] })
  await club.settleFor(GRACE + 130)
  club.config.shop.payers = 'buyers'
  expect(await accountsOf((await personOf(known.id))?.person_id)).toMatchObject([
    { address: all, language: 'th' },
  ])
  expect(await invitesTo(all)).toMatchObject([{ message: { language: 'th', plan: null } }])
})

test('with a sealed reference nobody is made and nobody is invited, in whatever order Stripe tells of it', async () => {
  const user = club.line.addUser({ name: '封', friend: true })
  for (const reorder of [(all: Stripe.Event[]) => all, (all: Stripe.Event[]) => all.toReversed()]) {
    const email = mailbox()
    club.stripe.hold()
    const url = new URL(club.stripe.link(club.links.member)?.url ?? '')
    url.searchParams.set('client_reference_id', sealed(user.userId))
    const session = club.stripe.visit(url.href)
    await club.stripe.payByCard(session, { email })
    await club.stripe.release(reorder)
    await club.settleFor(GRACE)
    const customer = String(club.stripe.session(session).customer)
    const accounts = await accountsOf((await personOf(customer))?.person_id)
    expect(accounts.filter(({ channel }) => channel === 'line')).toMatchObject([
      { id: `line:${user.userId}` },
    ])
    expect(await invitesTo(email)).toEqual([])
  }
})

test('a sealed reference is found by looking, where the word of its checkout never came', async () => {
  const user = club.line.addUser({ name: '探', friend: true })
  const email = mailbox()
  club.stripe.hold()
  const url = new URL(club.stripe.link(club.links.member)?.url ?? '')
  url.searchParams.set('client_reference_id', sealed(user.userId))
  const session = club.stripe.visit(url.href)
  await club.stripe.payByCard(session, { email })
  await club.stripe.release((events) =>
    events.filter(({ type }) => type === 'customer.subscription.created'),
  )
  await club.settle()
  expect(await club.role(user)).toBe('guest')
  await club.settleFor(GRACE)
  expect(await club.role(user)).toBe('member')
  expect(await invitesTo(email)).toEqual([])
})

test('a bare id gets its summary, and the customer behind it a mail of their own', async () => {
  const user = club.line.addUser({ name: '裸', friend: true })
  const email = mailbox()
  const session = await pay(club.links.member, email, user.userId)
  const customer = String(club.stripe.session(session).customer)
  expect(await orderOf(session)).toMatchObject({
    ...{ ownership: 'bare', account_id: `line:${user.userId}` },
  })
  expect(club.heard(user.userId)).toHaveLength(1)
  const person = (await personOf(customer))?.person_id
  expect(person).not.toBe((await orderOf(session)).person_id)
  expect(await roleOf(person)).toBe('member')
  expect(await club.role(user)).toBe('guest')
  await club.settleFor(GRACE)
  expect(await invitesTo(email)).toHaveLength(1)
})

test('an order with a forged reference stays nobody’s, though its payer is met by mail', async () => {
  const email = mailbox()
  const session = await pay(club.links.member, email, 'U_forged_by_somebody')
  expect(await orderOf(session)).toMatchObject({ ownership: null, account_id: null })
  await club.settleFor(GRACE)
  expect(await invitesTo(email)).toHaveLength(1)
})

test('an abandoned page makes nobody', async () => {
  const people = async () => (await club.store.db.selectFrom('people').selectAll().execute()).length
  const before = await people()
  await club.stripe.expire(club.stripe.visit(club.stripe.link(club.links.tea)?.url ?? ''))
  await club.settleFor(GRACE)
  expect(await people()).toBe(before)
})

test('a corrected address is invited anew, and what went to the old one opens nothing', async () => {
  const [wrong, right] = [mailbox(), mailbox()]
  const session = await pay(club.links.member, wrong)
  await club.settleFor(GRACE)
  const customer = String(club.stripe.session(session).customer)
  await stripe.customers.update(customer, { email: right })
  await club.settle()
  const boxes = await accountsOf((await personOf(customer))?.person_id)
  expect(boxes).toMatchObject([{ id: `mail:${customer}`, address: right }])
  // By the mailbox's present address: one mail to the old one, one to the new.
  expect(await invitesTo(right)).toHaveLength(2)
  const links = club.store.db
    .selectFrom('links')
    .selectAll()
    .where('account_id', '=', `mail:${customer}`)
  expect(await links.execute()).toHaveLength(1)
})

test('who has no address at Stripe is a member all the same, and is invited as soon as there is one', async () => {
  const { id } = await stripe.customers.create({ name: '無名' })
  await stripe.subscriptions.create({ customer: id, items: [{ price: club.prices.member }] })
  await club.settle()
  await club.settleFor(GRACE)
  const person = (await personOf(id))?.person_id
  expect(await roleOf(person)).toBe('member')
  expect(await accountsOf(person)).toEqual([])
  const told = club.store.db
    .selectFrom('deliveries')
    .select('kind')
    .where('subject', '=', `no_mail:${id}`)
  expect(await told.execute()).toContainEqual({ kind: 'staff_person' })
  const email = mailbox()
  await stripe.customers.update(id, { email })
  await club.settle()
  expect(await invitesTo(email)).toHaveLength(1)
})

test('who has no address and is forgotten is in no webhook any more either', async () => {
  const { outbound, post } = club.outbound
  const heard = await addEndpoint(
    { ...post, outbound },
    { url: 'https://hooks.example.com/', id: 'crm' },
  )
  await disableEndpoint(post, heard.id)
  const { id } = await stripe.customers.create({ name: '無名' })
  await stripe.subscriptions.create({ customer: id, items: [{ price: club.prices.member }] })
  await club.settle()
  await club.settleFor(GRACE)
  const told = async () => {
    const messages = await club.store.db.selectFrom('outbound_messages').selectAll().execute()
    return JSON.stringify(messages)
  }
  const person = (await personOf(id))?.person_id ?? ''
  expect(await told()).toContain(person)
  await forgetPerson(post, id)
  expect((await told()).replaceAll(/"(object|cause)":"[^"]*"/g, '')).not.toContain(person)
  await club.store.transaction((tx) => deleteEndpoint(tx, heard.id))
})

test('other systems hear who became whom, and that it was taken back', async () => {
  const { outbound, post } = club.outbound
  const heard = await addEndpoint(
    { ...post, outbound },
    { url: 'https://hooks.example.com/', id: 'sheet', events: ['person.linked'] },
  )
  await disableEndpoint(post, heard.id)
  const { id } = await stripe.customers.create({ name: '先払い', email: mailbox() })
  await stripe.subscriptions.create({ customer: id, items: [{ price: club.prices.member }] })
  await club.settle()
  await club.settleFor(GRACE)
  const payer = (await personOf(id))?.person_id
  const kaori = club.line.addUser({ name: '香', friend: true, language: 'ja' })
  await club.logIn(kaori)
  const { person_id: person } = await club.store.db
    .selectFrom('accounts')
    .select('person_id')
    .where('address', '=', kaori.userId)
    .executeTakeFirstOrThrow()
  await runHere(club, 'link', id, kaori.userId)
  const { id: merge } = await club.store.db
    .selectFrom('merges')
    .select('id')
    .where('into_person', '=', person)
    .executeTakeFirstOrThrow()
  await runHere(club, 'unlink', merge)
  const messages = await club.store.db
    .selectFrom('outbound_messages')
    .select('payload')
    .orderBy('id')
    .execute()
  const told = messages.map(({ payload }) => JSON.parse(payload || '{}').data)
  expect(told.filter((data) => data?.was)).toMatchObject([
    { person: { id: person }, was: payer, customers: [id], how: 'hand' },
    { person: { id: payer }, was: person, customers: [id], how: 'undone' },
  ])
  await club.store.transaction((tx) => deleteEndpoint(tx, heard.id))
})

test('what no webhook told is found by the daily look, and who began is met', async () => {
  const email = mailbox()
  const [[customer = ''] = []] = club.stripe.seedSubscribers(club.prices.member, 1)
  await stripe.customers.update(customer, { email })
  await club.settle()
  expect(await personOf(customer)).toBeUndefined()
  const swept = { listed: 0, differing: 0, unclaimed: [] }
  await sweepMembers(club.members, { id: 'today', swept })
  await club.settleFor(130)
  expect(await roleOf((await personOf(customer))?.person_id)).toBe('member')
  expect(await invitesTo(email)).toHaveLength(1)
})

test('whoever subscribed before the house was opened is met, and the sale of that day is no news', async () => {
  const young = await openClub()
  usePaperMail(young)
  const email = mailbox()
  young.stripe.hold()
  const session = young.stripe.visit(young.stripe.link(young.links.member)?.url ?? '')
  await young.stripe.payByCard(session, { email })
  await young.stripe.release(() => [])
  young.forward({ hours: 24 * 5 })
  const customer = String(young.stripe.session(session).customer)
  // The first that this house hears of Stripe.
  await young.stripe.advance(customer, { months: 1 })
  await young.settle()
  await young.settleFor(GRACE + 130)
  const { db } = young.store
  expect(await db.selectFrom('orders').select('id').execute()).toEqual([])
  const kinds = await db.selectFrom('deliveries').select('kind').execute()
  expect(kinds.filter(({ kind }) => kind.startsWith('staff'))).toEqual([])
  expect(kinds).toContainEqual({ kind: 'invite' })
  expect(await db.selectFrom('memberships').select('role').execute()).toEqual([{ role: 'member' }])
  await young.close()
})

test('who subscribes to nothing of ours costs one look, however often Stripe tells of them', async () => {
  const { id } = await stripe.customers.create({ email: mailbox() })
  const price = String(club.stripe.soldBy(club.links.box)[0]?.price)
  const { requests } = club.stripe
  const before = requests.length
  await stripe.subscriptions.create({ customer: id, items: [{ price }] })
  for (let month = 0; month < 3; month++) {
    await club.settleFor(GRACE)
    await club.stripe.advance(id, { months: 1 })
  }
  await club.settleFor(GRACE)
  const asked = () => requests.slice(before).filter((each) => each.startsWith('GET'))
  const looked = asked()
  expect(looked).toEqual([
    'GET /v1/subscriptions',
    'GET /v1/entitlements/active_entitlements',
    // Its name, once for all who have it.
    expect.stringContaining('GET /v1/products/'),
  ])
  expect(await personOf(id)).toBeUndefined()
  // Where no role can be had, no subscription is worth a question.
  const { roles } = club.config.shop
  club.config.shop.roles = []
  await stripe.subscriptions.create({ customer: id, items: [{ price }] })
  await club.settleFor(GRACE)
  club.config.shop.roles = roles ?? []
  expect(asked()).toEqual(looked)
})

test('events that never came are looked for: of strangers, only those that begin something', async () => {
  const email = mailbox()
  const { id } = await stripe.customers.create({ email })
  club.stripe.hold()
  await stripe.subscriptions.create({ customer: id, items: [{ price: club.prices.member }] })
  const types = ['customer.subscription.created', 'invoice.paid']
  const turn = { bookmark: null, keep: async () => {}, stop: new AbortController().signal }
  await backfillOrders({ desk: club.desk, wanted: [{ types }] }, { ...turn, atStart: true })
  const found = await club.store.db
    .selectFrom('events')
    .select('type')
    .where('doorbell', 'like', `%${id}%`)
    .where('source', '=', 'stripe')
    .where('type', 'in', types)
    .execute()
  expect(found).toEqual([{ type: 'customer.subscription.created' }])
  await club.store.drain(createHandler(club.house))
  club.forward({ seconds: GRACE })
  await club.store.drain(createHandler(club.house))
  expect(await roleOf((await personOf(id))?.person_id)).toBe('member')
  await club.stripe.release()
})

test('a shop that wants none of it keeps to its own: nobody is made, nobody is written to', async () => {
  const people = async () => (await club.store.db.selectFrom('people').selectAll().execute()).length
  const before = await people()
  club.config.shop.payers = 'nobody'
  const session = await pay(club.links.member, mailbox())
  await club.settleFor(GRACE)
  club.config.shop.payers = 'buyers'
  expect(await people()).toBe(before)
  expect(await orderOf(session)).toMatchObject({ ownership: null, person_id: null })
})
