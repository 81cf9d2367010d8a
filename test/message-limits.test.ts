import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderMessage } from '../server/line/render.ts'
import { renderAnswer } from '../server/line/render-answer.ts'
import type { ChatAnswer, Message, OrderMessage, StaffMessage } from '../server/ports.ts'
import { LANGUAGES } from '../shared/language.ts'
import { checkMessages } from './sandbox/line/check-message.ts'
import {
  type Answered,
  chatAnswer,
  EVERY_NEWS,
  konbiniOrder,
  memberMessage,
  orderMessage,
  readBubble,
  sampleOrder,
  samplePlan,
  staffMessage,
} from './support/sample-messages.ts'

const KINDS = ['awaiting_payment', 'paid', 'failed', 'refunded'] as const
/** 30 KB, taken as the smaller of its two meanings and counted in UTF-8. */
const BUBBLE_BYTES = 30_000
const SENTENCE_END = /(?:[。.]|ค่ะ)$/

function itemsCalled(name: string, count: number) {
  return Array.from({ length: count }, () => ({ name, quantity: 2, amount: 1980 }))
}

function expectLineTakes(message: Message): void {
  expectTaken(renderMessage(message))
}

function expectAnswerTaken(answer: ChatAnswer): void {
  expectTaken(renderAnswer(answer))
}

function expectTaken(json: string): void {
  const messages = JSON.parse(json)
  expect(checkMessages(messages)).toEqual([])
  expect(messages).toHaveLength(1)
  if (messages[0].type === 'text') return
  expect(Buffer.byteLength(JSON.stringify(messages[0].contents))).toBeLessThan(BUBBLE_BYTES)
  expect(messages[0].altText.length).toBeLessThanOrEqual(1500)
  expect(messages[0].altText).toMatch(SENTENCE_END)
}

const NAMES = {
  Japanese: '宇治抹茶'.repeat(250),
  Thai: 'ชาเขียวมัทฉะ'.repeat(84),
  'family emoji': '👨‍👩‍👧‍👦'.repeat(90),
  'right-to-left': 'شاي أخضر '.repeat(111),
  'letters under a hundred marks': `${'a'}${'\u0301'.repeat(99)}`.repeat(10),
  quotes: '"\\'.repeat(500),
}

describe('a hundred items with thousand-character names', () => {
  test.each(Object.entries(NAMES))(
    'in %s stay within what LINE takes, in every message',
    (_, name) => {
      for (const kind of KINDS)
        for (const language of LANGUAGES) {
          const order = konbiniOrder({ items: itemsCalled(name, 100) })
          expectLineTakes(orderMessage({ kind, language, order, refund: 100 }))
        }
    },
  )

  test('are twenty rows, then the number of those left out with a way to see them', () => {
    const order = sampleOrder({ items: itemsCalled('煎茶', 100) })
    const { texts, components } = readBubble(orderMessage({ order }))
    expect(texts.filter((text) => text.startsWith('煎茶'))).toHaveLength(20)
    const rest = components.find(({ text }) => text === 'ほか 80 点')
    expect(rest?.['action']).toMatchObject({ type: 'uri', uri: orderMessage().links.order })
  })

  test('are counted whole even where the order came with its first items only', () => {
    const order = sampleOrder({ items: itemsCalled('煎茶', 20), itemCount: 100 })
    expect(readBubble(orderMessage({ order })).texts).toContain('ほか 80 点')
  })

  test('twenty items need no such line', () => {
    const order = sampleOrder({ items: itemsCalled('煎茶', 20) })
    expect(readBubble(orderMessage({ order })).said).not.toContain('ほか 0')
  })
})

const AT = '2026-12-22T15:00:00.000Z'
const STATES = ['active', 'trial', 'past_due', 'paused', 'leaving', 'unending'] as const

