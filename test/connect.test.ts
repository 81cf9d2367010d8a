import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sweepMembers } from '../server/memberships/sweep-members.ts'
import { bringDueByMail } from '../server/notifications/bring-due-by-mail.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import { makeConnectLink, makeLink } from '../server/people/one-time-links.ts'
import { optedOut, optOut } from '../server/people/opt-outs.store.ts'
import { undoMerge } from '../server/people/undo-merge.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'
import { invitesIn, tokenOf, usePaperMail } from './support/paper-mail.ts'
import { stripeSdk } from './support/stripe-sdk.ts'

let club: Club
let user: LineUser
let typed = 0
/** Each test comes from an address of its own: only so many tries a minute come from one. */
let address = 0
const GRACE = 301
const books = () => club.desk.post

beforeAll(async () => {
  club = await openClub()
  usePaperMail(club)
})
beforeEach(() => {
  address += 1
  user = club.line.addUser({ name: '花', friend: true })
})
afterAll(() => club.close())

/** Pays from a poster, and waits for the mail. */
async function payFirst(link = club.links.member) {
  const [email, name] = [`hana-${++typed}@example.com`, `花の客${typed}`]
  const session = club.stripe.visit(club.stripe.link(link)?.url ?? '')
  await club.stripe.payByCard(session, { email, name })
  await club.settle()
  await club.settleFor(GRACE)
  const told = String(club.stripe.session(session).customer ?? session)
  return { session, email, name, customer: told, token: await newestTo(told) }
}

async function newestTo(told: string): Promise<string> {
  const [newest] = (await invitesIn(club))
    .filter(({ account }) => account === `mail:${told}`)
    .reverse()
  return newest ? tokenOf(newest) : ''
}

