import { generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { DiscordUser } from './sandbox/types.ts'
import { type HouseWithDiscord, openHouse } from './support/house.ts'

let house: HouseWithDiscord
let hana: DiscordUser
let asked = 0

beforeAll(async () => {
  house = await openHouse({ discord: true })
  await house.settle()
  hana = house.discord.addUser({ name: 'hana', locale: 'ja' })
})
beforeEach(async () => {
  await house.settle()
  await house.store.db.deleteFrom('events').execute()
})
afterAll(() => house.close())

const stored = () =>
  house.store.db.selectFrom('events').selectAll().where('source', '=', 'discord').execute()
const jobs = () => house.store.openJobs()

/** An id as Discord makes them at this time; each is a new one. */
function snowflake(at = house.desk.post.clock.now()): string {
  asked += 1
  return String(((BigInt(at.getTime()) - 1_420_070_400_000n) << 22n) + BigInt(asked))
}

/** /membership on the server, as Discord sends it. */
function interaction(over: Record<string, unknown> = {}): Record<string, unknown> {
  const { applicationId, guildId } = house.discord
  return {
    ...{ id: snowflake(), application_id: applicationId, type: 2, version: 1 },
    ...{ token: 'a-token', guild_id: guildId, channel_id: '1', locale: 'ja' },
    member: { user: { id: hana.id, username: 'hana', global_name: 'はな' }, roles: [] },
    data: { id: '1', name: 'membership', type: 1 },
    ...over,
  }
}
const button = (custom_id: unknown, over = {}) =>
  interaction({ type: 3, data: { custom_id, component_type: 2 }, ...over })
const send = (body: unknown) => house.discord.sendInteraction(body)

describe('whoever is not Discord', () => {
  test('is told so, and the Developer Portal takes the address', () => {
    expect(house.discord.check).toMatchObject({ ping: 'good', forged: 'refused', saved: true })
  })

  const stranger = generateKeyPairSync('ed25519').privateKey
  const bySomebody = (text: string) => sign(null, Buffer.from(text), stranger).toString('hex')

  test.each<[string, (text: string) => Record<string, string>]>([
    ['no signature', () => ({ 'x-signature-timestamp': '1' })],
    ['no time', (text) => ({ 'x-signature-ed25519': bySomebody(text) })],
    ['an empty signature', () => ({ 'x-signature-ed25519': '', 'x-signature-timestamp': '1' })],
    ['another key', (text) => signedAs(bySomebody(`1${text}`))],
    ['what is no hex', () => signedAs('z'.repeat(128))],
    ['hex with something behind it', (text) => signedAs(`${bySomebody(`1${text}`)}zz`)],
    ['half a signature', (text) => signedAs(bySomebody(`1${text}`).slice(0, 64))],
  ])('is refused with %s, and nothing is kept', async (_, headersOf) => {
    const body = JSON.stringify(interaction())
    const answer = await fetch(`${house.url}/webhooks/discord`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headersOf(body) },
      body,
    })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: { code: 'bad_signature' } })
    expect(await stored()).toEqual([])
  })

  test('cannot send again, at another time or with another word, what Discord has signed', async () => {
    await send(interaction())
    const { body, timestamp, signature } = house.discord.sent.at(-1)!
    const later = String(Number(timestamp) + 1)
    expect(
      await house.discord.sendInteraction(body, { timestamp: later, signature }),
    ).toMatchObject({ status: 401 })
    const other = body.replace('membership', 'orders')
    expect(await house.discord.sendInteraction(other, { timestamp, signature })).toMatchObject({
      status: 401,
    })
    expect(await stored()).toHaveLength(1)
  })

  const signedAs = (signature: string) => ({
    'x-signature-ed25519': signature,
    'x-signature-timestamp': '1',
  })
})

test('a PING is answered, and leaves nothing behind', async () => {
  const ping = interaction({ type: 1, data: undefined, member: undefined, user: undefined })
  expect(await send(ping)).toEqual({ status: 200, body: { type: 1 } })
  expect(await stored()).toEqual([])
})

