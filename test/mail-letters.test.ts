import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderMessage } from '../server/line/render.ts'
import { openMailChannel } from '../server/mail/channel.ts'
import { type RenderedMail, renderMail } from '../server/mail/render.ts'
import { GROUND, INK, PAPER, QUIET, TINT } from '../server/mail/style.ts'
import type { MailChannel, MailMessage } from '../server/ports.ts'
import { AA, contrastOf } from '../shared/contrast.ts'
import { messagesIn } from '../shared/i18n/messages/messages-in.ts'
import { LANGUAGES, type Language } from '../shared/language.ts'
import { checkMessages } from './sandbox/line/check-message.ts'
import { createMailSandbox } from './sandbox/mail/start.ts'
import type { MailSandbox } from './sandbox/types.ts'
import { sampleMails } from './support/sample-mails.ts'
import {
  campaignMessage,
  inviteMessage,
  memberMessage,
  orderMessage,
  readBubble,
  sampleOrder,
  samplePlan,
  staffMessage,
} from './support/sample-messages.ts'
import { EVERY_SHOP_NEWS, shopNotice } from './support/sample-shop-news.ts'

const DESK = { imprint: () => ['のれん茶房株式会社', '03-0000-0000'], replies: false }

let server: MailSandbox
let channel: MailChannel & { close(): void }
let sent = 0

beforeAll(async () => {
  server = await createMailSandbox()
  channel = openMailChannel({ url: server.url, from: server.from, imprint: DESK.imprint })
})
afterAll(async () => {
  channel.close()
  await server.close()
})

