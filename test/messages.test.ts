import { describe, expect, test } from 'vitest'
import { renderMessage } from '../server/line/render.ts'
import type { StaffNotice } from '../server/ports.ts'
import { messagesIn } from '../shared/i18n/messages/messages-in.ts'
import { LANGUAGES } from '../shared/language.ts'
import { formatMoney } from '../shared/money.ts'
import {
  konbiniOrder,
  orderMessage,
  readBubble,
  sampleOrder,
  staffMessage,
} from './support/sample-messages.ts'

describe('the order summary', () => {
  test('tells in one sentence, for the lock screen, what was bought and what it cost', () => {
    expect(readBubble(orderMessage()).altText).toBe(
      '【茶舗のれん】ご注文ありがとうございます。煎茶 100g ほか1点、合計 ¥3,960（税込）のお支払いを確認いたしました。ご注文番号は N-7K2Q です。',
    )
  })

  test('has each item with quantity and amount, the order number, the time in Japan and the method', () => {
    const { texts } = readBubble(orderMessage())
    expect(texts.slice(texts.indexOf('煎茶 100g ×\u00a02')).slice(0, 4)).toEqual([
      '煎茶 100g ×\u00a02',
      '¥2,160',
      'ほうじ茶 ×\u00a01',
      '¥1,800',
    ])
    // 15:01 UTC is past midnight in Japan.
    expect(texts).toContain('2026/11/23 00:01 JST')
    expect(texts).toContain('N-7K2Q')
    expect(texts).toContain('クレジットカード')
  })

  test('adds up: what changes the sum is shown on the way from subtotal to total', () => {
    const order = sampleOrder({
      subtotal: 3960,
      discount: 396,
      shipping: 500,
      tax: 406,
      amount: 4470,
    })
    const { texts } = readBubble(orderMessage({ order }))
    expect(texts.slice(texts.indexOf('小計')).slice(0, 10).join(' ')).toBe(
      '小計 ¥3,960 割引 -¥396 送料 ¥500 消費税等 ¥406 合計（税込） ¥4,470',
    )
  })

  test('shows no subtotal, discount, shipping or tax where there is none', () => {
    const { texts } = readBubble(orderMessage())
    for (const label of ['小計', '割引', '送料', '消費税等', 'うち消費税等'])
      expect(texts).not.toContain(label)
  })

  test('tax that is in the prices already is named as part of the total, not added to it', () => {
    const { texts } = readBubble(orderMessage({ order: sampleOrder({ tax: 293 }) }))
    expect(texts.indexOf('うち消費税等')).toBeGreaterThan(texts.indexOf('合計（税込）'))
    expect(texts).not.toContain('消費税等')
    expect(texts).not.toContain('小計')
  })

  test('leads to the order, and to order again only while there is an offer to order', () => {
    const { links } = orderMessage()
    expect(readBubble(orderMessage()).buttons.map(({ uri }) => uri)).toEqual([
      links.order,
      links.again,
    ])
    const once = orderMessage({ order: sampleOrder({ offer: null }) })
    expect(readBubble(once).buttons.map(({ uri }) => uri)).toEqual([links.order])
  })

  test('an order that cost nothing (a trial, a full discount) is not thanked for a payment', () => {
    const order = sampleOrder({ amount: 0, subtotal: 3960, discount: 3960, paymentMethod: null })
    const { said, altText } = readBubble(orderMessage({ order }))
    expect(said).toContain('ご注文を承りました')
    expect(said + altText).not.toContain('お支払い')
  })

  test('a method that we have no word for is shown as Stripe names it', () => {
    const order = sampleOrder({ paymentMethod: 'pay_by_bank' })
    expect(readBubble(orderMessage({ order })).texts).toContain('pay_by_bank')
    const odd = sampleOrder({ paymentMethod: 'constructor' })
    expect(readBubble(orderMessage({ order: odd })).texts).toContain('constructor')
  })

  test.each([
    ['jpy', 'ja', '¥123,450'],
    ['usd', 'en', '$1,234.50'],
    ['twd', 'zh-TW', '$1,234.50'],
    ['kwd', 'en', 'KWD\u00A0123.450'],
    ['isk', 'en', 'ISK\u00A01,234.50'],
  ] as const)('is right to the last digit in %s', (currency, language, written) => {
    const items = [{ name: 'Tea', quantity: 1, amount: 123450 }]
    const order = sampleOrder({ currency, amount: 123450, subtotal: 123450, items })
    const { texts, altText } = readBubble(orderMessage({ order, language }))
    expect(texts.filter((text) => text === written)).toHaveLength(2)
    expect(altText).toContain(written)
  })
})

