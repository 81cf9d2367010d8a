import type { messagingApi } from '@line/bot-sdk'
import { renderMessage } from '../../server/line/render.ts'
import type { Message, OrderMessage, StaffMessage } from '../../server/ports.ts'
import type { Order } from '../../shared/api.ts'

/** Two kinds of tea for ¥3,960, paid by card. */
export function sampleOrder(change: Partial<Order> = {}): Order {
  const items = change.items ?? [
    { name: '煎茶 100g', quantity: 2, amount: 2160 },
    { name: 'ほうじ茶', quantity: 1, amount: 1800 },
  ]
  return {
    id: 'cs_test_1',
    number: 'N-7K2Q',
    status: 'paid',
    currency: 'jpy',
    amount: 3960,
    subtotal: 3960,
    discount: 0,
    shipping: 0,
    tax: 0,
    refunded: 0,
    items,
    itemCount: items.length,
    paymentMethod: 'card',
    konbini: null,
    offer: 'plink_1',
    createdAt: '2026-11-22T14:58:00.000Z',
    paidAt: '2026-11-22T15:01:00.000Z',
    ...change,
  }
}

/** The order above as it waits at four konbini chains; Lawson asks for no confirmation number. */
export function konbiniOrder(change: Partial<Order> = {}): Order {
  return sampleOrder({
    status: 'awaiting_payment',
    paymentMethod: 'konbini',
    paidAt: null,
    konbini: {
      expiresAt: '2026-11-25T14:59:59.000Z',
      voucherUrl: 'https://payments.stripe.com/konbini/voucher/test_1',
      stores: [
        { store: 'familymart', paymentCode: '100001', confirmationNumber: '11111111110' },
        { store: 'lawson', paymentCode: '200002', confirmationNumber: null },
        { store: 'ministop', paymentCode: '300003', confirmationNumber: '33333333330' },
        { store: 'seicomart', paymentCode: '400004', confirmationNumber: '44444444440' },
      ],
    },
    ...change,
  })
}

export function orderMessage(change: Partial<OrderMessage> = {}): OrderMessage {
  return {
    kind: 'paid',
    language: 'ja',
    shop: { name: '茶舗のれん', brand: '#1F4E5F', taxNote: '税込' },
    order: sampleOrder(),
    refund: null,
    links: {
      order: 'https://liff.line.me/1234567890-abcdefgh/orders/cs_test_1',
      again: 'https://liff.line.me/1234567890-abcdefgh/checkout/plink_1',
    },
    ...change,
  }
}

export function staffMessage(change: Partial<StaffMessage> = {}): StaffMessage {
  return {
    kind: 'staff_paid',
    language: 'ja',
    shop: { name: '茶舗のれん' },
    order: sampleOrder(),
    buyer: { known: true, name: '花子' },
    ...change,
  }
}

/** The bubble as LINE would get it, and what can be read and tapped in it, top to bottom. */
export function readBubble(message: Message) {
  const [flex] = JSON.parse(renderMessage(message)) as [messagingApi.FlexMessage]
  const components = everyComponent(flex.contents)
  const texts = components.flatMap(({ text }) => (typeof text === 'string' ? [text] : []))
  return {
    altText: flex.altText,
    bubble: flex.contents as messagingApi.FlexBubble,
    components,
    texts,
    said: texts.join('\n'),
    buttons: components
      .filter(({ type }) => type === 'button')
      .map((button) => button['action'] as messagingApi.URIAction),
  }
}

type Component = Record<string, unknown>

function everyComponent(part: unknown): Component[] {
  if (Array.isArray(part)) return part.flatMap(everyComponent)
  if (typeof part !== 'object' || part === null) return []
  return [part as Component, ...Object.values(part).flatMap(everyComponent)]
}
