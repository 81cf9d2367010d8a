import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../server/noren.ts'
import { ringForNotes } from '../server/people/note-customer.ts'
import { sandboxEnv } from './sandbox/sandbox-env.ts'
import type { LineUser } from './sandbox/types.ts'
import { type HouseWithMail, openHouse, TEA } from './support/house.ts'
import { stripeSdk } from './support/stripe-sdk.ts'

const MONTHLY = {
  ...TEA,
  paymentMethods: ['card'] as 'card'[],
  recurring: { interval: 'month' } as const,
}
const GRACE = 301
/** Stripe's search says nothing of the last minute. */
const LAG = 61

let house: HouseWithMail
let link: string
let users = 0

beforeAll(async () => {
  house = await openHouse({ mail: true })
  link = house.stripe.addLink(MONTHLY).id
})
afterAll(() => house.close())

function noren(...words: string[]) {
  const { stripe, line, mail } = house
  const place = { database: house.databaseUrl, publicUrl: 'http://localhost:3000' }
  return runCommand(words, sandboxEnv({ stripe, line, mail }, place))
}
const found = async (wanted: string) => {
  const { said, code } = await noren('link', '--find', wanted, '--json')
  expect(code).toBe(0)
  return JSON.parse(said) as Record<string, unknown>[]
}

async function guestOfTheHouse(): Promise<LineUser> {
  const user = house.line.addUser({ name: `客${++users}`, friend: true })
  await house.logIn(user)
  return user
}

async function payer(email: string): Promise<string> {
  const session = house.stripe.visit(house.stripe.link(link)?.url ?? '')
  await house.stripe.payByCard(session, { email })
  await house.settleFor(GRACE)
  return String(house.stripe.session(session).customer)
}

const metadataOf = async (customer: string) => {
  const there = await stripeSdk(house.stripe).customers.retrieve(customer)
  return there.deleted ? null : there.metadata
}
const ownerOf = (customer: string) =>
  house.store.db
    .selectFrom('customers')
    .innerJoin('accounts', 'accounts.person_id', 'customers.person_id')
    .select('accounts.id')
    .where('customers.id', '=', customer)
    .orderBy('accounts.id')
    .execute()

test('a person looks for a customer by mail, links it, finds it by the LINE user, and takes it back', async () => {
  const user = await guestOfTheHouse()
  const customer = await payer('lost@example.com')
  // Another with the same address, whom our books do not know: only Stripe does.
  const stranger = await stripeSdk(house.stripe).customers.create({ email: 'lost@example.com' })
  const candidates = await found('lost@example.com')
  expect(candidates).toHaveLength(2)
  expect(candidates).toContainEqual(
    expect.objectContaining({
      ...{ customer, found: 'both', user: null, mail: 'l•••@example.com' },
      ...{ subscriptions: 1, orders: 1, merge: null },
    }),
  )
  expect(candidates).toContainEqual(
    expect.objectContaining({ customer: stranger.id, found: 'at Stripe', subscriptions: 0 }),
  )

  const linked = await noren('link', customer, user.userId)
  expect(linked).toMatchObject({ code: 0, said: expect.stringContaining('unlink merge_') })
  await house.settle()
  expect(await ownerOf(customer)).toEqual([
    { id: `line:${user.userId}` },
    { id: `mail:${customer}` },
  ])
  expect(await metadataOf(customer)).toMatchObject({ line_user_id: user.userId })
  expect((await noren('link', customer, user.userId)).said).toContain('already')

  // Our own table knows at once, Stripe's search a minute later.
  expect(await found(user.userId)).toMatchObject([{ customer, found: 'here' }])
  house.forward({ seconds: LAG })
  const [row] = await found(user.userId)
  expect(row).toMatchObject({ customer, found: 'both', user: user.userId, noted: user.userId })

  const other = await guestOfTheHouse()
  const refused = await noren('link', customer, other.userId)
  expect(refused).toMatchObject({ code: 1, said: expect.stringContaining('another user') })
  expect(await noren('unlink', String(row?.['merge']))).toMatchObject({ code: 0 })
  await house.settle()
  expect(await ownerOf(customer)).toEqual([{ id: `mail:${customer}` }])
  expect(await metadataOf(customer)).toEqual({})
  expect((await noren('unlink', String(row?.['merge']))).said).toContain('before')
})

test('a customer of whom no event ever came can be linked by hand, and so can one who was forgotten', async () => {
  const user = await guestOfTheHouse()
  const { id } = await stripeSdk(house.stripe).customers.create({ name: '名無し' })
  expect(await noren('link', id, user.userId)).toMatchObject({ code: 0 })
  await house.settle()
  expect(await ownerOf(id)).toEqual([{ id: `line:${user.userId}` }])
  expect(await noren('forget', id, '--yes')).toMatchObject({ code: 0 })
  await house.settle()
  expect(await ownerOf(id)).toEqual([])
  expect(await metadataOf(id)).toEqual({})
  const again = await guestOfTheHouse()
  expect(await noren('link', id, again.userId)).toMatchObject({ code: 0 })
})