describe('a refund', () => {
  const refunded = (refund: number | null, order: Parameters<typeof sampleOrder>[0]) =>
    readBubble(orderMessage({ kind: 'refunded', refund, order: sampleOrder(order) }))

  test('of a part says how much this time, how much in all, and of how much', () => {
    const { texts, altText } = refunded(500, { status: 'partially_refunded', refunded: 1500 })
    expect(texts).toContain('ご注文の代金の一部を返金いたしました。')
    expect(texts.slice(texts.indexOf('今回の返金額')).slice(0, 6)).toEqual([
      '今回の返金額',
      '¥500',
      '返金の合計',
      '¥1,500',
      'ご注文の合計',
      '¥3,960',
    ])
    expect(altText).toContain('¥500を返金いたしました')
  })

  test('of the whole says so, once', () => {
    const { said, altText } = refunded(3960, { status: 'refunded', refunded: 3960 })
    expect(said).toContain('全額返金いたしました')
    expect(said).not.toContain('返金の合計')
    expect(altText).toContain('全額返金となりました')
  })

  test('of the rest says that this makes it whole', () => {
    const { said } = refunded(2460, { status: 'refunded', refunded: 3960 })
    expect(said).toContain('残りの代金を返金いたしました')
    expect(said).toContain('¥2,460')
  })

  test('of everything is whole even while the payment is disputed', () => {
    const { said } = refunded(3960, { status: 'disputed', refunded: 3960 })
    expect(said).toContain('全額返金いたしました')
  })

  test('says when it will be seen: on the card, in the bank account, or by the way it was paid', () => {
    const part = { status: 'partially_refunded', refunded: 500 } as const
    expect(refunded(500, { ...part, paymentMethod: 'card' }).said).toContain('5〜10営業日')
    expect(refunded(500, { ...part, paymentMethod: 'konbini' }).said).toContain('銀行口座')
    expect(refunded(500, { ...part, paymentMethod: 'paypay' }).said).toContain('数日から数週間')
  })
})

describe('one line to the shop', () => {
  const lineOf = (...change: Parameters<typeof staffMessage>) => {
    const [message, ...more] = JSON.parse(renderMessage(staffMessage(...change)))
    expect(more).toEqual([])
    expect(message.type).toBe('text')
    expect(message.text).not.toContain('\n')
    return message.text as string
  }

  test('names order, items, total and the buyer as LINE knows them', () => {
    const line = lineOf()
    for (const part of ['N-7K2Q', '煎茶 100g ほか1点', '¥3,960', '花子 さん'])
      expect(line).toContain(part)
  })

  test('says why the buyer is unknown, and that a forged reference must be looked at', () => {
    expect(lineOf({ buyer: { known: true, name: null } })).toContain('お名前は取得できませんでした')
    const none = lineOf({ buyer: { known: false, reason: 'no_reference' } })
    const forged = lineOf({ buyer: { known: false, reason: 'forged_reference' } })
    expect(none).toContain('どのアカウントともつながりがない')
    expect(none).not.toContain('ご確認ください')
    expect(forged).toContain('Stripeの管理画面でこのお支払いをご確認ください')
  })

  test('says of a late order that the buyer was not told', () => {
    expect(lineOf({ kind: 'staff_late' })).toContain('お知らせは送っていません')
  })
})