test.each([
  '',
  'hello',
  'null',
  '[]',
  '42',
  '{}',
  '{"type":2}',
  '{"type":"1"}',
  '{"type":2,"id":"7","application_id":"1","token":"x","user":{"id":"7"}}',
  '{"type":2',
])('a signed letter that says %j is no interaction', async (body) => {
  expect(await send(body)).toMatchObject({ status: 400, body: { error: { code: 'bad_request' } } })
  expect(await stored()).toEqual([])
})

test('an interaction that names nobody, or has no token, is none', async () => {
  for (const over of [
    { member: undefined },
    { member: { user: { id: 'hana' } } },
    { member: { user: { id: 123_456_789 } } },
    { id: '../1' },
    { token: '' },
    { token: 'a\u0000b' },
    { token: 'x'.repeat(1_001) },
  ])
    expect(await send(interaction(over))).toMatchObject({ status: 400 })
  expect(await stored()).toEqual([])
})

test('a letter of two megabytes is too large', async () => {
  expect(await send(interaction({ padding: 'x'.repeat(2_097_152) }))).toMatchObject({ status: 413 })
})

test('a command is written down before it is answered, with neither a name nor what was typed', async () => {
  const code = { name: 'code', type: 3, value: 'ひみつの言葉' }
  const command = interaction({
    data: { id: '1', name: 'membership', type: 1, options: [code] },
    message: { content: '住所は東京都' },
  })
  expect(await send(command)).toEqual({ status: 200, body: { type: 5, data: { flags: 64 } } })
  const [row, ...more] = await stored()
  expect(more).toEqual([])
  expect(row).toMatchObject({ id: `discord_${command['id']}`, type: 'interaction', outcome: null })
  expect(await jobs()).toBe(1)
  const { asked, userId, at } = JSON.parse(row!.doorbell)
  expect(userId).toBe(`D${hana.id}`)
  expect(Math.abs(at - Date.now())).toBeLessThan(60_000)
  expect(asked).toEqual({
    does: { command: 'membership', code: '' },
    token: 'a-token',
    locale: 'ja',
    onServer: true,
  })
  expect(JSON.stringify(row)).not.toMatch(/hana|はな|ひみつ|東京/)
  await house.settle()
})

test('what comes a second time is answered the same, and is not done twice', async () => {
  const command = interaction()
  const first = await send(command)
  expect(await send(command)).toEqual(first)
  expect(await stored()).toHaveLength(1)
  await house.settle()
  expect(await send(command)).toEqual(first)
  expect(await jobs()).toBe(0)
})

test('what is older than its token is not done, however well it is signed', async () => {
  const old = new Date(house.desk.post.clock.now().getTime() - 15 * 60_000)
  const { body } = await send(interaction({ id: snowflake(old) }))
  expect(body).toMatchObject({ type: 4, data: { flags: 64 } })
  expect(JSON.stringify(body)).toContain('もう一度お選びください')
  expect(await stored()).toEqual([])
})

test('when it cannot be written down, Discord hears no answer', async () => {
  const { pen } = house
  const write = pen.write.bind(pen)
  pen.write = () => {
    throw new Error('the disk is full')
  }
  expect(await send(interaction())).toMatchObject({ status: 500 })
  pen.write = write
  expect(await stored()).toEqual([])
})

test('a house that dies between the answer and the work has lost nothing', async () => {
  const answer = await house.discord.type(hana, 'membership')
  expect(answer.thinking).toBe(true)
  // Nothing of it is in memory: whoever starts next finds the job in the books.
  expect(await jobs()).toBe(1)
  await house.settle()
  expect(house.discord.message(answer.id)?.thinking).toBe(false)
})