test('a fresh mail goes to where Stripe writes, and to nobody who is in LINE already', async () => {
  const customer = await payer('again@example.com')
  const invites = () =>
    house.mail.box('again@example.com').filter(({ text }) => text.includes('/connect#'))
  expect(invites()).toHaveLength(1)
  expect(await noren('link', '--invite', customer)).toEqual({
    code: 0,
    said: 'A mail with a fresh link goes to a•••@example.com.',
  })
  await house.settle()
  expect(invites()).toHaveLength(2)
  // Of whom nobody has heard: they are made known by it, and get one mail all the same.
  const unheard = await stripeSdk(house.stripe).customers.create({ email: 'new@example.com' })
  expect(await noren('link', '--invite', unheard.id)).toMatchObject({ code: 0 })
  await house.settleFor(GRACE)
  expect(house.mail.box('new@example.com')).toHaveLength(1)
  const silent = await stripeSdk(house.stripe).customers.create({ name: '無口' })
  expect(await noren('link', '--invite', silent.id)).toMatchObject({
    ...{ code: 1, said: expect.stringContaining('no e-mail') },
  })
  // As their owner does it: out of the mail, into LINE.
  const [, token = ''] = /\/connect#([\w-]{43})/.exec(invites()[1]?.text ?? '') ?? []
  const cookie = await house.logIn(await guestOfTheHouse())
  expect(await house.api(cookie, 'POST', '/api/links/connect', { token })).toMatchObject({
    status: 200,
  })
  await house.settle()
  expect(await noren('link', '--invite', customer)).toMatchObject({
    ...{ code: 1, said: expect.stringContaining('already') },
  })
})

test.each([
  [['link', 'cus_x'], 2],
  [['link', 'nobody', `U${'0'.repeat(32)}`], 2],
  [['link', '--find', 'neither'], 2],
  [['link', '--invite', 'sub_1'], 2],
  [['link', 'cus_x', `U${'0'.repeat(32)}`], 1],
  [['link', '--invite', 'cus_unknown'], 1],
  [['unlink', 'merge_unknown'], 1],
])('%s is refused with a sentence', async (words, code) => {
  const answer = await noren(...words)
  expect(answer.code).toBe(code)
  expect(answer.said).toMatch(/[.:]/)
})

test('a key that may not write customers costs nobody their membership, is told once, and is tried again a day later', async () => {
  house.stripe.addFault({
    on: /^POST \/v1\/customers\/cus_/,
    times: Number.POSITIVE_INFINITY,
    status: 403,
    body: {
      error: {
        type: 'invalid_request_error',
        message: 'The provided key does not have the required permissions',
      },
    },
  })
  const refusals = () => house.logged.filter((line) => line.includes('may not note')).length
  const customers: string[] = []
  for (const user of [await guestOfTheHouse(), await guestOfTheHouse()]) {
    const session = await house.order(user, link)
    await house.stripe.payByCard(session)
    await house.settle()
    customers.push(String(house.stripe.session(session).customer))
    expect(await ownerOf(customers.at(-1) ?? '')).toEqual([{ id: `line:${user.userId}` }])
  }
  expect(refusals()).toBe(1)
  const { said } = await noren('status')
  expect(said).toContain('whose 2 customers are')
  house.stripe.clearFaults()
  const noted = async () =>
    (await Promise.all(customers.map(metadataOf))).filter((each) => each?.['line_user_id'])
  expect(await ringForNotes(house.desk.post)).toBe(0)
  house.forward({ hours: 25 })
  expect(await ringForNotes(house.desk.post)).toBe(1)
  await house.settle()
  expect(await noted()).toHaveLength(1)
  await ringForNotes(house.desk.post)
  await house.settle()
  expect(await noted()).toHaveLength(2)
  expect((await noren('status')).said).not.toContain('customers are')
})

test('what stands at Stripe about who was forgotten is taken back, though our key was refused at that time', async () => {
  const user = await guestOfTheHouse()
  const session = await house.order(user, link)
  await house.stripe.payByCard(session)
  await house.settle()
  const customer = String(house.stripe.session(session).customer)
  expect(await metadataOf(customer)).toMatchObject({ line_user_id: user.userId })
  house.stripe.addFault({
    on: /^POST \/v1\/customers\/cus_/,
    times: 1,
    status: 403,
    body: { error: { type: 'invalid_request_error', message: 'The provided key may not' } },
  })
  expect(await noren('forget', user.userId, '--yes')).toMatchObject({ code: 0 })
  await house.settle()
  expect(await metadataOf(customer)).toMatchObject({ line_user_id: user.userId })
  await house.settleFor(1_300)
  expect(await metadataOf(customer)).toEqual({})
})

test('a customer who can take no more notes is left as they are, and not tried again each hour', async () => {
  const user = await guestOfTheHouse()
  house.stripe.addFault({
    on: /^POST \/v1\/customers\/cus_/,
    times: Number.POSITIVE_INFINITY,
    status: 400,
    body: {
      error: {
        type: 'invalid_request_error',
        message: 'You cannot specify more than 50 metadata keys.',
      },
    },
  })
  const session = await house.order(user, link)
  await house.stripe.payByCard(session)
  await house.settle()
  house.forward({ hours: 25 })
  expect(await ringForNotes(house.desk.post)).toBe(0)
  const died = house.store.db.selectFrom('events').select('id').where('outcome', '=', 'dead')
  expect(await died.execute()).toEqual([])
  house.stripe.clearFaults()
})