/** As a mailbox has it after a real SMTP session. */
async function received(message: MailMessage) {
  const outcome = await channel.send('a@example.com', channel.render(message), `key-${++sent}`)
  expect(outcome.state).toBe('accepted')
  const mail = server.box().at(-1)
  if (!mail) throw new Error('nothing came')
  return mail
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/** What somebody reads in the HTML, on one line. */
function wordsIn(html: string): string {
  return html
    .replace(/<(style|title)>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&(\w+|#\d+);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(/\s+/g, ' ')
}

const tagsOf = (html: string) => html.match(/<[^>]+>/g) ?? []
const addressesIn = (text: string) => text.match(/https?:\/\/[^\s"<>]+/g) ?? []

/** What LINE's letters say of the chat itself. */
function chatSentences(language: Language): string[] {
  const { awaiting, members } = messagesIn(language)
  return [awaiting.lead, awaiting.leadKonbini, members.ended.ask]
}

describe.each(LANGUAGES)('every mail in %s', (language) => {
  test('arrives with the same words in its text as in its HTML, and nothing left open', async () => {
    for (const [name, message] of sampleMails(language)) {
      const { subject, text, html } = await received(message)
      const read = wordsIn(html)
      for (const part of [subject, text, read]) {
        expect(part, name).not.toMatch(/undefined|null|NaN|\[object|\$\{|Invalid Date/)
        for (const sentence of chatSentences(language)) expect(part, name).not.toContain(sentence)
      }
      expect(subject, name).toContain('茶舗のれん')
      const lines = text.split('\n').filter((line) => !/^(-*|https?:.*)$/.test(line))
      for (const line of lines)
        for (const piece of line.split(/：|: /))
          expect(read, name).toContain(piece.trim().replace(/\s+/g, ' '))
      const links = 'links' in message ? Object.values(message.links) : []
      const known = [...links, ...addressesIn(JSON.stringify(message))]
      expect(
        addressesIn(html).filter((one) => !known.includes(one)),
        name,
      ).toEqual([])
      expect(addressesIn(text), name).toEqual(addressesIn(html))
    }
  }, 20_000)

  test('asks nothing of anybody’s server when it is opened, and says which language it is in', () => {
    for (const [name, message] of sampleMails(language)) {
      const { html, headers } = renderMail(message, DESK)
      expect(html, name).not.toMatch(/<(img|link|script|iframe|object|video)|\bsrc=|url\(|@import/i)
      expect(html, name).toContain(`<html lang="${language}" dir="ltr">`)
      expect(headers['Content-Language']).toBe(language)
    }
  })
})

const WHEN: Record<Language, string> = {
  ja: '2026/11/23 00:01 JST',
  en: 'Nov 23, 2026, 00:01 JST',
  th: '23 พ.ย. 2026 00:01 JST',
  'zh-TW': '2026/11/23 00:01 JST',
}

test.each(LANGUAGES)(
  'a receipt in %s says what, how many, for how much, and when',
  async (language) => {
    const order = sampleOrder({ amount: 4360, shipping: 600, discount: 200, tax: 320 })
    const message = orderMessage({ language, order })
    const words = messagesIn(language)
    const mail = await received(message)
    const facts = [
      '煎茶 100g × 2',
      '2,160',
      'ほうじ茶 × 1',
      '1,800',
      '3,960',
      '600',
      '200',
      '4,360',
      '320',
    ]
    const labels = [words.subtotal, words.discount, words.shipping, words.taxIncluded]
    for (const said of [...facts, ...labels, 'N-7K2Q', words.methods.card])
      for (const part of [mail.text, wordsIn(mail.html)])
        expect(part.replace(/\u00a0/g, ' ')).toContain(said)
    for (const part of [mail.text, wordsIn(mail.html)])
      expect(part.replace(/[,\u202f\s]+/g, ' ')).toContain(WHEN[language].replace(/[,\s]+/g, ' '))
    expect(mail.subject).toContain(words.paid.title)
    expect(addressesIn(mail.text)).toEqual([message.links.order, message.links.again])
  },
)

test('an invitation names who and what it is for, once, and until when', async () => {
  const { text, subject, html } = await received(inviteMessage())
  expect(subject).toBe('【茶舗のれん】LINE でもご利用いただけます')
  for (const said of [
    '山田 花子 様',
    '「お茶の定期便」（¥980/月）',
    '2026年12月6日(日) 23:59 JST まで',
  ])
    expect(text).toContain(said)
  expect(addressesIn(html)).toEqual([inviteMessage().links.connect])
})

test('the shop hears the same in LINE as by mail, in each language', () => {
  for (const language of LANGUAGES)
    for (const news of EVERY_SHOP_NEWS) {
      const message = shopNotice(news, language)
      const [{ text }] = JSON.parse(renderMessage(message))
      expect(checkMessages([{ type: 'text', text }])).toEqual([])
      expect(text).not.toMatch(/undefined|null|NaN|\[object/)
      const mail = renderMail(message, DESK)
      const said = text.replace('【茶舗のれん】', '').split('\n')
      for (const line of said) expect(`${mail.subject}\n${mail.text}`).toContain(line)
    }
})

test('a day without money or members is told in numbers all the same', () => {
  const news = EVERY_SHOP_NEWS.filter(({ kind }) => kind === 'staff_digest').at(-1)
  const [{ text }] = JSON.parse(renderMessage(shopNotice(news ?? EVERY_SHOP_NEWS[0]!)))
  expect(text).toBe(
    '【茶舗のれん】2026年11月24日のまとめ\nご注文：0件\nお支払い待ち：0件\n入会：0名\n退会：0名\n会員数：34名\n確認が必要なもの：0件',
  )
})

test('in LINE a recommendation has one button, and quietly the way to hear no more', () => {
  const message = campaignMessage({ text: '一行目\n\n二行目' })
  const { buttons, components, texts } = readBubble(message)
  expect(checkMessages(JSON.parse(renderMessage(message)))).toEqual([])
  expect(buttons.map(({ uri }) => uri)).toEqual([message.button.address])
  expect(texts).toEqual(expect.arrayContaining(['一行目', '二行目', 'このようなご案内を止める']))
  const quiet = components.find(({ text }) => text === 'このようなご案内を止める')
  expect(quiet).toMatchObject({ size: 'xs', action: { uri: message.links.unsubscribe } })
})

/** The same message with this text wherever somebody outside may have written one. */
function calling(name: string): MailMessage[] {
  const shop = { name, brand: '#1F4E5F', taxNote: name }
  const plan = samplePlan({ name })
  const order = sampleOrder({
    ...{ number: name, paymentMethod: name },
    items: [{ name, quantity: 1, amount: 3960 }],
  })
  const digest = EVERY_SHOP_NEWS.find(({ kind }) => kind === 'staff_endpoint_off')
  return [
    orderMessage({ shop, order }),
    memberMessage(
      { kind: 'welcome', trialEnd: null, renewsAt: null, endsAt: null },
      { shop, plan, role: name },
    ),
    inviteMessage({ shop, name, plan }),
    campaignMessage({
      shop,
      title: name,
      text: name,
      button: { label: name, address: 'https://a.example' },
    }),
    staffMessage({ shop, order, buyer: { known: true, name } }),
    {
      ...shopNotice(digest ?? EVERY_SHOP_NEWS[0]!),
      shop,
      endpoint: name,
      host: name,
      reason: name,
    } as MailMessage,
  ]
}

const HOSTILE = [
  'x\r\nBcc: taro@example.com\r\n\r\n<h1>hi',
  'x<script>alert(1)</script>',
  'x" onmouseover="alert(1)',
  "x' style='position:fixed",
  'x</td></table><a href=https://evil.example>',
  'x&lt;&#60;b&#62;',
  'x\u202Eevil\u2066\u2028\u2029\0\u0007\uD800',
  'x🫖👨‍👩‍👧‍👦é',
  'x=?utf-8?Q?=0D=0ABcc:_a@example.com?=',
  `x${'長'.repeat(10_000)}`,
]
const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `x${text}`),
  fc
    .array(
      fc.constantFrom('<', '>', '"', "'", '&', '\r\n', ':', '=', '?', 'b', '/', '--', '.', '\n'),
    )
    .map((signs) => `x${signs.join('')}`),
)

test('whatever things and people are called, it makes no tag and no header, stays one mail, and LINE takes it too', async () => {
  const harmless = calling('x').map((message) => tagsOf(renderMail(message, DESK).html))
  await fc.assert(
    fc.asyncProperty(hostile, fc.nat({ max: 5 }), async (name, index) => {
      // A recommendation's line breaks are paragraphs, which are tags of ours.
      const [messages, plain] = index === 3 ? [name.replace(/[\r\n]/g, ' '), 3] : [name, index]
      const message = calling(messages)[index]!
      const rendered: RenderedMail = renderMail(message, DESK)
      expect(tagsOf(rendered.html)).toEqual(harmless[plain])
      if (message.kind !== 'invite')
        expect(checkMessages(JSON.parse(renderMessage(message)))).toEqual([])
      expect(rendered.text).not.toMatch(/[^\P{Cc}\n]|[\u202A-\u202E\u2028\u2029]/u)
      const before = server.box().length
      const mail = await received(message)
      expect(server.box()).toHaveLength(before + 1)
      expect(mail.to).toEqual(['a@example.com'])
      expect(mail.subject).toBe(rendered.subject.trim())
      expect(Object.keys(mail.headers).sort()).toEqual(
        [
          ...['auto-submitted', 'content-language', 'content-type', 'date', 'from', 'message-id'],
          ...['mime-version', 'subject', 'to'],
          ...(message.kind === 'campaign' ? ['list-unsubscribe', 'list-unsubscribe-post'] : []),
        ].sort(),
      )
    }),
    {
      numRuns: 120,
      examples: HOSTILE.flatMap((name): [string, number][] => [
        [name, 0],
        [name, 3],
      ]),
    },
  )
}, 20_000)

test('an address that is no web address is never a link', () => {
  const bad = [
    'javascript:alert(1)',
    'data:text/html,x',
    'http://evil.example/',
    '" onclick="x',
    '',
  ]
  for (const address of bad) {
    const { html, headers } = renderMail(
      campaignMessage({ button: { label: '見る', address }, links: { unsubscribe: address } }),
      DESK,
    )
    expect(html).not.toContain('href=')
    expect(headers).toEqual({ 'Content-Language': 'ja' })
  }
})

test('every shop’s colour carries words that can be read, on the band, on the button, as a link', () => {
  const colour = fc
    .integer({ min: 0, max: 0xffffff })
    .map((n) => `#${n.toString(16).padStart(6, '0')}`)
  fc.assert(
    fc.property(colour, (brand) => {
      const { html } = renderMail(orderMessage({ shop: { name: 'x', brand, taxNote: '' } }), DESK)
      const band = /<h1 style="[^"]*color:(#\w{6})/.exec(html)?.[1] ?? ''
      expect(contrastOf(band, brand)).toBeGreaterThanOrEqual(AA)
      const button =
        /background:(#\w{6});border-radius:8px"><a class="button"[^>]*?color:(#\w{6})/.exec(html)
      expect(contrastOf(button?.[1] ?? '', button?.[2] ?? '')).toBeGreaterThanOrEqual(AA)
      const link = /<a class="second"[^>]*?color:(#\w{6})/.exec(html)?.[1] ?? ''
      expect(contrastOf(link, PAPER)).toBeGreaterThanOrEqual(AA)
    }),
  )
  for (const ground of [GROUND, PAPER, TINT])
    for (const ink of [INK, QUIET]) expect(contrastOf(ink, ground)).toBeGreaterThan(AA)
})
