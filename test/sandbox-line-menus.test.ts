import { buffer } from 'node:stream/consumers'
import { HTTPFetchError, LineBotClient, type messagingApi, type webhook } from '@line/bot-sdk'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLineSandbox, type LineStandIn } from './sandbox/line/start.ts'
import type { Happening } from './sandbox/types.ts'
import { plainPng } from './support/plain-png.ts'

const HOUR_MS = 3_600_000
const SIZE = { width: 2500, height: 843 }

let line: LineStandIn
let bot: LineBotClient
let happenings: Happening[]
let time: number

beforeEach(async () => {
  time = Date.parse('2026-11-22T03:00:00Z')
  happenings = []
  line = await createLineSandbox({
    watch: (happening) => happenings.push(happening),
    now: () => new Date(time),
  })
  bot = LineBotClient.fromChannelAccessToken({
    channelAccessToken: line.channelAccessToken,
    apiBaseURL: line.url,
    dataApiBaseURL: line.url,
  })
})
afterEach(() => line.close())

describe('a rich menu through the real LINE SDK', () => {
  test('is made, gets its picture, and is given back as it was made', async () => {
    const { richMenuId } = await bot.createRichMenu(menu())
    const bytes = plainPng(SIZE)
    await bot.setRichMenuImage(richMenuId, new Blob([bytes], { type: 'image/png' }))
    expect(await bot.getRichMenu(richMenuId)).toEqual({ ...menu(), richMenuId })
    expect(await bot.getRichMenuList()).toEqual({ richmenus: [{ ...menu(), richMenuId }] })
    expect(await buffer(await bot.getRichMenuImage(richMenuId))).toEqual(bytes)
    expect(line.richMenus()).toMatchObject([{ richMenuId, image: { type: 'image/png', bytes } }])
    expect(line.requests).toContain(`POST /v2/bot/richmenu/${richMenuId}/content`)
  })

  test.each<[string, Partial<messagingApi.RichMenuRequest> | { areas: unknown }, string]>([
    ['too narrow', { size: { width: 799, height: 250 } }, 'size.width'],
    ['too wide', { size: { width: 2501, height: 843 } }, 'size.width'],
    ['too low', { size: { width: 800, height: 249 } }, 'size.height'],
    ['too tall for its width', { size: { width: 1000, height: 690 } }, 'size'],
    ['its bar says too much', { chatBarText: 'あ'.repeat(15) }, 'chatBarText'],
    ['its name is too long', { name: 'x'.repeat(301) }, 'name'],
    ['too many areas', { areas: Array(21).fill(area()) }, 'areas'],
    [
      'an area hangs over the edge',
      { areas: [area({ bounds: { x: 1, y: 0, width: 2500, height: 843 } })] },
      'areas[0].bounds',
    ],
    [
      'a label is too long',
      { areas: [area({ action: { type: 'postback', label: 'x'.repeat(21), data: 'a' } })] },
      'areas[0].action.label',
    ],
    [
      'an address is no address',
      { areas: [area({ action: { type: 'uri', label: 'a', uri: 'shop' } })] },
      'areas[0].action.uri',
    ],
    ['an area does nothing', { areas: [{ bounds: area().bounds }] }, 'areas[0].action'],
  ])('is refused when %s, naming the place', async (_what, over, property) => {
    const wrong = { ...menu(), ...over } as messagingApi.RichMenuRequest
    for (const work of [bot.createRichMenu(wrong), bot.validateRichMenuObject(wrong)]) {
      const { status, json } = await refused(work)
      expect([status, json.message]).toEqual([400, 'The request body has 1 error(s)'])
      expect(json.details).toMatchObject([{ property }])
    }
    expect(line.richMenus()).toEqual([])
  })

  test('counts its bar by what a reader sees, and a valid one passes the check unmade', async () => {
    await bot.validateRichMenuObject({ ...menu(), chatBarText: '👨‍👩‍👧'.repeat(14) })
    expect(line.richMenus()).toEqual([])
  })

  test('takes one picture, of exactly its own size, as PNG or JPEG, below 1 MB', async () => {
    const { richMenuId } = await bot.createRichMenu(menu())
    const upload = (bytes: Buffer<ArrayBuffer>, type: string) =>
      refused(bot.setRichMenuImage(richMenuId, new Blob([bytes], { type })))
    const tooSmall = await upload(plainPng({ width: 2500, height: 842 }), 'image/png')
    expect([tooSmall.status, tooSmall.json.message]).toEqual([
      400,
      'The image size is not allowed for richmenu',
    ])
    const tooHeavy = Buffer.concat([plainPng(SIZE), Buffer.alloc(1_000_000)])
    expect((await upload(tooHeavy, 'image/png')).status).toBe(400)
    expect((await upload(plainPng(SIZE), 'image/jpeg')).status).toBe(400)
    expect((await upload(plainPng(SIZE), 'image/gif')).status).toBe(415)
    await bot.setRichMenuImage(richMenuId, new Blob([jpeg(SIZE)], { type: 'image/jpeg' }))
    const again = await upload(plainPng(SIZE), 'image/png')
    expect([again.status, again.json.message]).toEqual([
      400,
      'An image has already been uploaded to the richmenu',
    ])
  })

  test('cannot be made or deleted more than a hundred times an hour', async () => {
    for (let count = 0; count < 100; count++) await bot.createRichMenu(menu())
    const made = line.richMenus()
    for (const { richMenuId } of made) await bot.deleteRichMenu(richMenuId)
    for (const work of [bot.createRichMenu(menu()), bot.deleteRichMenu(made[0]!.richMenuId)]) {
      const { status, json } = await refused(work)
      expect([status, json.message]).toEqual([
        429,
        'The API rate limit has been exceeded. Try again later.',
      ])
    }
    time += HOUR_MS
    const { richMenuId } = await bot.createRichMenu(menu())
    await bot.deleteRichMenu(richMenuId)
    expect((await refused(bot.getRichMenu(richMenuId))).status).toBe(404)
  })

  test('is one of a thousand at most', async () => {
    const { richMenuId } = await bot.createRichMenu(menu())
    const [first] = line.richMenus()
    for (let i = 1; i < 1000; i++) (line as never as Kept).menus.set(`richmenu-${i}`, first)
    expect((await refused(bot.createRichMenu(menu()))).status).toBe(400)
    line.deleteRichMenu(richMenuId)
    await bot.createRichMenu(menu())
  })

  test('refuses a retry key, as LINE does everywhere but at pushes', async () => {
    const answer = await fetch(`${line.url}/v2/bot/richmenu`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${line.channelAccessToken}`,
        'content-type': 'application/json',
        'x-line-retry-key': crypto.randomUUID(),
      },
      body: JSON.stringify(menu()),
    })
    expect(answer.status).toBe(400)
  })
})

describe('who sees which menu', () => {
  test('their own before everybody’s, and everybody’s again when their own is taken away', async () => {
    const { userId } = line.addUser({ name: '花子' })
    expect(line.menuOf(userId)).toBeNull()
    const everybody = await finished('お品書き')
    const members = await finished('会員メニュー')
    await bot.setDefaultRichMenu(everybody)
    expect(await bot.getDefaultRichMenuId()).toEqual({ richMenuId: everybody })
    expect((await refused(bot.getRichMenuIdOfUser(userId))).json.message).toBe(
      'the user has no richmenu',
    )
    expect(line.menuOf(userId)).toMatchObject({ chatBarText: 'お品書き' })
    await bot.linkRichMenuIdToUser(userId, members)
    expect(await bot.getRichMenuIdOfUser(userId)).toEqual({ richMenuId: members })
    expect(line.menuOf(userId)).toMatchObject({ chatBarText: '会員メニュー' })
    await bot.unlinkRichMenuIdFromUser(userId)
    expect(line.menuOf(userId)).toMatchObject({ richMenuId: everybody })
    await bot.cancelDefaultRichMenu()
    expect(line.menuOf(userId)).toBeNull()
    expect((await refused(bot.getDefaultRichMenuId())).json.message).toBe('no default richmenu')
  })

  test('a menu without a picture, and one that nobody made, can be linked to nobody', async () => {
    const { userId } = line.addUser({ name: '花子' })
    const { richMenuId: bare } = await bot.createRichMenu(menu())
    const nobodys = `richmenu-${'0'.repeat(32)}`
    for (const [id, status] of [
      [bare, 400],
      [nobodys, 404],
    ] as const) {
      expect((await refused(bot.linkRichMenuIdToUser(userId, id))).status).toBe(status)
      expect((await refused(bot.setDefaultRichMenu(id))).status).toBe(status)
      const many = bot.linkRichMenuIdToUsers({ richMenuId: id, userIds: [userId] })
      expect((await refused(many)).status).toBe(status)
    }
    expect((await refused(bot.linkRichMenuIdToUser(userId, 'mine'))).status).toBe(400)
  })

  test('linking says 200 for a stranger, a blocker and an unknown id, and nothing happens', async () => {
    const id = await finished('会員メニュー')
    const stranger = line.addUser({ name: '一郎', friend: false }).userId
    const blocker = line.addUser({ name: '次郎' }).userId
    await line.unfollow(blocker)
    const unknown = `U${'0'.repeat(32)}`
    for (const userId of [stranger, blocker, unknown]) {
      await bot.linkRichMenuIdToUser(userId, id)
      expect((await refused(bot.getRichMenuIdOfUser(userId))).status).toBe(404)
    }
    await line.follow(stranger)
    expect(line.menuOf(stranger)).toBeNull()
  })

  test('whoever blocks the shop loses their own menu, and comes back to everybody’s', async () => {
    const { userId } = line.addUser({ name: '花子' })
    await bot.setDefaultRichMenu(await finished('お品書き'))
    await bot.linkRichMenuIdToUser(userId, await finished('会員メニュー'))
    await line.unfollow(userId)
    expect(line.menuOf(userId)).toBeNull()
    await line.follow(userId)
    expect(line.menuOf(userId)).toMatchObject({ chatBarText: 'お品書き' })
  })

  test('when a menu is deleted, those who had it fall back to everybody’s', async () => {
    const { userId } = line.addUser({ name: '花子' })
    const members = await finished('会員メニュー')
    await bot.linkRichMenuIdToUser(userId, members)
    line.deleteRichMenu(members)
    expect(line.menuOf(userId)).toBeNull()
    expect((await refused(bot.getRichMenuIdOfUser(userId))).status).toBe(404)
    expect((await refused(bot.deleteRichMenu(members))).status).toBe(404)
  })

  test('many are linked and unlinked at once, at most five hundred, and none if one id is malformed', async () => {
    const richMenuId = await finished('会員メニュー')
    const userIds = Array.from({ length: 500 }, (_, i) => line.addUser({ name: `${i}` }).userId)
    const { httpResponse } = await bot.linkRichMenuIdToUsersWithHttpInfo({ richMenuId, userIds })
    expect(httpResponse.status).toBe(202)
    expect(userIds.every((id) => line.menuOf(id)?.richMenuId === richMenuId)).toBe(true)
    const off = await bot.unlinkRichMenuIdFromUsersWithHttpInfo({ userIds })
    expect([off.httpResponse.status, line.menuOf(userIds[0]!)]).toEqual([202, null])
    const one = line.addUser({ name: 'one more' }).userId
    for (const wrong of [[...userIds, one], [], [one, 'x']])
      expect(
        (await refused(bot.linkRichMenuIdToUsers({ richMenuId, userIds: wrong }))).status,
      ).toBe(400)
    expect(line.menuOf(one)).toBeNull()
  })

  test('the timeline hears of the call, and of the phone whose menu changed', async () => {
    const { userId } = line.addUser({ name: '花子' })
    const id = await finished('会員メニュー')
    await expect.poll(() => happenings.length).toBe(2)
    await bot.linkRichMenuIdToUser(userId, id)
    await bot.linkRichMenuIdToUser(userId, id)
    await expect.poll(() => happenings.length).toBe(5)
    expect(happenings.slice(2)).toMatchObject([
      { from: 'noren', to: 'line', status: 200 },
      { from: 'line', to: 'buyer', title: 'rich menu', detail: { chatBarText: '会員メニュー' } },
      { from: 'noren', to: 'line', status: 200 },
    ])
  })
})

describe('what people do in a chat or a group', () => {
  let shop: FastifyInstance
  let events: webhook.Event[]

  beforeEach(async () => {
    events = []
    shop = Fastify()
    shop.post<{ Body: webhook.CallbackRequest }>('/', async ({ body }) => {
      events.push(...body.events)
      return {}
    })
    line.sendWebhooksTo(await shop.listen({ host: '127.0.0.1', port: 0 }))
  })
  afterEach(() => shop.close())

  test('a tapped button reaches the shop as its data, and is answered for free in the same chat', async () => {
    const { userId } = line.addUser({ name: '花子' })
    await line.tap(userId, 'join', '会員になる')
    expect(events).toMatchObject([
      { type: 'postback', source: { type: 'user', userId }, postback: { data: 'join' } },
    ])
    await reply('ようこそ')
    expect(line.chat(userId)).toMatchObject([{ reply: true, delivered: true, to: userId }])
    expect(line.quota.used).toBe(0)
    expect(line.said(userId)).toEqual([{ to: userId, from: userId, at: time, text: '会員になる' }])
  })

  test('words in a group come from the group, and the answer goes back into it', async () => {
    const { userId } = line.addUser({ name: '花子' })
    const groupId = line.addGroup('お茶の会')
    await line.sayInGroup(groupId, userId, '会員')
    expect(events).toMatchObject([
      {
        type: 'message',
        source: { type: 'group', groupId, userId },
        message: { type: 'text', text: '会員' },
      },
    ])
    await reply('一対一のトークでどうぞ')
    expect(line.chat(userId)).toEqual([])
    expect(line.chat(groupId)).toMatchObject([{ reply: true, to: groupId }])
    expect(line.said(groupId)).toMatchObject([{ from: userId, text: '会員' }])
    expect(line.said(userId)).toEqual([])
  })

  test('a push is told apart from an answer', async () => {
    const { userId } = line.addUser({ name: '花子' })
    await bot.pushMessage({ to: userId, messages: [{ type: 'text', text: 'お知らせ' }] })
    expect(line.chat(userId)[0]).not.toHaveProperty('reply')
  })

  async function reply(text: string): Promise<void> {
    const event = events.at(-1) as { replyToken?: string } | undefined
    const replyToken = event?.replyToken ?? expect.unreachable('no reply token')
    await bot.replyMessage({ replyToken, messages: [{ type: 'text', text }] })
  }
})

type Kept = { menus: Map<string, unknown> }
type Refused = HTTPFetchError & {
  json: { message: string; details?: { message: string; property: string }[] }
}

async function refused(work: Promise<unknown>): Promise<Refused> {
  const error = await work.then(
    () => expect.unreachable('LINE should have refused'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof HTTPFetchError)) throw error
  return Object.assign(error, { json: JSON.parse(error.body) })
}

/** Made and with its picture: ready to be linked. */
async function finished(chatBarText: string): Promise<string> {
  const { richMenuId } = await bot.createRichMenu({ ...menu(), chatBarText })
  await bot.setRichMenuImage(richMenuId, new Blob([plainPng(SIZE)], { type: 'image/png' }))
  return richMenuId
}

function menu() {
  return { size: SIZE, selected: true, name: '梅', chatBarText: 'メニュー', areas: [area()] }
}

function area(over: Partial<messagingApi.RichMenuArea> = {}): messagingApi.RichMenuArea {
  const bounds = { x: 0, y: 0, width: 2500, height: 843 }
  const uri = 'https://liff.line.me/2000000001-NorenAbc/orders'
  return { bounds, action: { type: 'uri', label: '注文', uri }, ...over }
}

/** Only the beginning of a picture: nobody looks further than its size. */
function jpeg({ width, height }: typeof SIZE): Buffer<ArrayBuffer> {
  const frame = Buffer.from('ffc2001108000000000301220002110103110100', 'hex')
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  const table = Buffer.from('ffc400040000', 'hex')
  return Buffer.concat([Buffer.from('ffd8ffe000044a46', 'hex'), table, frame])
}
