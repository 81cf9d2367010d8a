import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { mergesOf } from '../server/integrations/tell-merge.ts'
import { giveRole } from '../server/memberships/give-role.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import { joinByCode, lookAtCode } from '../server/people/join-accounts.ts'
import { makeJoinCode, makeJoinLink } from '../server/people/join-codes.ts'
import { leaveAccounts, linkedWith } from '../server/people/leave-accounts.ts'
import { linkByHand } from '../server/people/link-by-hand.ts'
import { makeLink } from '../server/people/one-time-links.ts'
import { hashOfCode, makeCode } from '../shared/code.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'
import { comeFromDiscord, type OnDiscord, payAs } from './support/on-discord.ts'

let club: Club
let hana: LineUser
let nagisa: OnDiscord

beforeAll(async () => {
  club = await openClub()
})
beforeEach(async () => {
  hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
  nagisa = await comeFromDiscord(club)
})
afterAll(() => club.close())

const books = () => mergesOf({ store: club.store, clock: club.desk.post.clock })
const lineId = (user = hana) => `line:${user.userId}`
/** Only so many a minute come from one address. */
let address = 0
async function ask(cookie: string, path: string, body?: unknown) {
  address += 1
  const answer = await fetch(`${club.url}/api/${path}`, {
    method: 'POST',
    headers: {
      cookie,
      'x-forwarded-for': `10.1.${address >> 8}.${address & 255}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const { error, ...told } = (await answer.json()) as { error?: { code: string } }
  return { status: answer.status, code: error?.code, told: told as Record<string, unknown> }
}

async function joinByLink(user = hana, from = nagisa) {
  const token = (await makeJoinLink(books(), from.account)) ?? ''
  const joined = await ask(await club.cookieOf(user), 'links/join', { token })
  await club.settle()
  return joined
}
async function codeOf(account: string): Promise<string> {
  return hashOfCode((await makeJoinCode(books(), account)).code) ?? ''
}
const now = () => books().clock.now()
async function personOf(account: string): Promise<string> {
  const row = await club.store.db
    .selectFrom('accounts')
    .select('person_id')
    .where('id', '=', account)
    .executeTakeFirst()
  return row?.person_id ?? 'nobody'
}
/** As their own page says. */
async function roleIn(cookie: string): Promise<string> {
  const { body } = await club.api(cookie, 'GET', '/api/membership')
  return (body['membership'] as unknown as { role: string }).role
}
async function ordersIn(cookie: string): Promise<string[]> {
  const { body } = await club.api(cookie, 'GET', '/api/orders')
  return (body['orders'] as unknown as { id: string }[]).map(({ id }) => id)
}
async function leave(account = nagisa.account): Promise<boolean> {
  await club.cookieOf(hana)
  const left = await leaveAccounts(books(), account)
  await club.settle()
  return left
}

test('paid in LINE, linked from Discord: the role is there in both, and each page says of the other', async () => {
  await club.join(hana, club.links.member)
  const token = (await makeJoinLink(books(), nagisa.account)) ?? ''
  const cookie = await club.cookieOf(hana)
  const offered = { name: '渚', channel: 'discord', replaces: null, joined: false }
  // Looking uses nothing up, however often.
  for (let times = 0; times < 2; times++)
    expect((await ask(cookie, 'links/join/look', { token })).told).toEqual(offered)
  expect(await roleIn(nagisa.cookie)).toBe('guest')
  expect((await ask(cookie, 'links/join', { token })).told).toEqual({ ...offered, joined: true })
  expect(await roleIn(nagisa.cookie)).toBe('member')
  const { body } = await club.api(nagisa.cookie, 'GET', '/api/me')
  expect(body['person']).toMatchObject({
    ...{ name: '渚', channel: 'discord' },
    accounts: [
      { channel: 'line', name: '花' },
      { channel: 'discord', name: '渚' },
    ],
  })
  // Whoever opens it again sees that it is done; nobody else can use it.
  expect((await ask(cookie, 'links/join', { token })).told).toMatchObject({ joined: true })
  const stranger = await club.cookieOf(club.line.addUser({ name: '他', friend: true }))
  expect(await ask(stranger, 'links/join', { token })).toMatchObject({ code: 'link_spent' })
})

test('paid on Discord, then linked by a code from LINE: what was paid is the one person’s', async () => {
  const { session } = await payAs(club, nagisa.cookie, club.links.member)
  const cookie = await club.cookieOf(hana)
  const { told } = await ask(cookie, 'links/code')
  expect(told['code']).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/)
  const hash = hashOfCode(String(told['code']).toLowerCase().replaceAll('-', ' ')) ?? ''
  const seen = { state: 'good', name: '花', channel: 'line', replaces: null }
  expect(await lookAtCode(club.store.db, hash, nagisa.account, now())).toEqual(seen)
  expect(await joinByCode(books(), hash, nagisa.account)).toEqual({ state: 'joined', name: '花' })
  await club.settle()
  expect([await roleIn(cookie), await roleIn(nagisa.cookie)]).toEqual(['member', 'member'])
  expect(await ordersIn(cookie)).toEqual([session])
  expect(await joinByCode(books(), hash, nagisa.account)).toEqual({ state: 'code_spent' })
})

test('a code is one at a time, for a quarter of an hour, and never for oneself', async () => {
  await club.cookieOf(hana)
  const db = club.store.db
  const old = await codeOf(lineId())
  const hash = await codeOf(lineId())
  const state = async (of: string, account = nagisa.account, at = now()) =>
    (await lookAtCode(db, of, account, at)).state
  expect(await state(old)).toBe('code_unknown')
  expect(await state(hash, lineId())).toBe('same')
  expect(await state(hash, nagisa.account, new Date(now().getTime() + 15 * 60_000))).toBe(
    'code_expired',
  )
  expect(await state(hash, 'discord:999999999999999999')).toBe('code_unknown')
  // What opens a page joins nobody, and the other way round.
  const enter = (await makeLink(books(), nagisa.account)) ?? ''
  expect(await ask(await club.cookieOf(hana), 'links/join', { token: enter })).toMatchObject({
    status: 409,
    code: 'link_other_kind',
  })
  const join = (await makeJoinLink(books(), nagisa.account)) ?? ''
  expect(await ask('', 'links/spend', { token: join })).toMatchObject({ code: 'link_other_kind' })
})

test.each([
  ['k7qm3xpd9rta', 'K7QM-3XPD-9RTA'],
  [' Ｋ７ＱＭ ー ３ＸＰＤ−９ＲＴＡ ', 'K7QM-3XPD-9RTA'],
  ['oOIl-1111-0000', '0011-1111-0000'],
])('a code is read however it is typed: %s', (typed, meant) => {
  expect(hashOfCode(typed)).toBe(hashOfCode(meant))
})

test.each(['', 'K7QM-3XPD-9RT', 'K7QM-3XPD-9RTAB', 'K7QM-3XPD-9RTU', '会員', 'K'.repeat(5_000)])(
  'what is no code is none, and asks the books nothing: %#',
  (typed) => {
    expect(hashOfCode(typed)).toBeNull()
  },
)

test('a thousand codes are a thousand, and each is a code', () => {
  const hashes = Array.from({ length: 1_000 }, () => hashOfCode(makeCode()))
  expect(new Set(hashes).size).toBe(1_000)
  expect(hashes).not.toContain(null)
})

test('nobody is linked to the membership of somebody else: two LINE accounts stay two', async () => {
  await joinByLink()
  const other = club.line.addUser({ name: '他', friend: true })
  expect(await joinByLink(other)).toMatchObject({ status: 409, code: 'other_line' })
  await club.cookieOf(other)
  const hash = await codeOf(lineId(other))
  expect(await joinByCode(books(), hash, nagisa.account)).toEqual({ state: 'other_line' })
  expect(await personOf(nagisa.account)).toBe(await personOf(lineId()))
})

test('who came by a link has shown no LINE account: they may ask for a code, and no more', async () => {
  await joinByLink()
  const token = (await makeJoinLink(books(), (await comeFromDiscord(club)).account)) ?? ''
  for (const [path, body] of [
    ['links/join/look', { token }],
    ['links/join', { token }],
    ['links/leave', undefined],
  ] as const)
    expect(await ask(nagisa.cookie, path, body)).toMatchObject({ status: 401 })
  expect((await ask(nagisa.cookie, 'links/code')).status).toBe(200)
})

test('another Discord account takes the place of the first, which keeps nothing and sees nothing', async () => {
  await joinByLink()
  const { session } = await payAs(club, nagisa.cookie, club.links.member)
  const left = (await makeLink(books(), nagisa.account)) ?? ''
  const umi = await comeFromDiscord(club, '海')
  const hash = await codeOf(lineId())
  const db = club.store.db
  expect(await lookAtCode(db, hash, umi.account, now())).toMatchObject({ replaces: '渚' })
  expect(await joinByCode(books(), hash, umi.account)).toMatchObject({ state: 'joined' })
  await club.settle()
  expect(await roleIn(umi.cookie)).toBe('member')
  expect(await ordersIn(umi.cookie)).toEqual([session])
  // The session that was open there shows nothing of them any more, and neither does a link.
  expect([await roleIn(nagisa.cookie), await ordersIn(nagisa.cookie)]).toEqual(['guest', []])
  expect(await ask('', 'links/spend', { token: left })).toMatchObject({ code: 'link_unknown' })
  // News of what was paid there comes to where they are now.
  const order = await db.selectFrom('orders').select('account_id').where('id', '=', session)
  expect(await order.executeTakeFirst()).toEqual({ account_id: lineId() })
  expect(await linkedWith(db, nagisa.account)).toBeNull()
})

test('from one Discord account to another, without LINE: the membership goes to who typed the code', async () => {
  await payAs(club, nagisa.cookie, club.links.member)
  const umi = await comeFromDiscord(club, '海')
  const hash = await codeOf(nagisa.account)
  expect(await lookAtCode(club.store.db, hash, umi.account, now())).toMatchObject({
    ...{ state: 'good', name: '渚', channel: 'discord', replaces: '渚' },
  })
  await joinByCode(books(), hash, umi.account)
  await club.settle()
  expect([await roleIn(umi.cookie), await roleIn(nagisa.cookie)]).toEqual(['member', 'guest'])
  expect(await leave(umi.account)).toBe(false)
})

test.each([
  ['in LINE before', 'member', 'guest'],
  ['on Discord before', 'guest', 'member'],
  ['in LINE after', 'member', 'guest'],
  ['on Discord after', 'guest', 'member'],
])('paid %s: once unlinked, it is whose account has paid', async (when, inLine, onDiscord) => {
  const cookie = await club.cookieOf(hana)
  const payer = when.includes('LINE') ? cookie : nagisa.cookie
  if (when.endsWith('before')) await payAs(club, payer, club.links.member)
  await joinByLink()
  if (when.endsWith('after')) await payAs(club, payer, club.links.member)
  expect([await roleIn(cookie), await roleIn(nagisa.cookie)]).toEqual(['member', 'member'])
  expect((await ask(cookie, 'links/leave')).told).toEqual({
    accounts: [{ channel: 'line', name: '花' }],
  })
  await club.settle()
  expect([await roleIn(cookie), await roleIn(nagisa.cookie)]).toEqual([inLine, onDiscord])
  expect(await ask(cookie, 'links/leave')).toMatchObject({ status: 409, code: 'not_linked' })
})

test('a pass and a receipt go with who paid; a gift to the person stays with LINE', async () => {
  const cookie = await club.cookieOf(hana)
  await joinByLink()
  const tea = await payAs(club, cookie, club.links.tea)
  const pass = await payAs(club, nagisa.cookie, club.links.pass)
  await giveRole(club.members, await personOf(lineId()), {
    role: 'premium',
    until: null,
    note: null,
  })
  await leave()
  expect([await ordersIn(cookie), await ordersIn(nagisa.cookie)]).toEqual([
    [tea.session],
    [pass.session],
  ])
  expect([await roleIn(cookie), await roleIn(nagisa.cookie)]).toEqual(['premium', 'member'])
})

test('both had subscribed: both go on, the staff are told, and each keeps their own afterwards', async () => {
  const cookie = await club.cookieOf(hana)
  await club.join(hana, club.links.member)
  await payAs(club, nagisa.cookie, club.links.member)
  const before = club.heard(club.staff).length
  await joinByLink()
  expect(club.heard(club.staff).slice(before).join()).toMatch(/二重|2つ|重複/)
  await leave()
  expect([await roleIn(cookie), await roleIn(nagisa.cookie)]).toEqual(['member', 'member'])
})

test('a page at Stripe that is still open when they part is shown to neither of them again', async () => {
  const cookie = await club.cookieOf(hana)
  await joinByLink()
  const page = async (with_: string) =>
    (await club.api(with_, 'POST', '/api/checkout', { offer: club.links.member })).body['url']
  const first = await page(nagisa.cookie)
  expect(await page(cookie)).toBe(first)
  const open = club.stripe.visit(String(first))
  await leave()
  // Neither can it be paid from a tab that was left open.
  expect(club.stripe.session(open).status).toBe('expired')
  const [line, discord] = [await page(cookie), await page(nagisa.cookie)]
  expect(new Set([first, line, discord]).size).toBe(3)
})

test('of two pages at Stripe that were open when they came together, one alone can be paid', async () => {
  const cookie = await club.cookieOf(hana)
  const open = async (with_: string) => {
    const asked = { offer: club.links.member }
    const { body } = await club.api(with_, 'POST', '/api/checkout', asked)
    return club.stripe.visit(String(body['url']))
  }
  const both = [await open(cookie), await open(nagisa.cookie)]
  await joinByLink()
  expect(both.map((id) => club.stripe.session(id).status)).toEqual(['open', 'expired'])
  expect(await open(nagisa.cookie)).toBe(both[0])
})

test('forgetting the one forgets both accounts, their links and that they were two', async () => {
  await payAs(club, nagisa.cookie, club.links.member)
  await joinByLink()
  await codeOf(nagisa.account)
  await forgetPerson(books(), hana.userId)
  await club.settle()
  const left = JSON.stringify(
    await Promise.all(
      (
        ['accounts', 'links', 'merges', 'events', 'orders', 'procedures', 'deliveries'] as const
      ).map((table) => club.store.db.selectFrom(table).selectAll().execute()),
    ),
  )
  const snowflake = nagisa.account.slice('discord:'.length)
  expect([hana.userId, snowflake].filter((trace) => left.includes(trace))).toEqual([])
})

test('of two who press at once one is joined, and the other hears what became of it', async () => {
  await club.cookieOf(hana)
  const umi = await comeFromDiscord(club, '海')
  const hash = await codeOf(lineId())
  const both = await Promise.all(
    [nagisa, umi].map(({ account }) => joinByCode(books(), hash, account)),
  )
  expect(both.map(({ state }) => state).toSorted()).toEqual(['code_spent', 'joined'])
  const pressed = await makeJoinLink(books(), (await comeFromDiscord(club)).account)
  const body = { token: pressed ?? '' }
  const cookie = await club.cookieOf(hana)
  const twice = await Promise.all([1, 2].map(() => ask(cookie, 'links/join', body)))
  expect(twice.map(({ told }) => told['joined'])).toEqual([true, true])
})

test('the code of somebody who was forgotten joins nobody', async () => {
  await club.cookieOf(hana)
  const hash = await codeOf(lineId())
  await forgetPerson(books(), hana.userId)
  expect(await joinByCode(books(), hash, nagisa.account)).toEqual({ state: 'code_unknown' })
  expect(await roleIn(nagisa.cookie)).toBe('guest')
})

test('who paid from a poster may claim it from Discord; nobody takes it from them by a mail or another claim', async () => {
  const session = club.stripe.visit(club.stripe.link(club.links.member)?.url ?? '')
  await club.stripe.payByCard(session, { email: 'poster@example.com', name: '海辺' })
  await club.settle()
  const claimed = await ask(nagisa.cookie, 'orders/claim', { session })
  expect(claimed.status).toBe(200)
  await club.settle()
  expect(await roleIn(nagisa.cookie)).toBe('member')
  const cookie = await club.cookieOf(hana)
  expect(await ask(cookie, 'orders/claim', { session })).toMatchObject({ code: 'already_claimed' })
  const customer = String(club.stripe.session(session).customer)
  const payer = {
    id: customer,
    email: 'poster@example.com',
    name: null,
    locale: null,
    createdAt: '',
  }
  const facts = { ...payer, note: { lineUser: null, person: null } }
  const taken = await linkByHand(books(), facts, await personOf(lineId()))
  expect(taken).toEqual({ state: 'other' })
  // One person's two accounts are no strangers: either may come back with the payment.
  await joinByLink()
  expect((await ask(cookie, 'orders/claim', { session })).status).toBe(200)
})

test('a link from Discord opens in a browser that LINE is logged in to, and another LINE user’s does not', async () => {
  const cookie = await club.cookieOf(hana)
  const look = async (account: string, from = cookie) =>
    ask(from, 'links/look', { token: (await makeLink(books(), account)) ?? '' })
  expect((await look(nagisa.account)).told).toEqual({ name: '渚', channel: 'discord' })
  const other = club.line.addUser({ name: '他', friend: true })
  await club.cookieOf(other)
  expect(await look(lineId(other))).toMatchObject({ status: 403, code: 'wrong_account' })
  const umi = await comeFromDiscord(club, '海')
  expect((await look(umi.account, nagisa.cookie)).told).toMatchObject({ name: '海' })
})