describe('in every language', () => {
  test.each(LANGUAGES)(
    '%s says everything in its own words, with the time in Japan',
    (language) => {
      const words = messagesIn(language)
      const paid = readBubble(orderMessage({ language }))
      expect(paid.said).toContain(words.paid.title)
      expect(paid.said).toMatch(/00:01 JST/)
      expect(paid.said).toMatch(/2026/)
      const waiting = readBubble(
        orderMessage({ kind: 'awaiting_payment', language, order: konbiniOrder() }),
      )
      expect(waiting.said).toMatch(/25.*23:59 JST/)
      const refund = readBubble(orderMessage({ kind: 'refunded', language, refund: 500 }))
      expect(refund.said).toContain(formatMoney(500, 'jpy', language))
      expect(refund.said).toContain(words.refunded.leadPart)
      const failed = readBubble(orderMessage({ kind: 'failed', language }))
      expect(failed.said).toContain(words.failed.notCharged)
    },
  )
})

describe('what the staff are told of the messages themselves', () => {
  const shop = { name: '茶舗のれん' }
  const textOf = (notice: StaffNotice) => {
    const [message, ...more] = JSON.parse(renderMessage(notice))
    expect(more).toEqual([])
    expect(message.type).toBe('text')
    return String(message.text)
  }

  test('that LINE was away: from when to when in Japan, how many waited, how many need a look', () => {
    const from = '2026-11-22T15:01:00Z'
    const to = '2026-11-23T01:30:00Z'
    const language = 'ja'
    expect(textOf({ kind: 'staff_outage', language, shop, from, to, waited: 60, dead: 3 })).toMatch(
      /2026\/11\/23 00:01 JST から 2026\/11\/23 10:30 JST まで.*60 件.*3 件.*\nnpm run noren -- deliveries --dead$/,
    )
    const well = textOf({ kind: 'staff_outage', language, shop, from, to, waited: 60, dead: 0 })
    expect(well).toContain('必要な操作はありません')
    expect(well).not.toContain('npm run')
  })

  test.each(LANGUAGES)('in %s, of another chat it says which one', (language) => {
    const at = '2026-11-22T15:01:00Z'
    const away = {
      kind: 'staff_outage',
      language,
      shop,
      from: at,
      to: at,
      waited: 1,
      dead: 0,
    } as const
    expect(textOf({ ...away, channel: 'discord' })).toMatch(/^(?!.*LINE).*Discord/s)
    expect(textOf(away)).toMatch(/^(?!.*Discord).*LINE/s)
  })

  test.each(LANGUAGES)(
    'in %s, a used-up month is not called this one: it is read in the next',
    (language) => {
      const since = '2026-11-22T15:01:00Z'
      const told = textOf({ kind: 'staff_quota', language, shop, since })
      expect(told).not.toMatch(/今月|本月|this month|เดือนนี้/i)
    },
  )

  test.each(LANGUAGES)('in %s, with numbers, times and what to type', (language) => {
    const since = '2026-11-22T15:01:00Z'
    expect(textOf({ kind: 'staff_quota', language, shop, since })).toMatch(/2026.*00:01 JST/)
    const dead = textOf({ kind: 'staff_dead', language, shop, count: 7, events: 0 })
    expect(dead).toMatch(/^【茶舗のれん】.*7.*npm run noren -- deliveries --dead\b/s)
    const both = textOf({ kind: 'staff_dead', language, shop, count: 7, events: 2 })
    expect(both).toMatch(
      /\nnpm run noren -- deliveries --dead\nnpm run noren -- events --unhandled$/,
    )
    const late = textOf({ kind: 'staff_late_many', language, shop, count: 990, events: 0 })
    expect(late).toMatch(/990.*npm run noren -- deliveries --late/s)
  })
})
