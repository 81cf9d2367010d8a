import { LineBotClient } from '@line/bot-sdk'
import fastify, { type FastifyInstance } from 'fastify'
import { h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { commandsLike, inTheirWords } from './sandbox/demo-page/browser/discord/find-command.ts'
import {
  blocksOf,
  type Inline,
  inlineOf,
} from './sandbox/demo-page/browser/discord/parse-markdown.ts'
import { whereLinkLeads } from './sandbox/demo-page/browser/discord/where-link-leads.ts'
import { FlexMessage } from './sandbox/demo-page/browser/flex/flex-message.tsx'
import { whatTapDoes } from './sandbox/demo-page/browser/follow-link.ts'
import { quickRepliesOf, saysToShop, talkOf } from './sandbox/demo-page/browser/talk.ts'
import { en } from './sandbox/demo-page/browser/words-en.ts'
import { ja } from './sandbox/demo-page/browser/words-ja.ts'
import { demoRoutes } from './sandbox/demo-page/routes.ts'
import type { DemoState } from './sandbox/demo-page/state.ts'
import { createLineSandbox } from './sandbox/line/start.ts'
import { openOtherBrowser } from './sandbox/other-browser.ts'
import { createStripeSandbox } from './sandbox/stripe/start.ts'
import type {
  AcceptedPush,
  Happening,
  LineSandbox,
  Said,
  StripeSandbox,
  Watch,
} from './sandbox/types.ts'
import { plainPng } from './support/plain-png.ts'

const SHOP_URL = 'http://127.0.0.1:4000'

describe('the server of the demo page', () => {
  let app: FastifyInstance
  let stripe: StripeSandbox
  let line: LineSandbox
  let url: string
  const watchers = new Set<Watch>()
  const tellAll: Watch = (happening) => {
    for (const watch of watchers) watch(happening)
  }

  beforeEach(async () => {
    stripe = await createStripeSandbox({ watch: tellAll })
    line = await createLineSandbox({ watch: tellAll })
    app = fastify()
    await app.register(demoRoutes, {
      stripe,
      line,
      watchers: (watch) => {
        watchers.add(watch)
        return () => watchers.delete(watch)
      },
      readRows: async () => ({ events: [], orders: [], deliveries: [], jobs: [], members: [] }),
      shopUrl: SHOP_URL,
      shop: { name: 'のれん茶房', brand: '#2f5d50', roles: [] },
      people: [line.addUser({ name: '美咲' }), line.addUser({ name: '健太', friend: false })],
      staff: { id: line.addGroup('店番'), name: '店番' },
    })
    url = await app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterEach(async () => {
    await app.close()
    await Promise.all([stripe.close(), line.close()])
    expect(watchers.size).toBe(0)
  })

  test('the page comes whole, with its own scripts and styles and nothing from elsewhere', async () => {
    for (const path of ['/__demo/', '/__demo/mail']) {
      const page = await app.inject({ url: path, headers: { host: new URL(SHOP_URL).host } })
      expect(page.headers['content-security-policy']).toContain("script-src 'self'")
      const parts = [...page.body.matchAll(/(?:src|href)="([^d"][^"]+)"/g)].map(([, part]) => part)
      expect(parts.some((part) => /^\.\/.*\.js$/.test(`${part}`))).toBe(true)
      expect(parts.some((part) => /^\.\/.*\.css$/.test(`${part}`))).toBe(true)
      for (const part of parts)
        expect((await fetch(new URL(`${part}`, `${url}/__demo/`))).status).toBe(200)
    }
    expect((await fetch(`${url}/__demo/nothing.js`)).status).toBe(404)
  })

  test('whoever comes by another name of this machine is led to the one that the shop answers to', async () => {
    const answer = await fetch(`${url}/__demo/?lang=en`, { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([
      302,
      `${SHOP_URL}/__demo/?lang=en`,
    ])
  })

  test('a page that opens late hears what went before, and one that comes back only what it missed', async () => {
    tellAll(happening('first'))
    tellAll(happening('second'))
    const all = await read(`${url}/__demo/stream`, (heard) => heard.happenings.length === 2)
    expect(all.happenings.map(({ title }) => title)).toEqual(['first', 'second'])
    const id = String(all.happenings[0]?.id)
    const missed = await read(`${url}/__demo/stream`, (heard) => heard.state !== null, id)
    expect(missed.happenings.map(({ title }) => title)).toEqual(['second'])
    expect(missed.state).toMatchObject({ holder: line.holder, lineOff: false, waiting: null })
  })

  test('what Noren does while it opens its shop is not told; the story begins with the first deed', async () => {
    tellAll({ ...happening('opening'), from: 'noren', to: 'stripe' })
    tellAll({ ...happening('a purchase'), from: 'buyer', to: 'stripe' })
    tellAll({ ...happening('a look'), from: 'noren', to: 'stripe' })
    const all = await read(`${url}/__demo/stream`, (heard) => heard.happenings.length === 2)
    expect(all.happenings.map(({ title }) => title)).toEqual(['a purchase', 'a look'])
  })

  test('what a button changes reaches every open page', async () => {
    const heard = read(`${url}/__demo/stream`, ({ state }) => state?.lineOff === true)
    expect((await press({ action: 'line_off' })).status).toBe(200)
    expect((await heard).state?.lineOff).toBe(true)
  })

  test('a message to the staff group is shown as reaching the shop, not the buyer', async () => {
    const heard = read(`${url}/__demo/stream`, ({ happenings }) => happenings.length === 2)
    const state = await read(`${url}/__demo/stream`, (now) => now.state !== null)
    tellAll({ ...happening('to the staff'), detail: { to: state.state?.staff?.id } })
    tellAll({ ...happening('to the buyer'), detail: { to: line.holder } })
    expect((await heard).happenings.map(({ to }) => to)).toEqual(['shop', 'buyer'])
  })

  test('when the phone changes hands, the session of whoever held it ends', async () => {
    const kenta = line.user(line.holder ?? '')
    const answer = await press(
      { action: 'hand_phone_to', userId: kenta?.userId },
      { cookie: 'noren_session=abc; other=1' },
    )
    const ended = answer.headers.getSetCookie()
    expect(ended.filter((cookie) => cookie.includes('noren_session=; Path=/'))).toHaveLength(2)
    expect(ended.every((cookie) => cookie.includes('Max-Age=0'))).toBe(true)
  })

  test('a button that cannot do anything says why, and an unknown one is refused', async () => {
    const answer = await press({ action: 'settle_konbini' })
    expect([answer.status, await answer.json()]).toEqual([
      409,
      { done: false, reason: 'nothing_waiting' },
    ])
    expect((await press({ action: 'sell_the_shop' })).status).toBe(400)
  })

  test('the phone is told of the menu of whoever holds it, and its picture comes from an address of its own', async () => {
    const bot = LineBotClient.fromChannelAccessToken({
      channelAccessToken: line.channelAccessToken,
      apiBaseURL: line.url,
      dataApiBaseURL: line.url,
    })
    const before = await read(`${url}/__demo/stream`, ({ state }) => state !== null)
    expect(before.state?.menu).toBeNull()
    const size = { width: 2500, height: 843 }
    const bounds = { x: 0, y: 0, width: 2500, height: 843 }
    const areas = [{ bounds, action: { type: 'message' as const, label: '会員', text: '会員' } }]
    const menu = { size, selected: true, chatBarText: '会員メニュー', areas }
    const { richMenuId } = await bot.createRichMenu({ ...menu, name: 'members' })
    const bytes = plainPng(size)
    await bot.setRichMenuImage(richMenuId, new Blob([bytes], { type: 'image/png' }))
    await bot.linkRichMenuIdToUser(line.holder ?? '', richMenuId)

    const { state } = await read(`${url}/__demo/stream`, (heard) => heard.state !== null)
    expect(state?.menu).toEqual({ ...menu, richMenuId, picture: `menus/${richMenuId}` })
    const picture = await fetch(`${url}/__demo/${state?.menu?.picture}`)
    expect(picture.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(bytes)
    expect((await fetch(`${url}/__demo/menus/richmenu-0`)).status).toBe(404)
  })

  test('what the holder writes is in the state that the page is sent', async () => {
    expect((await press({ action: 'say', text: '' })).status).toBe(400)
    expect((await press({ action: 'say', text: '会員' })).status).toBe(200)
    const { state } = await read(`${url}/__demo/stream`, (heard) => heard.state !== null)
    expect(state?.said).toMatchObject([{ from: line.holder, text: '会員' }])
  })

  function press(action: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${url}/__demo/act`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(action),
    })
  }
})

describe('the phone', () => {
  const shop = { url: SHOP_URL, liffId: '2000000001-Noren' }

  test.each([
    [
      'https://liff.line.me/2000000001-Noren/orders/cs_1?a=b',
      'open',
      `${SHOP_URL}/orders/cs_1?a=b`,
    ],
    ['https://liff.line.me/2000000001-Noren', 'open', `${SHOP_URL}/`],
    ['http://127.0.0.1:9/voucher/pi_1', 'open', 'http://127.0.0.1:9/voucher/pi_1'],
    ['https://example.com/', 'outside', 'https://example.com/'],
    // The link for a computer is meant for another screen.
    [`${SHOP_URL}/link#token`, 'outside', `${SHOP_URL}/link#token`],
  ])('a tap on %s goes to the right place (%s)', (link, kind, to) => {
    expect(whatTapDoes(link, shop)).toEqual({ kind, url: to })
  })

  test('a tap on an "add as a friend" link adds the shop, and one on anything but a web link does nothing', () => {
    expect(whatTapDoes('https://line.me/R/ti/p/@noren', shop)).toEqual({ kind: 'add_friend' })
    for (const link of ['javascript:alert(1)', 'data:text/html,hi', 'tel:0774000000', 'no link'])
      expect(whatTapDoes(link, shop)).toBeNull()
  })

  test('the chat is one talk in order of time, and an answer stands below its question', () => {
    const talk = talkOf([push(10, 'いらっしゃいませ'), push(20, '会員の方へ')], [said(20, '会員')])
    expect(talk.map((entry) => ('said' in entry ? entry.said.text : textOf(entry.push)))).toEqual([
      'いらっしゃいませ',
      '会員',
      '会員の方へ',
    ])
    expect(new Set(talk.map(({ key }) => key)).size).toBe(3)
  })

  test('suggested answers are those of the last message, and gone once somebody has written', () => {
    const join = { type: 'message', label: '入会', text: '入会する' } as const
    const offer = push(10, 'いかがですか', {
      quickReply: { items: [{ type: 'action', action: join }] },
    })
    expect(quickRepliesOf(talkOf([offer], []))).toEqual([join])
    expect(quickRepliesOf(talkOf([offer], [said(11, '入会する')]))).toEqual([])
    expect(quickRepliesOf(talkOf([{ ...offer, delivered: false }], []))).toEqual([])
  })

  test('a tapped action says its words, or sends its data with the words that it shows; a link says nothing', () => {
    const says = (action: object) => saysToShop(action as never)
    expect(says({ type: 'message', label: '会員', text: '会員' })).toEqual({
      action: 'say',
      text: '会員',
    })
    expect(says({ type: 'postback', data: 'a' })).toEqual({ action: 'tap', data: 'a' })
    expect(says({ type: 'postback', data: 'a', displayText: '見る' })).toEqual({
      action: 'tap',
      data: 'a',
      shown: '見る',
    })
    expect(says({ type: 'uri', uri: 'https://example.com/' })).toBeNull()
  })

  test('a receipt keeps its weights, colours and wrapping, and what is no colour is left out', () => {
    const html = show([
      { type: 'text', text: '煎茶 <b>', wrap: true, flex: 5, color: '#555555', size: 'sm' },
      { type: 'text', text: '¥2,160', align: 'end', flex: 0, color: 'red;background:url(x)' },
    ])
    expect(html).toContain('aria-label="合計 ¥2,160 です。"')
    expect(html).toContain('煎茶 &lt;b>')
    expect(html).toMatch(/flex: ?5 1 0/)
    expect(html).toMatch(/flex: ?0 0 auto/)
    expect(html).toMatch(/font-size: ?14px[^"]*color: ?#555555/)
    expect(html).not.toContain('url(x)')
  })
})

describe('the Discord window', () => {
  const shop = { url: 'http://localhost:4000', liffId: '2000000001-Noren' }
  const hana = { id: '1574265009683300353', name: 'hana', locale: 'ja' }
  const leads = (link: string, reader = hana) =>
    whereLinkLeads(link, shop, 'http://localhost:5000', reader)

  test('a one-time link opens at the door of its own browser, in the reader’s language, with its token behind the #', () => {
    const link = `${shop.url}/link?to=%2Fjoin#token`
    const led = leads(link, { ...hana, locale: 'en-US' })
    expect(led).toMatchObject({ to: 'browser', url: link })
    const door = new URL((led as { door: string }).door)
    expect(`${door.origin}${door.pathname}`).toBe('http://localhost:5000/__open')
    expect(Object.fromEntries(door.searchParams)).toEqual({ for: hana.id, language: 'en' })
    expect(decodeURIComponent(door.hash)).toBe('#/link?to=%2Fjoin#token')
  })

  test('a link into LINE opens on the phone, any other outside, and what is no web link nowhere', () => {
    expect(leads('https://liff.line.me/2000000001-Noren/accounts#abc')).toEqual({
      to: 'line',
      path: '/accounts#abc',
    })
    expect(leads('https://example.com/')).toEqual({ to: 'outside', url: 'https://example.com/' })
    for (const link of ['javascript:alert(1)', 'no link']) expect(leads(link)).toBeNull()
  })

  test.each([
    ['**のれん**の会', [['strong', 'のれん'], 'の会']],
    ['\\*\\*茶\\*\\* \\@everyone 5\\_000', ['**茶** @everyone 5_000']],
    ['`/join` と [ここ](https://a.example/x)', [['code', '/join'], ' と ', ['link', 'ここ']]],
    ['snake_case_name と 2*3*4', ['snake_case_name と 2', ['em', '3'], '4']],
    ['<t:1700000000:D> <@1574265009683300353>', [['time', ''], ' ', ['mention', '@…']]],
    ['<b>&amp;', ['<b>&amp;']],
  ])('Discord reads "%s" as it is meant', (source, parts) => {
    expect(inlineOf(source).map(plainly)).toEqual(parts)
  })

  test('headings, quotes, small print and code stand in lines of their own', () => {
    const blocks = blocksOf('## 明細\n- 煎茶\n> 領収\n-# 税込\n```\na  b\n```\n以上')
    expect(blocks.map(({ kind }) => kind)).toEqual([
      ...['heading', 'item', 'quote', 'small', 'code', 'lines'],
    ])
  })

  test('a stroke offers every command in the reader’s language, and either name finds it', () => {
    const command = (name: string, ja: string) =>
      ({ name, description: name, name_localizations: { ja } }) as never
    const all = [command('join', '入会'), command('membership', '会員証')]
    const found = (draft: string, locale = 'ja') =>
      commandsLike(draft, all, locale).map((one) => inTheirWords(one, locale).name)
    expect(found('/')).toEqual(['入会', '会員証'])
    expect(found('/', 'en-US')).toEqual(['join', 'membership'])
    expect([found('/会'), found('/mem'), found('/x'), found('会員')]).toEqual([
      ...[['会員証'], ['会員証'], [], []],
    ])
  })
})

test('what Discord opens keeps cookies of its own, and who comes back from Stripe comes back there', async () => {
  const seen: (string | undefined)[] = []
  const shop = fastify()
  const stripe = fastify()
  let address = ''
  shop.get('/', (request, reply) => {
    seen.push(request.headers.cookie)
    const headers = { 'set-cookie': 'noren_session=2; Path=/', 'x-pay': 'no' }
    const policy = { 'content-security-policy': "frame-ancestors 'self'" }
    return reply.headers({ ...headers, ...policy }).send({ url: `${stripeUrl}/pay` })
  })
  stripe.get('/pay', (_request, reply) => reply.redirect(`${address}/return`, 303))
  address = await shop.listen({ port: 0, host: '127.0.0.1' })
  const stripeUrl = await stripe.listen({ port: 0, host: '127.0.0.1' })
  const browser = await openOtherBrowser({ shop: address, stripe: stripeUrl })

  const cookie = 'noren_session=1; other-browser.noren_session=3'
  const answer = await fetch(browser.url, { headers: { cookie } })
  expect(seen).toEqual(['noren_session=3'])
  expect(answer.headers.getSetCookie()).toEqual(['other-browser.noren_session=2; Path=/'])
  expect(answer.headers.get('content-security-policy')).toBe(`frame-ancestors ${address}`)
  const { url } = (await answer.json()) as { url: string }
  expect(url.startsWith(stripeUrl)).toBe(false)
  const back = await fetch(url, { redirect: 'manual' })
  expect([back.status, back.headers.get('location')]).toEqual([303, `${browser.url}/return`])

  const other = await fetch(`${browser.url}/__open?for=2`, { headers: { cookie } })
  expect(other.headers.getSetCookie()).toEqual([])
  const taken = await fetch(`${browser.url}/__open?for=3`, { headers: { cookie } })
  expect(taken.headers.getSetCookie()).toEqual(['other-browser.noren_session=; Path=/; Max-Age=0'])
  await Promise.all([browser.close(), shop.close(), stripe.close()])
})

test('the page says the same things in Japanese and in English, and leaves nothing unsaid', () => {
  expect(shape(en)).toEqual(shape(ja))
  expect(JSON.stringify(shape(ja))).not.toContain('UNSAID')
})

/** A part of a text: its words where it is plain, else what it is and the words in it. */
function plainly(part: Inline): string | [string, string] {
  if (part.kind === 'text') return part.text
  if ('text' in part) return [part.kind, part.text]
  return [part.kind, 'parts' in part ? part.parts.map(plainly).join('') : '']
}

function push(at: number, text: string, more: object = {}): AcceptedPush {
  const messages = [{ type: 'text', text, ...more }]
  return { to: 'U1', at, retryKey: null, messages, delivered: true }
}

function said(at: number, text: string): Said {
  return { to: 'U1', from: 'U1', at, text }
}

function textOf({ messages }: AcceptedPush): unknown {
  return messages[0]?.['text']
}

function happening(title: string): Happening {
  return { at: 0, from: 'line', to: 'buyer', title }
}

type Heard = { state: DemoState | null; happenings: (Happening & { id: number })[] }

/** Listens like a browser until `enough` says so; without an answer the test's own time-out ends it. */
async function read(
  url: string,
  enough: (heard: Heard) => boolean,
  after?: string,
): Promise<Heard> {
  const stop = new AbortController()
  const response = await fetch(url, {
    signal: stop.signal,
    headers: after ? { 'last-event-id': after } : {},
  })
  const heard: Heard = { state: null, happenings: [] }
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null')
      if (block.includes('event: state')) heard.state = data
      if (block.includes('event: happening')) heard.happenings.push(data)
    }
    if (enough(heard)) break
  }
  stop.abort()
  return heard
}

function show(contents: object[]): string {
  const body = { type: 'box', layout: 'horizontal', contents }
  const message = {
    type: 'flex',
    altText: '合計 ¥2,160 です。',
    contents: { type: 'bubble', body },
  } as never
  return renderToString(h(FlexMessage, { message, onAction: () => {} }))
}

/** Every key with what stands there: a text, an empty one, or a function and how much it wants to know. */
function shape(words: unknown): unknown {
  if (typeof words === 'function') return `function of ${words.length}`
  if (typeof words === 'string') return words.trim() ? 'text' : 'UNSAID'
  return Object.fromEntries(
    Object.entries(words as object).map(([key, value]) => [key, shape(value)]),
  )
}
