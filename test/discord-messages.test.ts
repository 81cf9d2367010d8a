import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitLines } from '../server/discord/fit-lines.ts'
import { renderMessage } from '../server/discord/render.ts'
import { renderAnswer } from '../server/discord/render-answer.ts'
import { slashCommands } from '../server/discord/slash-commands.ts'
import type { CommandAnswer, Message } from '../server/ports.ts'
import { discordText } from '../shared/discord-text.ts'
import { LANGUAGES } from '../shared/language.ts'
import { isOwnPage } from '../shared/own-pages.ts'
import { messageRefusal } from './sandbox/discord/check-message.ts'
import {
  campaignMessage,
  EVERY_NEWS,
  konbiniOrder,
  memberMessage,
  orderMessage,
  sampleOrder,
  samplePlan,
  staffMessage,
} from './support/sample-messages.ts'

const KINDS = ['awaiting_payment', 'paid', 'failed', 'refunded'] as const
const STATES = ['active', 'trial', 'past_due', 'paused', 'leaving', 'unending'] as const
const AT = '2026-12-22T15:00:00.000Z'
const ENTER = 'https://shop.example/link?to=%2Fjoin#token'
const LIFF = 'https://liff.line.me/2000000000-abc'

const frame = {
  language: 'ja' as const,
  shop: { name: '茶舗のれん', brand: '#1F4E5F', taxNote: '税込' },
}
type Asked = CommandAnswer extends infer A
  ? A extends CommandAnswer
    ? Omit<A, 'language' | 'shop'>
    : never
  : never

const answer = (asked: Asked, over: Partial<typeof frame> = {}) =>
  ({ ...frame, ...over, ...asked }) as CommandAnswer

function expectTaken(json: string): void {
  const body = JSON.parse(json)
  expect(messageRefusal(body)?.body).toBeUndefined()
  const all = JSON.stringify(body.embeds ?? [])
  expect(all.length).toBeLessThan(12_000)
  expect(body.allowed_mentions).toEqual({ parse: [] })
}

/** What can be read, line by line, and what can be pressed. */
function read(json: string) {
  const { content, embeds = [], components = [] } = JSON.parse(json)
  const [embed] = embeds
  const buttons = components.flatMap((row: { components: object[] }) => row.components) as {
    label: string
    style: number
    custom_id?: string
    url?: string
  }[]
  return { content, embed, text: String(embed?.description ?? ''), buttons }
}
const readMessage = (message: Message) => read(renderMessage(message))
const readAnswer = (asked: Asked, over = {}) => read(renderAnswer(answer(asked, over)))

describe('a receipt', () => {
  test('reads from top to bottom like a slip of paper, in the shop’s colour', () => {
    const { content, embed, text } = readMessage(orderMessage())
    expect(content).toBe('**ご注文ありがとうございます**')
    expect(embed).toMatchObject({ author: { name: '茶舗のれん' }, color: 0x1f4e5f })
    expect(text.replaceAll('\u2003', '  ').replaceAll('\u00a0', ' ')).toBe(
      [
        'お支払いを確認いたしました。ご注文の内容は次のとおりです。',
        '',
        'ご注文番号：N-7K2Q',
        'お支払い日：2026/11/23 00:01 JST',
        'お支払い方法：クレジットカード',
        '',
        '煎茶 100g × 2  ¥2,160',
        'ほうじ茶 × 1  ¥1,800',
        '',
        '**合計（税込）  ¥3,960**',
      ].join('\n'),
    )
  })

  test('has buttons that ask us for the page, since nobody has LINE’s pages there', () => {
    const links = {
      order: `${LIFF}/orders/cs_test_1?source=message`,
      again: `${LIFF}/checkout/plink_1?source=message`,
    }
    expect(readMessage(orderMessage({ links })).buttons).toMatchObject([
      { style: 1, custom_id: 'o:/orders/cs_test_1' },
      { style: 2, custom_id: 'o:/checkout/plink_1' },
    ])
    const card = { membership: LIFF, card: `${LIFF}/membership?do=card&source=message`, join: LIFF }
    const failed = EVERY_NEWS.find(({ kind }) => kind === 'payment_failed')!
    expect(readMessage(memberMessage(failed, { links: card })).buttons).toMatchObject([
      { custom_id: 'o:/membership?do=card' },
    ])
  })

  test('leads to the konbini’s own page outside, and nowhere else that is not ours', () => {
    const order = konbiniOrder()
    const { buttons } = readMessage(orderMessage({ kind: 'awaiting_payment', order }))
    expect(buttons[0]).toMatchObject({ style: 5, url: order.konbini?.voucherUrl })
    const bad = { order: 'javascript:alert(1)', again: `https://a.example/${'x'.repeat(600)}` }
    expect(readMessage(orderMessage({ links: bad })).buttons).toEqual([])
  })

  test('does not speak of LINE’s chat', () => {
    for (const language of LANGUAGES) {
      const all = [
        ...KINDS.map((kind) => orderMessage({ kind, language, order: konbiniOrder() })),
        ...EVERY_NEWS.map((news) => memberMessage(news, { language })),
      ]
      for (const message of all)
        expect(readMessage(message).text).not.toMatch(/このトーク|this chat|แชทนี้|此聊天室|LINE/)
    }
  })
})