describe('help', () => {
  test.each([
    ['ja', '注文履歴', 'お使いいただけるコマンド'],
    ['en-GB', '/orders', 'What you can ask here'],
    ['th', 'คำสั่งซื้อ', 'คำสั่งที่ใช้ได้'],
    ['zh-TW', '訂單', '可以使用的指令'],
    ['de', '注文履歴', 'お使いいただけるコマンド'],
  ])('is given at once to who reads %s, for them alone', async (locale, word, title) => {
    const user = house.discord.addUser({ name: 'reader', locale })
    const answer = await house.discord.type(user, 'help')
    expect(answer).toMatchObject({ onlyFor: user.id, thinking: false })
    expect(JSON.stringify(answer.embeds)).toContain(word)
    expect(answer.embeds[0]?.title).toContain(title)
    expect(await jobs()).toBe(0)
    const [row] = await stored()
    expect(row?.outcome).toBe('ignored')
    expect(JSON.parse(row!.doorbell).asked.token).toBe('')
  })
})

describe('whoever is elsewhere', () => {
  test.each<[string, () => Record<string, unknown>]>([
    ['another server', () => ({ guild_id: '900000000000000001' })],
    ['another application', () => ({ application_id: '900000000000000002' })],
  ])('on %s is led to ours, and leaves nothing behind', async (_, over) => {
    const { status, body } = await send(interaction(over()))
    expect(status).toBe(200)
    expect(body).toMatchObject({ type: 4, data: { flags: 64 } })
    expect(JSON.stringify(body)).toContain('のれん茶房のDiscordサーバー')
    expect(await stored()).toEqual([])
  })
})

describe('a button', () => {
  const HASH = 'ab'.repeat(32)

  test.each<[string, unknown, number]>([
    ['o:/orders/cs_test_1~abcdefghijk', { open: '/orders/cs_test_1' }, 5],
    ['o:/membership?do=card', { open: '/membership?do=card' }, 5],
    ['o:/', { open: '/' }, 5],
    ['l', { link: true }, 5],
    ['u', { unlink: true, sure: false }, 5],
    ['u!', { unlink: true, sure: true }, 6],
    [`j:${HASH}`, { join: HASH }, 6],
  ])('%s is understood, and what comes of it stands where it belongs', async (id, does, type) => {
    expect(await send(button(id))).toMatchObject({ status: 200, body: { type } })
    const [row] = await stored()
    expect(JSON.parse(row!.doorbell).asked.does).toEqual(does)
  })

  test('no takes the place of the question at once', async () => {
    const { body } = await send(button('n'))
    expect(body).toMatchObject({ type: 7, data: { components: [] } })
    expect(JSON.stringify(body)).toContain('何も変わっておりません')
    expect(await jobs()).toBe(0)
  })

  test.each([
    'o:https://evil.example/',
    'o://evil.example',
    'o:/orders/../api/me',
    'o:/api/orders',
    'o:/membership?do=everything',
    'o:/link?to=/orders',
    'j:short',
    `j:${'Z'.repeat(64)}`,
    'x',
    '',
    '__proto__',
    7,
    null,
  ])('%j is none of ours: who pressed it is told so kindly', async (id) => {
    const { status, body } = await send(button(id))
    expect([status, body]).toMatchObject([200, { type: 4, data: { flags: 64 } }])
    expect(await stored()).toEqual([])
  })

  test('in the messages between the bot and one user has no server', async () => {
    const over = { guild_id: undefined, member: undefined, user: { id: hana.id, username: 'h' } }
    await send(button('o:/orders', over))
    const [row] = await stored()
    expect(JSON.parse(row!.doorbell)).toMatchObject({
      userId: `D${hana.id}`,
      asked: { onServer: false },
    })
  })
})

test('kinds of interactions that nobody here knows are answered, too', async () => {
  expect(await send(interaction({ type: 4 }))).toMatchObject({
    body: { type: 8, data: { choices: [] } },
  })
  for (const over of [
    { type: 5, data: { custom_id: 'l' } },
    { type: 99 },
    { data: { name: 'toString' } },
    { data: null },
    { data: { name: 'membership', options: 'code' } },
  ])
    expect(await send(interaction(over))).toMatchObject({ status: 200 })
  await house.settle()
})

test('a shop that is not on Discord has no such letterbox', async () => {
  const other = await openHouse()
  const answer = await fetch(`${other.url}/webhooks/discord`, { method: 'POST', body: '{}' })
  expect(answer.status).toBe(404)
  await other.close()
})