type Asks = { as?: LineUser | undefined; cookie?: string }
async function post(
  door: '' | '/look' | '/renew',
  token: string,
  { as = user, cookie }: Asks = {},
) {
  const answer = await fetch(`${club.url}/api/links/connect${door}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': `10.1.0.${address}`,
      cookie: cookie ?? (await club.cookieOf(as)),
    },
    body: JSON.stringify({ token }),
  })
  const { error, ...told } = (await answer.json()) as { error?: { code: string } }
  return { status: answer.status, code: error?.code, told }
}
const look = (token: string, asks?: Asks) => post('/look', token, asks)
const connect = async (token: string, asks?: Asks) => {
  const answer = await post('', token, asks)
  await club.settle()
  return answer
}

const rows = (table: 'orders' | 'customers' | 'accounts', id: string) =>
  club.store.db.selectFrom(table).select('person_id').where('id', '=', id).execute()
async function ownerOf(table: 'orders' | 'customers' | 'accounts', id: string) {
  return (await rows(table, id))[0]?.person_id
}
const personOf = (one: LineUser) => ownerOf('accounts', `line:${one.userId}`)
const merges = () => club.store.db.selectFrom('merges').selectAll().orderBy('at').execute()

test('shows what would be theirs without using anything up, and makes them one by one button', async () => {
  const { token, email, name, customer, session } = await payFirst()
  for (let times = 0; times < 2; times++)
    expect(await look(token)).toEqual({
      status: 200,
      code: undefined,
      told: {
        mail: `h•••${email.slice(email.indexOf('@'))}`,
        name,
        plans: ['のれん会員'],
        orders: [],
        connected: false,
      },
    })
  expect(await club.role(user)).toBe('guest')
  expect(await connect(token)).toMatchObject({ status: 200, told: { person: { name: '花' } } })
  expect(await club.role(user)).toBe('member')
  // Their mailbox has been welcomed: the menu is news, and the words are none.
  expect(await club.told(user)).toEqual([])
  expect(club.menu(user)).toBe('会員')
  const person = await personOf(user)
  expect(await ownerOf('customers', customer)).toBe(person)
  expect(await ownerOf('orders', session)).toBe(person)
  const box = club.store.db.selectFrom('accounts').selectAll().where('id', '=', `mail:${customer}`)
  const { verified_at } = await box.executeTakeFirstOrThrow()
  expect(verified_at).not.toBeNull()
  // Once more, by the one who did it: it is done, and nothing else happens.
  expect(await look(token)).toMatchObject({ status: 200, told: { connected: true } })
  expect(await connect(token)).toMatchObject({ status: 200 })
  expect((await merges()).filter(({ into_person }) => into_person === person)).toHaveLength(1)
})

test('a guest’s purchase comes along, and keeps what it gives', async () => {
  const { token, session } = await payFirst(club.links.pass)
  expect(await look(token)).toMatchObject({ told: { plans: [], orders: ['30日パス'] } })
  await connect(token)
  expect(await club.role(user)).toBe('member')
  const { body } = await club.api(await club.cookieOf(user), 'GET', `/api/orders/${session}`)
  expect(body).toMatchObject({ order: { id: session } })
})

test('Stripe’s dashboard finds the customer by the LINE user from then on, and no longer when it is undone', async () => {
  const { token, customer } = await payFirst()
  const metadata = async () => {
    const found = await stripeSdk(club.stripe).customers.retrieve(customer)
    return found.deleted ? null : found.metadata
  }
  expect(await metadata()).toEqual({})
  await connect(token)
  const noted = { line_user_id: user.userId, noren_person: await personOf(user) }
  expect(await metadata()).toEqual(noted)
  const [merge] = (await merges()).reverse()
  await undoMerge(books(), merge?.id ?? '')
  await club.settle()
  expect(await metadata()).toEqual({})
})

test.each([
  ['nobody has made', async () => 'x'.repeat(43), 404, 'link_unknown'],
  ['is for a computer’s browser', madeForEntering, 409, 'link_other_kind'],
  ['was used by somebody else', spentByAnother, 409, 'already_connected'],
  ['was mailed to an address that is not theirs any more', sentElsewhere, 404, 'link_unknown'],
])('a link that %s connects nobody', async (_, make, status, code) => {
  const token = await make()
  for (const door of [look, connect]) {
    const answer = await door(token)
    if (code === 'already_connected') expect([409, 410]).toContain(answer.status)
    else expect(answer).toMatchObject({ status, code })
  }
  expect(await club.role(user)).toBe('guest')
})

async function madeForEntering(): Promise<string> {
  await club.cookieOf(user)
  return (await makeLink(books(), `line:${user.userId}`)) ?? ''
}
async function spentByAnother(): Promise<string> {
  const { token } = await payFirst()
  await connect(token, { as: club.line.addUser({ name: '別' }) })
  return token
}
async function sentElsewhere(): Promise<string> {
  const { token, customer } = await payFirst()
  await stripeSdk(club.stripe).customers.update(customer, { email: 'corrected@example.com' })
  await club.settle()
  expect(await newestTo(customer)).not.toBe(token)
  return token
}

test('a link for a mail lets nobody in from a computer, and a session made by a link connects nothing', async () => {
  const { token } = await payFirst()
  const entered = await club.api('', 'POST', '/api/links/spend', { token })
  expect(entered).toMatchObject({ status: 409, body: { error: { code: 'link_other_kind' } } })
  expect(entered.headers.getSetCookie()).toEqual([])
  const way = await makeLink(books(), await accountOf(user))
  const { headers } = await club.api('', 'POST', '/api/links/spend', { token: way })
  const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
  expect(await connect(token, { cookie })).toMatchObject({ status: 401, code: 'unauthorized' })
  expect(await connect(token, { cookie: '' })).toMatchObject({ status: 401 })
  expect(await club.role(user)).toBe('guest')
})
async function accountOf(one: LineUser): Promise<string> {
  await club.cookieOf(one)
  return `line:${one.userId}`
}

test('two who open one mail at the same moment: one gets what was paid, the other nothing', async () => {
  const { token, customer } = await payFirst()
  const other = club.line.addUser({ name: '別' })
  for (const one of [user, other]) await club.cookieOf(one)
  const answers = await Promise.all([post('', token), post('', token, { as: other })])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, expect.any(Number)])
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  await club.settle()
  expect([await personOf(user), await personOf(other)]).toContain(
    await ownerOf('customers', customer),
  )
})

test('a link is good for 14 days; after that a new one goes to the same mailbox, once a day', async () => {
  const apart = club
  const { token, customer } = await payFirst()
  apart.forward({ hours: 24 * 14 + 1 })
  const again = await club.logIn(user)
  expect(await look(token, { cookie: again })).toMatchObject({ status: 410, code: 'link_expired' })
  for (let times = 0; times < 3; times++)
    expect(await post('/renew', token, { cookie: again })).toMatchObject({
      ...{ status: 200, told: { mail: expect.stringMatching(/^h•••@/) } },
    })
  await club.settleFor(1)
  const mails = (await invitesIn(club)).filter(({ account }) => account === `mail:${customer}`)
  expect(mails).toHaveLength(2)
  expect(await connect(await newestTo(customer), { cookie: again })).toMatchObject({ status: 200 })
  expect(await club.role(user)).toBe('member')
})

test('whoever claims the payment on the way back is its payer, mail and all', async () => {
  const session = club.stripe.visit(club.stripe.link(club.links.member)?.url ?? '')
  await club.stripe.payByCard(session, { email: 'claimed@example.com' })
  await club.settle()
  const cookie = await club.logIn(user)
  const claimed = await club.api(cookie, 'POST', '/api/orders/claim', { session })
  expect(claimed).toMatchObject({ status: 200, body: { order: { id: session } } })
  await club.settleFor(GRACE)
  expect(await club.role(user)).toBe('member')
  const customer = String(club.stripe.session(session).customer)
  expect(await newestTo(customer)).toBe('')
  const other = await club.logIn(club.line.addUser({ name: '別' }))
  expect(await club.api(other, 'POST', '/api/orders/claim', { session })).toMatchObject({
    ...{ status: 409, body: { error: { code: 'already_claimed' } } },
  })
})

test('a mail that went to a stranger shows them nothing of who has the payment in LINE by then', async () => {
  const { token, session } = await payFirst()
  const buyer = club.line.addUser({ name: '主' })
  const cookie = await club.logIn(buyer)
  await club.buy(buyer, club.links.tea)
  expect(await club.api(cookie, 'POST', '/api/orders/claim', { session })).toMatchObject({
    status: 200,
  })
  await club.settle()
  for (const door of [look, connect]) {
    const { status, code, told } = await door(token)
    expect({ status, code, told }).toEqual({ status: 409, code: 'already_connected', told: {} })
  }
  expect(await look(token, { as: buyer })).toMatchObject({ told: { connected: true } })
})

test('who takes a payment into LINE hears of it there, or has heard by mail, but not twice', async () => {
  async function heardAfter(seconds: number): Promise<string[]> {
    const buyer = club.line.addUser({ name: '掛', friend: true })
    const session = club.stripe.visit(club.stripe.link(club.links.member)?.url ?? '')
    await club.stripe.payByCard(session, { email: `once-${++typed}@example.com` })
    await club.settleFor(seconds)
    await club.api(await club.logIn(buyer), 'POST', '/api/orders/claim', { session })
    await club.settleFor(GRACE)
    const rows = await club.store.db
      .selectFrom('deliveries')
      .select(['account_id', 'kind'])
      .where('subject', 'in', [session, String(club.stripe.session(session).subscription)])
      .where('kind', 'in', ['paid', 'welcome'])
      .where('state', '=', 'accepted')
      .execute()
    return rows.map(({ account_id, kind }) => `${kind} ${account_id.split(':')[0]}`).toSorted()
  }
  expect(await heardAfter(5)).toEqual(['paid line', 'welcome line'])
  expect(await heardAfter(GRACE)).toEqual(['paid mail', 'welcome mail'])
})

test('who takes a payment into LINE and does not add the shop hears by mail after all', async () => {
  const buyer = club.line.addUser({ name: '掛', friend: false })
  const session = club.stripe.visit(club.stripe.link(club.links.tea)?.url ?? '')
  await club.stripe.payByCard(session, { email: 'no-friend@example.com' })
  await club.settleFor(5)
  await club.api(await club.logIn(buyer), 'POST', '/api/orders/claim', { session })
  await club.settleFor(GRACE)
  club.forward({ hours: 4 })
  await bringDueByMail(books())
  await club.settle()
  const rows = await club.store.db
    .selectFrom('deliveries')
    .select('account_id')
    .where('order_id', '=', session)
    .where('kind', '=', 'paid')
    .where('state', '=', 'accepted')
    .execute()
  expect(rows.map(({ account_id }) => account_id.split(':')[0])).toEqual(['mail'])
})

test('what they have read by mail of a refund or a payment that failed is not said again in the chat', async () => {
  const { token, customer } = await payFirst()
  const tea = await payFirst(club.links.tea)
  await club.stripe.refund(tea.session, 100)
  await club.settle()
  expect((await saidTo(`mail:${customer}`)).sort()).toEqual(['invite', 'paid', 'welcome'])
  expect(await saidTo(`mail:${tea.customer}`)).toContain('refunded')
  club.stripe.refuseCard(customer, true)
  await club.pass(customer, { months: 1 })
  await club.settleFor(GRACE)
  expect(await saidTo(`mail:${customer}`)).toContain('payment_failed')
  for (const each of [token, tea.token]) await connect(each)
  await club.stripe.refund(tea.session, 200)
  await club.settle()
  expect(await club.role(user)).toBe('member')
  expect(await saidTo(`line:${user.userId}`)).toEqual(['refunded'])
})

const saidTo = async (account: string) => {
  const rows = await club.store.db
    .selectFrom('deliveries')
    .select('kind')
    .where('account_id', '=', account)
    .execute()
  return rows.map(({ kind }) => kind)
}

test('a merge keeps both histories, and undoing it gives back exactly what came', async () => {
  const own = await club.buy(user, club.links.tea)
  const { token, customer, session } = await payFirst()
  const before = (await ownerOf('customers', customer)) ?? ''
  await club.store.transaction((tx) => optOut(tx, before, 'mail', books().clock.now()))
  await connect(token)
  const person = (await personOf(user)) ?? ''
  // Who wanted no campaigns by mail wants none in LINE.
  expect((await optedOut(club.store.db, [person])).persons).toEqual(new Set([person]))
  const { body } = await club.api(await club.logIn(user), 'GET', '/api/orders')
  expect(body['orders']).toHaveLength(2)
  const later = await club.store.transaction((tx) =>
    makeConnectLink(tx, `mail:${customer}`, books().clock.now()),
  )
  const [merge] = (await merges()).reverse()
  expect(merge).toMatchObject({ from_person: before, into_person: person, how: 'link' })
  expect(await undoMerge(books(), merge?.id ?? '')).toMatchObject({ id: merge?.id })
  await club.settle()
  expect(await ownerOf('orders', own)).toBe(person)
  for (const [table, id] of [
    ['orders', session],
    ['customers', customer],
    ['accounts', `mail:${customer}`],
  ] as const)
    expect(await ownerOf(table, id)).toBe(before)
  expect(await club.role(user)).toBe('guest')
  expect(await undoMerge(books(), merge?.id ?? '')).toBe(false)
  expect(await undoMerge(books(), 'merge_nothing')).toBeNull()
  // Whoever was taken apart must not come back by another mail that lies about.
  const cookie = await club.logIn(user)
  expect(await look(later?.token ?? '', { cookie })).toMatchObject({ code: 'link_unknown' })
})

test('two who typed the same address stay two, until each mail was opened', async () => {
  const typedTwice = 'both@example.com'
  const told: string[] = []
  for (const name of ['一', '二']) {
    const session = club.stripe.visit(club.stripe.link(club.links.member)?.url ?? '')
    await club.stripe.payByCard(session, { email: typedTwice, name })
    await club.settleFor(GRACE)
    told.push(String(club.stripe.session(session).customer))
  }
  const [first = '', second = ''] = told
  await connect(await newestTo(first))
  expect(await ownerOf('customers', first)).toBe(await personOf(user))
  expect(await ownerOf('customers', second)).not.toBe(await personOf(user))
  await connect(await newestTo(second))
  expect(await ownerOf('customers', second)).toBe(await personOf(user))
})

test('forgetting a person forgets their mailboxes and what Stripe notes of them, and no event brings them back', async () => {
  const { token, customer, email, name } = await payFirst()
  await connect(token)
  await forgetPerson(books(), user.userId)
  await club.settle()
  const left = JSON.stringify(
    await Promise.all(
      (['people', 'accounts', 'customers', 'orders', 'merges', 'deliveries'] as const).map(
        (table) => club.store.db.selectFrom(table).selectAll().execute(),
      ),
    ),
  )
  // Of what one knew: a failure must not print all books.
  expect([user.userId, email, name].filter((trace) => left.includes(trace))).toEqual([])
  const found = await stripeSdk(club.stripe).customers.retrieve(customer)
  expect(found.deleted || found.metadata).toEqual({})
  // They go on paying at Stripe: each daily look sees them, and nobody is asked about them any more.
  const swept = { listed: 0, differing: 0, unclaimed: [] as string[] }
  const before = club.stripe.requests.length
  await sweepMembers(club.members, { id: 'after', swept })
  await club.settleFor(GRACE)
  expect(swept.unclaimed).not.toEqual([])
  const asked = club.stripe.requests.slice(before)
  expect(asked).toContain('GET /v1/subscriptions')
  expect(asked.filter((each) => each.includes('sessions') || each.includes(customer))).toEqual([])
  await club.stripe.advance(customer, { months: 1 })
  await club.settleFor(GRACE)
  expect(await ownerOf('customers', customer)).toBeUndefined()
})

test('forgetting who paid takes their address off every order they paid, also where it is nobody’s', async () => {
  const held = async () => {
    const rows = await club.store.db.selectFrom('orders').selectAll().execute()
    const boxes = await club.store.db.selectFrom('accounts').selectAll().execute()
    return JSON.stringify([rows, boxes])
  }
  const url = new URL(club.stripe.link(club.links.member)?.url ?? '')
  url.searchParams.set('client_reference_id', 'U_forged_by_somebody')
  const forged = club.stripe.visit(url.href)
  await club.stripe.payByCard(forged, { email: 'forged@example.com' })
  await club.settle()
  expect(await ownerOf('orders', forged)).toBeNull()
  expect(await held()).toContain('forged@example.com')
  await forgetPerson(books(), String(club.stripe.session(forged).customer))
  expect(await held()).not.toContain('forged@example.com')
  // A guest of whom Stripe keeps no customer is known by the order alone.
  const guest = await payFirst(club.links.pass)
  expect((await forgetPerson(books(), guest.session)).known).toBe(true)
  expect(await held()).not.toContain(guest.email)
  expect(await look(guest.token)).toMatchObject({ code: 'link_unknown' })
  // So is an order that nobody owns.
  club.config.shop.payers = 'nobody'
  const orphan = await payFirst(club.links.pass)
  club.config.shop.payers = 'buyers'
  expect(await held()).toContain(orphan.email)
  await forgetPerson(books(), orphan.session)
  expect(await held()).not.toContain(orphan.email)
})

test('what another program notes beside a customer costs no question', async () => {
  const { customer } = await payFirst()
  const before = club.stripe.requests.length
  await stripeSdk(club.stripe).customers.update(customer, { metadata: { crm: '17' } })
  await club.settle()
  expect(club.stripe.requests.slice(before)).toEqual([`POST /v1/customers/${customer}`])
})