const NAMES = {
  Japanese: '宇治抹茶'.repeat(250),
  'family emoji': '👨‍👩‍👧‍👦'.repeat(90),
  'right-to-left': 'شاي أخضر '.repeat(111),
  'letters under a hundred marks': `${'a'}${'\u0301'.repeat(99)}`.repeat(10),
  'signs that all must be escaped': '*_~`|[<@'.repeat(125),
}

describe('names of a thousand characters', () => {
  test.each(Object.entries(NAMES))('in %s stay within what Discord takes', (_, name) => {
    const items = Array.from({ length: 100 }, () => ({ name, quantity: 2, amount: 1980 }))
    const shop = { name, brand: '#1F4E5F', taxNote: name }
    const plan = samplePlan({ name })
    for (const language of LANGUAGES) {
      for (const kind of KINDS) {
        const order = konbiniOrder({ items })
        const message = orderMessage({ kind, language, order, shop, refund: 100 })
        expectTaken(renderMessage(message))
        // Whatever is left out, what was paid in all is not.
        if (kind === 'paid') expect(readMessage(message).text).toContain('3,960')
      }
      for (const news of EVERY_NEWS)
        expectTaken(renderMessage(memberMessage(news, { language, shop, role: name, plan })))
      for (const asked of everyAnswer(name, plan, items))
        expectTaken(renderAnswer(answer(asked, { language, shop } as never)))
    }
  })
})

function everyAnswer(
  name: string,
  plan: ReturnType<typeof samplePlan>,
  items: { name: string; quantity: number; amount: number }[],
): Asked[] {
  const code = 'ab'.repeat(32)
  const plans = Array.from({ length: 30 }, () => plan)
  const orders = Array.from({ length: 5 }, () => sampleOrder({ items }))
  const why = ['code_unknown', 'code_expired', 'code_spent', 'same', 'other_line', 'alone'] as const
  return [
    { kind: 'help' },
    ...[ENTER, null].flatMap((enter): Asked[] => [
      { kind: 'guest', plans, enter, linked: false },
      { kind: 'guest', plans: [], enter, linked: true },
      { kind: 'orders', orders, enter },
      { kind: 'orders', orders: [], enter },
      { kind: 'open', enter },
      { kind: 'link', into: enter },
      ...STATES.map(
        (state): Asked => ({
          ...{ kind: 'member', role: name, plan, state, at: AT, enter },
          linked: enter === null,
        }),
      ),
    ]),
    { kind: 'ask_join', code, name, channel: 'line', replaces: name },
    { kind: 'ask_join', code, name: null, channel: 'discord', replaces: null },
    { kind: 'joined', name, role: name },
    { kind: 'joined', name: null, role: null },
    { kind: 'ask_unlink', name },
    { kind: 'ask_unlink', name: null },
    { kind: 'unlinked' },
    { kind: 'declined' },
    ...why.map((each): Asked => ({ kind: 'refused', why: each })),
  ]
}

test('a letter that is too long loses lines in the middle, and neither its sum nor how many more there are', () => {
  const items = Array.from({ length: 60 }, (_, at) => `${at} ${'煎茶'.repeat(45)}`)
  const shown = fitLines([['ありがとう'], [...items, 'ほか 40 点'], ['合計 ¥1']])
  expect(shown.length).toBeLessThanOrEqual(4_096)
  expect(shown.length).toBeGreaterThan(3_900)
  expect(shown).toMatch(/^ありがとう\n\n0 煎茶/)
  expect(shown).toMatch(/\n…\nほか 40 点\n\n合計 ¥1$/)
  for (const line of ['x'.repeat(5_000), '\\*'.repeat(2_500), '🍵'.repeat(3_000)]) {
    const cut = fitLines([[line]])
    expect(cut.length).toBeLessThanOrEqual(4_096)
    expect(cut).toMatch(/[^\\]…$/)
    expect(cut.isWellFormed()).toBe(true)
  }
})

test('whatever an order and a shop are called, Discord takes the message', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.constantFrom('', ' ', '\u200B', '**', '||', '\\', '```', '@everyone', '<@1>', '1. ', '-# '),
  )
  fc.assert(
    fc.property(anyText, anyText, fc.constantFrom(...LANGUAGES), (name, other, language) => {
      const items = [{ name, quantity: 1, amount: 100 }]
      const shop = { name: other, brand: '#1F4E5F', taxNote: other }
      expectTaken(renderMessage(orderMessage({ language, shop, order: sampleOrder({ items }) })))
      expectTaken(
        renderAnswer(
          answer(
            { kind: 'ask_join', code: 'ab'.repeat(32), name, channel: 'line', replaces: other },
            { language, shop } as never,
          ),
        ),
      )
    }),
    { numRuns: 150 },
  )
})

