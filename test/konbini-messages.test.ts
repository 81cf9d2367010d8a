import { describe, expect, test } from 'vitest'
import { konbiniOrder, orderMessage, readBubble, sampleOrder } from './support/sample-messages.ts'

describe('waiting for a konbini payment', () => {
  test('has every store with its payment code and confirmation number, and the deadline in Japan', () => {
    const { said, texts } = readBubble(
      orderMessage({ kind: 'awaiting_payment', order: konbiniOrder() }),
    )
    for (const store of ['ファミリーマート', 'ローソン', 'ミニストップ', 'セイコーマート'])
      expect(texts).toContain(store)
    for (const code of ['100001', '11111111110', '200002', '300003', '400004', '44444444440'])
      expect(texts).toContain(code)
    expect(texts.filter((text) => text === '確認番号')).toHaveLength(3)
    expect(texts).toContain('2026年11月25日(水) 23:59 JST')
    expect(said).not.toContain('お支払いを確認いたしました')
  })

  test('says in its sentence how much, where and until when', () => {
    const { altText } = readBubble(
      orderMessage({ kind: 'awaiting_payment', order: konbiniOrder() }),
    )
    expect(altText).toContain('2026年11月25日(水) 23:59 JST までに')
    expect(altText).toContain('¥3,960（税込）をコンビニで')
  })

  test("opens Stripe's own voucher first, then the order", () => {
    const { buttons } = readBubble(
      orderMessage({ kind: 'awaiting_payment', order: konbiniOrder() }),
    )
    expect(buttons.map(({ uri }) => uri)).toEqual([
      'https://payments.stripe.com/konbini/voucher/test_1',
      orderMessage().links.order,
    ])
  })

  test("leads to the order page alone when the voucher's address is missing or longer than LINE takes", () => {
    const { konbini } = konbiniOrder()
    for (const voucherUrl of [null, `https://payments.stripe.com/${'x'.repeat(1000)}`]) {
      const order = konbiniOrder({ konbini: { ...konbini!, voucherUrl } })
      const { buttons } = readBubble(orderMessage({ kind: 'awaiting_payment', order }))
      expect(buttons.map(({ uri }) => uri)).toEqual([orderMessage().links.order])
    }
  })

  test('a bank transfer, which has no stores, is asked for without a word of konbini', () => {
    const order = konbiniOrder({ konbini: null, paymentMethod: 'customer_balance' })
    const { said, altText } = readBubble(orderMessage({ kind: 'awaiting_payment', order }))
    expect(said + altText).not.toContain('コンビニ')
    expect(said).toContain('銀行振込')
    expect(altText).toContain('¥3,960')
  })
})

describe('a payment that failed', () => {
  test('says that the konbini deadline passed, that nothing was charged, and how to order again', () => {
    const order = konbiniOrder({ status: 'failed' })
    const { said, altText, buttons } = readBubble(orderMessage({ kind: 'failed', order }))
    expect(said).toContain('期限までにコンビニでのお支払いを確認できなかった')
    expect(said + altText).toContain('代金はいただいておりません')
    expect(said).toContain('下のボタンからもう一度ご注文ください')
    expect(buttons[0]?.uri).toBe(orderMessage().links.again)
  })

  test('of another kind speaks of no konbini, and of no button when the offer is gone', () => {
    const order = sampleOrder({ status: 'failed', paidAt: null, offer: null })
    const { said, buttons } = readBubble(orderMessage({ kind: 'failed', order }))
    expect(said).not.toContain('コンビニ')
    expect(said).not.toContain('ボタン')
    expect(buttons.map(({ uri }) => uri)).toEqual([orderMessage().links.order])
  })
})