/** Every answer about these plans, to a guest and to a member in each state. */
function everyAnswer(role: string, plans: ReturnType<typeof samplePlan>[]): Answered[] {
  const held = { role, plan: plans[0] ?? null }
  const ofMember = STATES.flatMap((state) =>
    (['member', 'cancel'] as const).flatMap((kind) =>
      [AT, null].map((at) => ({ kind, ...held, state, at })),
    ),
  )
  const others = (['group', 'orders', 'friend', 'shop', 'help'] as const).map((kind) => ({ kind }))
  return [...others, { kind: 'guest', plans }, ...ofMember]
}

describe('a membership with thousand-character names', () => {
  test.each(Object.entries(NAMES))(
    'in %s stays within what LINE takes, in every message and every answer',
    (_, name) => {
      const plan = samplePlan({ name })
      const shop = { name, brand: '#1F4E5F', taxNote: name }
      for (const language of LANGUAGES) {
        for (const news of EVERY_NEWS)
          expectLineTakes(memberMessage(news, { language, shop, role: name, plan }))
        for (const answered of everyAnswer(
          name,
          Array.from({ length: 30 }, () => plan),
        ))
          expectAnswerTaken(
            chatAnswer(answered, { language, shop, computer: 'https://shop.example/enter/1' }),
          )
      }
    },
  )

  test('keeps message and answer where LINE would refuse every address', () => {
    const bad = 'javascript:alert(1)'
    const links = { membership: bad, card: '', join: 'http://shop.example/' }
    for (const news of EVERY_NEWS) {
      expect(readBubble(memberMessage(news, { links })).buttons).toEqual([])
      expectLineTakes(memberMessage(news, { links }))
    }
    const none = { ...links, shop: bad, orders: bad, cancel: bad, friend: bad }
    for (const answered of everyAnswer('会員', [samplePlan()]))
      expectAnswerTaken(chatAnswer(answered, { links: none, computer: bad }))
  })
})

describe('names that could do harm', () => {
  const rowOf = (name: string) => {
    const order = sampleOrder({ items: [{ name, quantity: 1, amount: 1980 }] })
    return readBubble(orderMessage({ order })).texts.find((text) => text.endsWith(' ×\u00a01'))
  }

  test('an emoji made of several is never cut through', () => {
    const family = '👨‍👩‍👧‍👦'
    const row = rowOf(family.repeat(90))!
    expect(row.replace(/… ×\u00a01$/, '').replaceAll(family, '')).toBe('')
    expect(row).toContain(family)
  })

  test('a right-to-left name stands in an isolate, so that quantity and amount keep their place', () => {
    expect(rowOf('شاي أخضر')).toContain('\u2068شاي أخضر\u2069 ×\u00a01')
    expect(rowOf('תה ירוק')).toContain('\u2068תה ירוק\u2069 ×\u00a01')
    expect(rowOf('煎茶')).toBe('煎茶 ×\u00a01')
  })

  test('direction overrides, zero-width characters, control characters and broken halves are gone', () => {
    expect(rowOf('\u202Eevil\u202C')).toBe('evil ×\u00a01')
    expect(rowOf('煎\u200B茶\uFEFF')).toBe('煎茶 ×\u00a01')
    expect(rowOf('煎茶\u0000\u0007\r\n\t100g\u2028')).toBe('煎茶 100g ×\u00a01')
    expect(rowOf('煎茶\uD83D')).toMatch(/^煎茶\uFFFD? ×\u00a01$/)
    expect(rowOf('\u2069\u2069شاي')).toContain('\u2068شاي\u2069')
  })

  test.each(['', '   ', '\u200B', '\n', '\u3164', '\uFE0F', '\uD800'])(
    'a name with nothing to see (%j) is called an item, since LINE refuses an empty text',
    (name) => {
      expect(rowOf(name)).toBe('商品 ×\u00a01')
    },
  )

  test('addresses that LINE would refuse leave their button out and keep the message', () => {
    for (const bad of [
      '',
      'http://shop.example/',
      'javascript:alert(1)',
      `https://a.example/${'x'.repeat(1000)}`,
    ]) {
      const message = orderMessage({
        links: { order: bad, again: bad },
        order: sampleOrder({ items: itemsCalled('煎茶', 30) }),
      })
      expect(readBubble(message).buttons).toEqual([])
      expectLineTakes(message)
    }
  })

  test('an address with Japanese in it is percent-encoded', () => {
    const links = { order: 'https://shop.example/注文?店=茶', again: '' }
    expect(readBubble(orderMessage({ links })).buttons[0]?.uri).toMatch(/^[\x21-\x7E]+$/)
  })
})

