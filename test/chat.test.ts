import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { giveRole } from '../server/memberships/give-role.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'

let club: Club
let hana: LineUser

beforeAll(async () => {
  club = await openClub()
})
beforeEach(() => {
  hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
})
afterEach(() => club.line.clearFaults())
afterAll(() => club.close())

const repliesTo = (to = hana.userId) => club.line.chat(to).filter(({ reply }) => reply)
const pushesTo = (to = hana.userId) => club.line.chat(to).filter(({ reply }) => !reply)
const asked = (endpoint: RegExp) => club.line.requests.filter((each) => endpoint.test(each)).length
/** Everything in the newest answer: texts, buttons and all. */
const answer = (to = hana.userId) => JSON.stringify(repliesTo(to).at(-1)?.messages ?? null)

async function say(text: string, user = hana): Promise<string> {
  await club.line.say(user.userId, text)
  await club.settle()
  return answer(user.userId)
}

/** A webhook of LINE's own making; each call is a new event. */
let counted = 0
function eventOf(text: string, over: Record<string, unknown> = {}): Record<string, unknown> {
  counted += 1
  return {
    type: 'message',
    mode: 'active',
    timestamp: Date.now(),
    source: { type: 'user', userId: hana.userId },
    webhookEventId: `01CHAT${String(counted).padStart(20, '0')}`,
    deliveryContext: { isRedelivery: false },
    replyToken: 'nobody-knows-this-token',
    message: { type: 'text', id: '1', text },
    ...over,
  }
}
const send = (...events: unknown[]) => club.line.sendWebhook({ destination: 'U', events })
const stored = () => club.store.db.selectFrom('events').selectAll().execute()
const eventBy = (id: unknown) =>
  club.store.db.selectFrom('events').selectAll().where('id', '=', String(id)).executeTakeFirst()
const linksOf = (user = hana) =>
  club.store.db
    .selectFrom('links')
    .selectAll()
    .where('account_id', '=', `line:${user.userId}`)
    .execute()
async function personOf(user = hana): Promise<string> {
  await club.cookieOf(user)
  const account = await club.store.db
    .selectFrom('accounts')
    .select('person_id')
    .where('id', '=', `line:${user.userId}`)
    .executeTakeFirstOrThrow()
  return account.person_id
}

test.each([
  ['会員', /\/join/],
  ['ｶｲｲﾝ', /\/join/],
  ['「会員」。', /\/join/],
  ['Member', /\/join/],
  ['ＭＥＭＢＥＲ', /\/join/],
  ['สมาชิก', /\/join/],
  ['會員', /\/join/],
  ['解約', /\/join/],
  ['注文', /\/orders/],
  ['ｵｰﾀﾞｰ', /\/orders/],
  ['友だち', /友だち/],
  ['お店', /liff/],
  ['ヘルプ', /解約/],
  ['/help', /解約/],
])('%s is answered at once and free of charge', async (word, says) => {
  expect(await say(word)).toMatch(says)
  expect(repliesTo()).toHaveLength(1)
  expect(pushesTo()).toEqual([])
})

test('a sentence is for the staff: it is not answered, and not kept', async () => {
  const before = asked(/reply|push/)
  for (const sentence of [
    '会員ですが、注文した羊羹が届きません',
    '解約はまだしません',
    'りんごの🍎',
  ])
    await club.line.say(hana.userId, sentence)
  await club.settle()
  expect(asked(/reply|push/)).toBe(before)
  const kept = JSON.stringify(await stored())
  expect(kept).not.toMatch(/羊羹|まだしません|りんご/)
  expect((await stored()).filter(({ doorbell }) => doorbell.includes(hana.userId))).toSatisfy(
    (rows: { outcome: string; doorbell: string }[]) =>
      rows.length === 3 &&
      rows.every((row) => row.outcome === 'ignored' && !('chat' in JSON.parse(row.doorbell))),
  )
})

