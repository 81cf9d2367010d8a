import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type House, openHouse } from './support/house.ts'

let house: House

beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

/** One event as LINE sends it; each call is a new one. */
let counted = 0
function eventOf(over: Record<string, unknown> = {}): Record<string, unknown> {
  counted += 1
  return {
    type: 'follow',
    mode: 'active',
    timestamp: Date.now(),
    source: { type: 'user', userId: house.hanako.userId },
    webhookEventId: `01EVENT${String(counted).padStart(19, '0')}`,
    deliveryContext: { isRedelivery: false },
    replyToken: 'a-reply-token',
    ...over,
  }
}

const send = (...events: unknown[]) => house.line.sendWebhook({ destination: 'U', events })
const stored = () => house.store.db.selectFrom('events').selectAll().execute()
const accounts = () => house.store.db.selectFrom('accounts').selectAll().execute()

test('a letter that LINE did not sign is refused, and nothing of it is kept', async () => {
  const body = { destination: 'U', events: [eventOf()] }
  const other = createHmac('sha256', 'another-channel').update(JSON.stringify(body))
  for (const signature of ['', 'AAAA', 'ü', other.digest('base64')])
    expect(await house.line.sendWebhook(body, { signature })).toBe(401)
  const unsigned = await fetch(`${house.url}/webhooks/line`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  expect(unsigned.status).toBe(401)
  expect(await stored()).toEqual([])
})

test('the "Verify" button of LINE’s console is answered well', async () => {
  expect(await send()).toBe(200)
  expect(await stored()).toEqual([])
})

test('a signature counts for the bytes that were sent, escaped emoji and all', async () => {
  const text = JSON.stringify({ destination: 'U', events: [eventOf({ note: '☕' })] })
  const escaped = text.replace('☕', '\\u2615')
  expect(escaped).not.toBe(text)
  expect(await house.line.sendWebhook(escaped)).toBe(200)
})

test.each([
  '',
  'hello',
  'null',
  '[]',
  '42',
  '{}',
  '{"events":{}}',
  '{"events":null}',
  '{"events":[',
])('a signed letter that says %j is no webhook of LINE’s', async (body) => {
  expect(await house.line.sendWebhook(body)).toBe(400)
  expect(await stored()).toEqual([])
})

test('a letter of two megabytes is too large', async () => {
  expect(await send(eventOf({ padding: 'x'.repeat(2_097_152) }))).toBe(413)
  expect(await stored()).toEqual([])
})

test('kinds of events that nobody here reacts to are kept as ignored', async () => {
  expect(await send(eventOf({ type: 'membership' }), eventOf({ type: 'somethingNew' }))).toBe(200)
  await house.settle()
  expect(await stored()).toMatchObject([{ outcome: 'ignored' }, { outcome: 'ignored' }])
  expect(await house.store.nextDue()).toBeNull()
})

test('what people write or tap in the chat is not read, and not kept', async () => {
  await house.line.say(house.hanako.userId, '私の電話番号は090-1234-5678です')
  await send(eventOf({ type: 'postback', postback: { data: 'a-secret-choice' } }))
  await house.settle()
  const rows = await stored()
  expect(rows.map(({ type, outcome }) => [type, outcome])).toEqual([
    ['message', 'ignored'],
    ['postback', 'ignored'],
  ])
  expect(JSON.stringify(rows)).not.toMatch(/090-1234|a-secret-choice|reply-token/)
  expect(house.line.book()).toEqual([])
})

test('events without a user, or from a group, are no crash', async () => {
  const strange = [
    eventOf({ source: undefined }),
    eventOf({ source: null }),
    eventOf({ source: 'user' }),
    eventOf({ source: 7 }),
    eventOf({ source: { type: 'group', groupId: `C${'0'.repeat(32)}` } }),
    eventOf({ source: { type: 'user', userId: 'not-a-line-id' } }),
    eventOf({ source: { type: 'user', userId: `${house.hanako.userId}@evil` } }),
    eventOf({ timestamp: 'yesterday' }),
    eventOf({ type: '__proto__' }),
    eventOf({ webhookEventId: 7 }),
    eventOf({ webhookEventId: '' }),
    eventOf({ webhookEventId: '01EVENT\u0000' }),
    eventOf({ type: 'follow\udfff' }),
    null,
    'follow',
  ]
  expect(await send(...strange)).toBe(200)
  await house.settle()
  expect((await accounts()).map(({ address }) => address)).toEqual([house.hanako.userId])
  expect((await stored()).every(({ handled_at }) => handled_at !== null)).toBe(true)
})

test('a time that fits no database counts as unknown, and the friend is noted all the same', async () => {
  for (const timestamp of [1.5, '1e999', -0.1, 2 ** 60]) {
    const text = JSON.stringify({ destination: 'U', events: [eventOf({ timestamp })] })
    expect(await house.line.sendWebhook(text.replace('"1e999"', '1e999'))).toBe(200)
  }
  await house.settle()
  expect((await stored()).map(({ doorbell }) => JSON.parse(doorbell).at)).toEqual([0, 0, 0, 0])
  expect(await accounts()).toMatchObject([{ friend: 1 }])
})

test('an event that LINE delivers again is known, and changes nothing', async () => {
  const follow = eventOf()
  expect(await send(follow)).toBe(200)
  await house.settle()
  await house.line.unfollow(house.hanako.userId)
  await house.settle()
  expect(await send({ ...follow, deliveryContext: { isRedelivery: true } })).toBe(200)
  await house.settle()
  expect(await accounts()).toMatchObject([{ friend: 0 }])
  expect(await stored()).toHaveLength(2)
})

test('the newest of many follows and unfollows wins, in whatever order they come', async () => {
  const at = Date.now()
  const follow = eventOf({ timestamp: at + 2_000 })
  const earlier = eventOf({ type: 'unfollow', timestamp: at + 1_000 })
  const first = eventOf({ timestamp: at })
  await send(follow, earlier)
  await send(first)
  await house.settle()
  expect(await accounts()).toMatchObject([{ friend: 1 }])
})

test('a channel that is in standby still learns who its friends are', async () => {
  await send(eventOf({ mode: 'standby', replyToken: undefined }))
  await house.settle()
  expect(await accounts()).toMatchObject([{ friend: 1 }])
})

test('a letter with thousands of events is kept whole', async () => {
  const events = Array.from({ length: 4_000 }, () => eventOf({ type: 'message', source: null }))
  expect(await send(...events)).toBe(200)
  expect(await stored()).toHaveLength(4_000)
})

test('when the database cannot write, LINE hears 500 and may come again', async () => {
  const { db } = house.store
  await sql`create trigger full_disk before insert on events
    begin select raise(abort, 'database or disk is full'); end`.execute(db)
  const follow = eventOf()
  expect(await send(follow)).toBe(500)
  await sql`drop trigger full_disk`.execute(db)
  expect(await send(follow)).toBe(200)
  await house.settle()
  expect(await accounts()).toMatchObject([{ friend: 1 }])
})