describe('a name that Discord would read as something else', () => {
  const itemCalled = (name: string) => {
    const order = sampleOrder({ items: [{ name, quantity: 1, amount: 1980 }] })
    const line = readMessage(orderMessage({ order })).text.split('\n')
    return line.find((each) => each.endsWith('¥1,980'))?.split(/ [×x]/)[0]
  }

  test.each([
    ['**無料**', '\\*\\*無料\\*\\*'],
    ['__x__ ~~y~~ ||z||', '\\_\\_x\\_\\_ \\~\\~y\\~\\~ \\|\\|z\\|\\|'],
    ['`code`', '\\`code\\`'],
    ['@everyone', '\\@everyone'],
    ['<@123> <#1> <t:1:R>', '\\<\\@123> \\<#1> \\<t\\:1:R>'],
    ['[茶](https://evil.example)', '\\[茶\\](https\\://evil.example)'],
    ['https://evil.example', 'https\\://evil.example'],
    [':tea: 茶', '\\:tea: 茶'],
    ['# 大', '\\# 大'],
    ['-# 小', '\\-# 小'],
    ['- 一', '\\- 一'],
    ['> 引用', '\\> 引用'],
    ['1. 一番茶', '1\\. 一番茶'],
    ['C:\\茶', 'C:\\\\茶'],
  ])('%s stays what it is', (name, shown) => {
    expect(itemCalled(name)).toBe(shown)
  })

  test('a time, a price and an order’s number are left as they are', () => {
    for (const text of ['2026/11/23 00:01 JST', '¥1,980', 'N-7K2Q', '煎茶 (100g) #1', 'a - b'])
      expect(discordText(text)).toBe(text)
  })
})

describe('an answer', () => {
  test('to a guest leads to the page before payment, by a link that is theirs alone', () => {
    const { embed, text, buttons } = readAnswer({
      ...{ kind: 'guest', plans: [samplePlan()], enter: ENTER, linked: false },
    })
    expect(embed.title).toBe('会員のご案内')
    expect(text).toContain('**お茶の定期便**\n¥980/月（税込）')
    expect(embed.footer.text).toContain('15分のあいだ、1回だけ')
    expect(buttons).toMatchObject([
      { style: 5, url: ENTER, label: 'くわしく見て申し込む' },
      { custom_id: 'l', label: 'LINEで会員の方はこちら' },
    ])
  })

  test('says why there is no link, where too many were asked for', () => {
    const { text, buttons } = readAnswer({ kind: 'open', enter: null })
    expect(text).toContain('新しいリンクをお出しできません')
    expect(buttons).toEqual([])
  })

  test('to somebody who is in LINE too offers the way apart, not the way together', () => {
    const member = { kind: 'member', role: '会員', plan: samplePlan(), state: 'past_due' } as const
    const { buttons } = readAnswer({ ...member, at: AT, enter: ENTER, linked: true })
    expect(buttons.map(({ label }) => label)).toEqual([
      'お支払い方法を更新する',
      'LINEとのつながりを解く',
    ])
  })

  test('to a code asks back whose it is and what it would replace, and warns of other people’s', () => {
    const { text, buttons } = readAnswer({
      ...{ kind: 'ask_join', code: 'ab'.repeat(32), name: '花子', channel: 'line', replaces: '' },
    })
    expect(text).toContain('LINEの「花子」さん')
    expect(text).toContain('切り離され')
    expect(text).toContain('ほかの方のコードでは')
    expect(buttons.map(({ custom_id }) => custom_id)).toEqual([`j:${'ab'.repeat(32)}`, 'n'])
  })
})

test('staff and campaigns, which never go there, would be plain words', () => {
  expectTaken(renderMessage(staffMessage()))
  expectTaken(renderMessage(campaignMessage()))
  expect(JSON.parse(renderMessage(staffMessage())).content).toContain('【茶舗のれん】')
})

test('each command has a name and a description that Discord takes, in every language', () => {
  const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u
  const all = slashCommands().flatMap((command) => [command, ...(command.options ?? [])])
  for (const { name, name_localizations, description, description_localizations } of all) {
    const names = [name, ...Object.values(name_localizations ?? {})].map(String)
    for (const each of names) expect([each, each.toLowerCase()]).toEqual([each, each])
    for (const each of names) expect(each).toMatch(NAME)
    const said = [description, ...Object.values(description_localizations ?? {})].map(String)
    for (const each of said) expect([...each].length).toBeLessThanOrEqual(100)
    expect(Object.keys(name_localizations ?? {})).toEqual(['ja', 'th', 'zh-TW'])
  }
  for (const language of ['ja', 'th', 'zh-TW'] as const) {
    const names = slashCommands().map(({ name_localizations }) => name_localizations?.[language])
    expect(new Set(names).size).toBe(4)
  }
})

test.each([
  ['/', true],
  ['/orders/cs_live_a1B2', true],
  ['/membership?do=card', true],
  ['/checkout/plink_1', true],
  ['', false],
  ['//evil.example', false],
  ['/orders/../api', false],
  ['/membership?do=card&x=1', false],
  ['/link', false],
  ['/join\n', false],
])('%j is a page that a link may open: %s', (path, is) => {
  expect(isOwnPage(path)).toBe(is)
})