describe('a button', () => {
  test.each([
    ['noren:membership', /\/join/],
    ['noren:orders', /\/orders/],
    ['noren:join-2024', /\/join/],
    ['noren:something-of-long-ago', /liff/],
    ['noren:', /liff/],
  ])('%s still leads somewhere', async (data, says) => {
    await club.line.tap(hana.userId, data)
    await club.settle()
    expect(answer()).toMatch(says)
    expect(pushesTo()).toEqual([])
  })

  test.each(['richmenu-changed-to-b', 'action=buy&id=1', ''])(
    'of another program (%j) is none of our business',
    async (data) => {
      await club.line.tap(hana.userId, data)
      await club.settle()
      expect(repliesTo()).toEqual([])
    },
  )
})

test('in a group everybody reads along: one pointer, and nothing of who asked', async () => {
  await club.join(hana, club.links.premium)
  const group = club.line.addGroup('お茶の会')
  const before = (await linksOf()).length
  for (const word of ['会員', '解約']) await club.line.sayInGroup(group, hana.userId, word)
  await club.settle()
  expect(repliesTo(group)).toHaveLength(2)
  expect(pushesTo(group)).toEqual([])
  const said = answer(group)
  expect(said).toContain('1対1')
  expect(said).not.toMatch(/link#|花|特別会員|1,500|liff/)
  expect(await linksOf()).toHaveLength(before)
  expect(repliesTo()).toEqual([])
})

describe('an answer that does not arrive', () => {
  test('because the token was used or is too old is not tried again, and leaves no way in behind', async () => {
    const event = eventOf('会員')
    const before = asked(/reply/)
    await send(event)
    await club.settleFor(120)
    expect(asked(/reply/)).toBe(before + 1)
    expect(await eventBy(event['webhookEventId'])).toMatchObject({ outcome: 'handled' })
    expect(await linksOf()).toEqual([])

    await club.line.say(hana.userId, '会員')
    club.forward({ seconds: 61 })
    await club.settleFor(120)
    expect(asked(/reply/)).toBe(before + 2)
    expect([repliesTo(), pushesTo()]).toEqual([[], []])
  })

  test('because LINE is out of order is tried again, arrives once, and brings one way in', async () => {
    club.line.addFault({ on: /message\/reply/, times: Number.POSITIVE_INFINITY, status: 500 })
    await club.line.say(hana.userId, '会員')
    await club.settleFor(59)
    expect(repliesTo()).toHaveLength(0)
    const other = club.line.addUser({ name: '月', friend: true })
    club.line.clearFaults()
    club.line.addFault({ on: /message\/reply/, times: 2, status: 500 })
    await club.line.say(other.userId, '会員')
    await club.settleFor(30)
    expect(repliesTo(other.userId)).toHaveLength(1)
    expect(answer(other.userId)).toContain('/link#')
    expect(await linksOf(other)).toHaveLength(1)
    expect(pushesTo(other.userId)).toEqual([])
  })
})

test('a channel in standby says nothing: another program is talking', async () => {
  const before = asked(/reply|push/)
  const silent = eventOf('会員', { mode: 'standby' })
  await send(silent, eventOf('会員', { mode: 'standby', replyToken: undefined }))
  await club.settle()
  expect(asked(/reply|push/)).toBe(before)
  expect((await eventBy(silent['webhookEventId']))?.handled_at).not.toBeNull()
})

test('what LINE delivers twice is answered once', async () => {
  await club.line.say(hana.userId, '会員')
  await club.settle()
  const [token] = repliesTo()
  expect(token).toBeDefined()
  const before = asked(/reply/)
  const event = eventOf('会員')
  await send(event)
  await send({ ...event, deliveryContext: { isRedelivery: true } })
  await club.settle()
  expect(asked(/reply/)).toBe(before + 1)
})

describe('「会員」 says', () => {
  test('to a guest which plans there are, what they cost, and where to join', async () => {
    const said = await say('会員')
    expect(said).toMatch(/のれん会員.*¥500.*のれん特別会員.*¥1,500/)
    expect(said).not.toContain('定期便')
    expect(said).toContain('/link#')
  })

  test('to a member what they are, and when it is charged next', async () => {
    const { customer, subscription } = await club.join(hana, club.links.member)
    expect(await say('会員')).toMatch(/次回のお支払い日/)
    expect(answer()).toContain('会員ページを開く')
    expect(answer()).not.toContain('/join')
    await club.stripe.cancelSubscription(subscription, 'period_end')
    await club.settle()
    expect(await say('会員')).toMatch(/までご利用いただけます/)
    await club.pass(customer, { months: 1, days: 1 })
    expect(await say('会員')).toContain('/join')
  })

  test('to whom a payment is missing where to mend it', async () => {
    const { customer } = await club.join(hana, club.links.member)
    club.stripe.refuseCard(customer, true)
    await club.pass(customer, { months: 1 })
    expect(await say('会員')).toContain('お支払い方法を更新する')
    expect(answer()).not.toContain('/join')
  })

  test('on a trial until when it is free', async () => {
    await club.join(hana, club.links.trial)
    expect(await say('会員')).toMatch(/まで無料/)
  })

  test('to whom the shop has given it, that nobody charges for it', async () => {
    const gift = { role: 'member', until: null, note: null }
    await giveRole(club.members, await personOf(), gift)
    expect(await say('会員')).toContain('有効期限はございません')
    expect(await say('解約')).toContain('解約のお手続きは必要ございません')
    expect(answer()).not.toContain('/join')
  })

  test('to whom the bank took the payment back nothing of joining a second time', async () => {
    const { session } = await club.join(hana, club.links.member)
    await club.stripe.dispute(session)
    await club.settle()
    expect(await say('会員')).not.toContain('/join')
    expect(await say('解約')).toContain('membership')
  })
})

describe('「解約」', () => {
  test('leads a member there in one step', async () => {
    await club.join(hana, club.links.member)
    expect(await say('解約')).toMatch(/membership[^"]*cancel/)
  })

  test('leads who has a box of tea sent there too, and sells them nothing', async () => {
    await club.join(hana, club.links.box)
    const said = await say('解約')
    expect(said).toMatch(/membership[^"]*cancel/)
    expect(said).toContain('お茶の定期便')
    expect(said).not.toContain('/join')
    const cookie = await club.cookieOf(hana)
    const portal = await club.api(cookie, 'POST', '/api/portal', { view: 'cancel' })
    expect(portal.status).toBe(200)
  })
})

test('a stranger is answered in their own language, for which LINE is asked once', async () => {
  const malee = club.line.addUser({ name: 'Malee', friend: false, language: 'th' })
  const before = asked(/GET \/v2\/bot\/profile/)
  expect(await say('สมาชิก', malee)).toMatch(/[\u0e00-\u0e7f]{4}/)
  await say('Member', malee)
  expect(repliesTo(malee.userId)).toHaveLength(2)
  expect(asked(/GET \/v2\/bot\/profile/)).toBe(before + 1)
})

test('a stranger is answered in the shop’s language while LINE does not say who they are', async () => {
  const malee = club.line.addUser({ name: 'Malee', friend: true, language: 'th' })
  club.line.addFault({ on: /bot\/profile/, times: 9, status: 500 })
  expect(await say('Member', malee)).toContain('プラン')
})

test('what waited for somebody out of reach is sent when they write, though no follow was heard', async () => {
  await club.cookieOf(hana)
  const account = club.store.db.updateTable('accounts').where('id', '=', `line:${hana.userId}`)
  await account.set({ friend: 0, profile_at: new Date().toISOString() }).execute()
  await club.join(hana, club.links.member)
  expect(pushesTo()).toEqual([])
  await account.set({ language: null, profile_at: null }).execute()
  await say('会員')
  expect(JSON.stringify(pushesTo())).toContain('会員')
})
