import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { forgetPerson } from '../server/people/forget-person.ts'
import { makeLink } from '../server/people/one-time-links.ts'
import { ensureAccount } from '../server/people/people.store.ts'
import { SESSION_COOKIE } from '../server/people/session.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'
import { ENGINES } from './support/engines.ts'

let club: Club
let hana: LineUser
/** Each test comes from an address of its own: only so many tries a minute come from one. */
let address = 0

beforeAll(async () => {
  club = await openClub()
})
beforeEach(() => {
  address += 1
  hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
})
afterAll(() => club.close())

const clock = { now: () => new Date() }
const accountOf = async (user = hana, at = club) => {
  await at.cookieOf(user)
  return `line:${user.userId}`
}
async function linkFor(user = hana, at = club): Promise<string> {
  const { store } = at
  const token = await makeLink({ store, clock: at.procedures.clock }, await accountOf(user, at))
  if (!token) throw new Error('no link was made')
  return token
}

async function post(door: 'look' | 'spend', body: unknown, { cookie = '', at = club } = {}) {
  const answer = await fetch(`${at.url}/api/links/${door}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': `10.0.0.${address}`,
      cookie,
    },
    body: JSON.stringify(body),
  })
  const { error, ...told } = (await answer.json()) as { error?: { code: string } }
  const [set = ''] = answer.headers.getSetCookie()
  return { status: answer.status, code: error?.code, told, set, cookie: set.split(';')[0] ?? '' }
}
const look = (token: string, how = {}) => post('look', { token }, how)
const spend = (token: string, how = {}) => post('spend', { token }, how)

test('opens the membership of who asked for it, for an hour, and says how it was opened', async () => {
  const { customer } = await club.join(hana, club.links.member)
  const token = await linkFor()
  expect(await look(token)).toMatchObject({ status: 200, told: { name: '花' } })
  const { status, told, cookie, set } = await spend(token)
  expect([status, told]).toMatchObject([200, { person: { name: '花', role: 'member' } }])
  expect(set).toContain('Max-Age=3600')
  const [, claims = ''] = cookie.slice(SESSION_COOKIE.length + 1).split('.')
  const { via, acc, exp, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'))
  expect({ via, acc, seconds: exp - iat }).toEqual({
    via: 'link',
    acc: `line:${hana.userId}`,
    seconds: 3_600,
  })
  const membership = await club.api(cookie, 'GET', '/api/membership')
  expect(membership.body).toMatchObject({ membership: { role: 'member' } })
  const portal = await club.api(cookie, 'POST', '/api/portal', {})
  expect(portal.status).toBe(200)
  expect(club.stripe.portalSessions()[0]).toMatchObject({ customer })
  const tea = await club.api(cookie, 'POST', '/api/checkout', { offer: club.links.box })
  expect(tea.status).toBe(200)
})

test('the cookie is for this server alone, and no script reads it', async () => {
  const { set } = await spend(await linkFor())
  expect(set).toContain('; Path=/; HttpOnly; SameSite=Lax')
  expect(set).not.toContain('Secure')
  const safe = await openClub({ config: { publicUrl: 'https://shop.example' } })
  try {
    const user = safe.line.addUser({ name: '花', friend: true })
    expect((await spend(await linkFor(user, safe), { at: safe })).set).toContain('; Secure')
  } finally {
    await safe.close()
  }
})

test('the chat’s answer brings one, which works, and whose secret stands nowhere in our books or logs', async () => {
  await club.line.say(hana.userId, '会員')
  await club.settle()
  const said = JSON.stringify(club.line.chat(hana.userId))
  const [, token = ''] = /http:\/\/localhost:3000\/link#([\w-]+)/.exec(said) ?? []
  expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  await look(token)
  expect((await spend(token)).status).toBe(200)
  await spend(token)
  const { file } = club.config.database as { file: string }
  const bytes = [file, `${file}-wal`].map((each) => readFileSync(each).toString('latin1')).join()
  expect(bytes).not.toContain(token)
  expect(bytes).toContain(createHash('sha256').update(token).digest('hex'))
  expect(club.logged.join()).not.toContain(token)
})

test('looking at its address uses nothing up, however a previewer looks', async () => {
  const token = await linkFor()
  const places = [
    '/link',
    `/link?token=${token}`,
    `/link/${token}`,
    `/api/links/spend?token=${token}`,
  ]
  for (const place of [...places, `/api/links/look?token=${token}`])
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      const answer = await fetch(`${club.url}${place}`, { method })
      expect(answer.headers.getSetCookie()).toEqual([])
    }
  for (let times = 0; times < 3; times++) expect((await look(token)).status).toBe(200)
  // Nor does a form of another site, which cannot send JSON.
  for (const type of ['text/plain', 'application/x-www-form-urlencoded'])
    expect(
      (
        await fetch(`${club.url}/api/links/spend`, {
          method: 'POST',
          headers: { 'content-type': type },
          body: JSON.stringify({ token }),
        })
      ).status,
    ).toBeGreaterThanOrEqual(400)
  expect((await spend(token)).status).toBe(200)
})

test('a second use says that it was used, and lets nobody in', async () => {
  const token = await linkFor()
  await spend(token)
  for (const door of [look, spend])
    expect(await door(token)).toMatchObject({ status: 410, code: 'link_spent', set: '' })
})

test('after 15 minutes it has expired, not a second before', async () => {
  const apart = await openClub()
  try {
    const user = apart.line.addUser({ name: '花', friend: true })
    const [first, second] = [await linkFor(user, apart), await linkFor(user, apart)]
    apart.forward({ seconds: 15 * 60 - 5 })
    expect((await spend(first, { at: apart })).status).toBe(200)
    apart.forward({ seconds: 6 })
    for (const door of [look, spend])
      expect(await door(second, { at: apart })).toMatchObject({
        status: 410,
        code: 'link_expired',
        set: '',
      })
  } finally {
    await apart.close()
  }
})

test.each([
  ['never made', { token: 'A'.repeat(43) }, 404, 'link_unknown'],
  ['empty', { token: '' }, 404, 'link_unknown'],
  ['garbage', { token: "' or 1=1 --\u0000\ud800" }, 404, 'link_unknown'],
  ['too long', { token: 'x'.repeat(256) }, 400, 'bad_request'],
  ['a list', { token: ['A'.repeat(43), 'B'] }, 400, 'bad_request'],
  ['an object', { token: { $gt: '' } }, 400, 'bad_request'],
  ['null', { token: null }, 404, 'link_unknown'],
  ['nothing', {}, 400, 'bad_request'],
  ['no object', 'token', 400, 'bad_request'],
])(
  'one that is %s is refused in a way that the page can explain',
  async (_, body, status, code) => {
    for (const door of ['look', 'spend'] as const)
      expect(await post(door, body)).toMatchObject({ status, code, set: '' })
  },
)

test('opened by another member it yields nothing, and stays good for who asked for it', async () => {
  const token = await linkFor()
  const eve = club.line.addUser({ name: 'イブ', friend: true })
  const cookie = await club.cookieOf(eve)
  for (const door of [look, spend])
    expect(await door(token, { cookie })).toMatchObject({
      status: 403,
      code: 'wrong_account',
      set: '',
      told: {},
    })
  expect(await spend(token, { cookie: await club.cookieOf(hana) })).toMatchObject({ status: 200 })
  // Also afterwards nobody else learns more than that it is not theirs.
  expect(await look(token, { cookie })).toMatchObject({ status: 403, code: 'wrong_account' })
})

test('five are good at a time; then the chat answers without one until they have expired', async () => {
  const cookie = await club.cookieOf(hana)
  for (let times = 0; times < 6; times++) await club.line.say(hana.userId, '会員')
  await club.settle()
  const answers = club.line.chat(hana.userId).map(({ messages }) => JSON.stringify(messages))
  expect(answers).toHaveLength(6)
  // Whichever was answered last: they are answered side by side.
  const without = answers.filter((answer) => !answer.includes('/link#'))
  expect(without).toHaveLength(1)
  expect(without[0]).toContain('/join')
  expect((await club.api(cookie, 'GET', '/api/membership')).status).toBe(200)
})

test('who tries one after the other is stopped after 30 in a minute, and so is nobody else', async () => {
  const token = await linkFor()
  const tries = await Promise.all(
    Array.from({ length: 31 }, (_, at) => spend(`${at}`.padEnd(43, 'A'))),
  )
  expect(tries.filter(({ status }) => status === 404)).toHaveLength(30)
  expect(tries.filter(({ code }) => code === 'too_many_requests')).toHaveLength(1)
  address += 1
  expect((await spend(token)).status).toBe(200)
})

test('who is forgotten has no way in any more, and nothing of them stays', async () => {
  const token = await linkFor()
  await club.join(hana, club.links.member)
  await club.line.say(hana.userId, '会員')
  await club.settle()
  await club.line.follow(hana.userId)
  await forgetPerson({ store: club.store, clock }, hana.userId)
  expect(await spend(token)).toMatchObject({ status: 404, code: 'link_unknown' })
  const tables = await club.store.db.introspection.getTables()
  for (const { name } of tables) {
    const rows = await club.store.db
      .selectFrom(name as 'people')
      .selectAll()
      .execute()
    expect(JSON.stringify(rows), name).not.toContain(hana.userId)
  }
})

describe.each(ENGINES)('at once, on %s', (engine) => {
  let at: Club
  beforeAll(async () => {
    at = engine === 'sqlite' ? club : await openClub({ engine })
  })
  afterAll(async () => {
    if (at !== club) await at.close()
  })

  test('of ten who press one gets in, and the others learn that it was used', async () => {
    const user = at.line.addUser({ name: '花', friend: true })
    const token = await linkFor(user, at)
    const all = await Promise.all(Array.from({ length: 10 }, () => spend(token, { at })))
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(all.filter(({ code }) => code === 'link_spent')).toHaveLength(9)
    expect(all.filter(({ set }) => set !== '')).toHaveLength(1)
  })

  test('of ten that are asked for five are made', async () => {
    const { store } = at
    const user = at.line.addUser({ name: '花', friend: true })
    const { id } = await store.transaction((tx) => ensureAccount(tx, user.userId, new Date()))
    const made = await Promise.all(Array.from({ length: 10 }, () => makeLink({ store, clock }, id)))
    expect(made.filter((token) => token !== null)).toHaveLength(5)
  })
})