describe('whatever the order holds, LINE takes the message', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 1200 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 })
      .map((codes) => String.fromCharCode(...codes)),
  )
  const amounts = fc.nat(99_999_999_999)
  const orders = fc.record({
    number: anyText,
    status: fc.constantFrom('paid', 'partially_refunded', 'refunded', 'failed', 'disputed'),
    currency: fc.constantFrom('jpy', 'usd', 'twd', 'kwd', 'isk'),
    amount: amounts,
    subtotal: amounts,
    discount: amounts,
    shipping: amounts,
    tax: amounts,
    refunded: amounts,
    items: fc.array(fc.record({ name: anyText, quantity: fc.nat(999_999), amount: amounts }), {
      maxLength: 25,
    }),
    paymentMethod: fc.option(anyText),
    konbini: fc.constantFrom(null, konbiniOrder().konbini),
    offer: fc.constantFrom(null, 'plink_1'),
  })
  const shops = fc.record({
    name: anyText,
    brand: fc.constantFrom('#FFFFFF', '#000000', '#06C755', '#b3392b'),
    taxNote: anyText,
  })
  const languages = fc.constantFrom(...LANGUAGES)

  test('every message to a buyer', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KINDS),
        languages,
        orders,
        shops,
        (kind, language, order, shop) => {
          const change = order as Partial<OrderMessage['order']>
          expectLineTakes(
            orderMessage({ kind, language, shop, order: sampleOrder(change), refund: 1 }),
          )
        },
      ),
      { numRuns: 150 },
    )
  })

  test('every line to the shop', () => {
    const buyers = fc.oneof(
      fc.record({ known: fc.constant(true as const), name: fc.option(anyText) }),
      fc.record({
        known: fc.constant(false as const),
        reason: fc.constantFrom('no_reference' as const, 'forged_reference' as const),
      }),
    )
    const kinds = fc.constantFrom<StaffMessage['kind']>('staff_paid', 'staff_late')
    fc.assert(
      fc.property(kinds, languages, orders, buyers, (kind, language, order, buyer) => {
        const change = order as Partial<StaffMessage['order']>
        expectLineTakes(staffMessage({ kind, language, buyer, order: sampleOrder(change) }))
      }),
      { numRuns: 100 },
    )
  })

  const plans = fc.record({
    name: anyText,
    amount: fc.option(amounts),
    currency: fc.constantFrom('jpy', 'usd', 'twd', 'kwd', 'isk'),
    interval: fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'year' as const),
    intervalCount: fc.integer({ min: 1, max: 36 }),
  })

  test('every message to a member', () => {
    const news = fc.constantFrom(...EVERY_NEWS)
    fc.assert(
      fc.property(
        ...([news, languages, shops, anyText, fc.option(plans), plans] as const),
        (kind, language, shop, role, plan, before) => {
          const told = kind.kind === 'plan_changed' ? { ...kind, before } : kind
          expectLineTakes(memberMessage(told, { language, shop, role, plan }))
        },
      ),
      { numRuns: 150 },
    )
  })

  test('every answer in the chat', () => {
    const computers = fc.option(fc.oneof(fc.webUrl({ validSchemes: ['https'] }), anyText))
    fc.assert(
      fc.property(
        ...([languages, shops, anyText, fc.array(plans, { maxLength: 15 }), computers] as const),
        (language, shop, role, offered, computer) => {
          for (const answered of everyAnswer(role, offered))
            expectAnswerTaken(chatAnswer(answered, { language, shop, computer }))
        },
      ),
      { numRuns: 40 },
    )
  })

  test('the same message is rendered to the same bytes, as a retry under one key must be', () => {
    const message = orderMessage({ kind: 'awaiting_payment', order: konbiniOrder() })
    expect(renderMessage(structuredClone(message))).toBe(renderMessage(message))
  })
})
