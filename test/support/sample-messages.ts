import type { messagingApi } from '@line/bot-sdk'
import { renderMessage } from '../../server/line/render.ts'
import { renderAnswer } from '../../server/line/render-answer.ts'
import type {
  CampaignMessage,
  ChatAnswer,
  InviteMessage,
  MemberMessage,
  Message,
  OrderMessage,
  PlanWords,
  StaffMessage,
} from '../../server/ports.ts'
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

const LIFF = 'https://liff.line.me/1234567890-abcdefgh'

/** Tea each month, for ¥980. */
export function samplePlan(change: Partial<PlanWords> = {}): PlanWords {
  return {
    name: 'お茶の定期便',
    amount: 980,
    currency: 'jpy',
    interval: 'month',
    intervalCount: 1,
    ...change,
  }
}

export type Own<Whole, Shared extends PropertyKey> = Whole extends unknown
  ? Omit<Whole, Shared>
  : never
type ToMember = 'language' | 'shop' | 'role' | 'plan' | 'links'
export type MemberNews = Own<MemberMessage, ToMember>
export type Answered = Own<ChatAnswer, 'language' | 'shop' | 'links' | 'computer'>

/** Every kind of news of a membership, with and without each date that may be missing. */
export const EVERY_NEWS: readonly MemberNews[] = newsOf('2026-12-22T15:00:00.000Z')

function newsOf(at: string): MemberNews[] {
  const reasons = [
    'cancelled',
    'unpaid',
    'resting',
    'refunded',
    'disputed',
    'ran_out',
    'by_shop',
  ] as const
  return [
    { kind: 'welcome', trialEnd: null, renewsAt: at, endsAt: null },
    { kind: 'welcome', trialEnd: at, renewsAt: at, endsAt: null },
    { kind: 'welcome', trialEnd: null, renewsAt: null, endsAt: at },
    { kind: 'welcome', trialEnd: null, renewsAt: null, endsAt: null },
    { kind: 'trial_ending', at },
    { kind: 'payment_failed', amount: 980, until: at },
    { kind: 'payment_failed', amount: 980, until: null },
    { kind: 'grace_ending', amount: 980, until: at },
    { kind: 'grace_ending', amount: 980, until: null },
    ...reasons.map((because) => ({ kind: 'ended' as const, because })),
    { kind: 'plan_changed', before: samplePlan(), renewsAt: at },
    { kind: 'plan_changed', before: samplePlan(), renewsAt: null },
    { kind: 'paused', until: at },
    { kind: 'paused', until: null },
    { kind: 'resumed', renewsAt: at },
    { kind: 'resumed', renewsAt: null },
    { kind: 'leaving', at },
    { kind: 'staying', renewsAt: at },
    { kind: 'staying', renewsAt: null },
    { kind: 'card_expiring', brand: 'visa', last4: '4242', month: '2027-01', renewsAt: at },
    { kind: 'card_expiring', brand: 'unknown', last4: '0005', month: '2026-12', renewsAt: null },
    { kind: 'renewal_ahead', at, amount: 9_800 },
  ]
}

export function memberMessage(
  news: MemberNews,
  change: Partial<Pick<MemberMessage, ToMember>> = {},
): MemberMessage {
  return {
    language: 'ja',
    shop: { name: '茶舗のれん', brand: '#1F4E5F', taxNote: '税込' },
    role: 'お茶の会 会員',
    plan: samplePlan(),
    links: {
      membership: `${LIFF}/membership`,
      card: `${LIFF}/membership/card`,
      join: `${LIFF}/join`,
    },
    ...change,
    ...news,
  }
}

export function chatAnswer(
  answered: Answered,
  change: Partial<Pick<ChatAnswer, 'language' | 'shop' | 'links' | 'computer'>> = {},
): ChatAnswer {
  return {
    language: 'ja',
    shop: { name: '茶舗のれん', brand: '#1F4E5F', taxNote: '税込' },
    links: {
      shop: `${LIFF}/`,
      membership: `${LIFF}/membership`,
      card: `${LIFF}/membership?do=card`,
      join: `${LIFF}/join`,
      orders: `${LIFF}/orders`,
      cancel: `${LIFF}/membership/cancel`,
      friend: 'https://line.me/R/ti/p/@noren-sample',
    },
    computer: null,
    ...change,
    ...answered,
  }
}

/** The bubble as LINE would get it, and what can be read and tapped in it, top to bottom. */
export function readBubble(message: Message) {
  return readFlex(renderMessage(message))
}

/** The same of an answer, and the words offered below it. */
export function readAnswer(answer: ChatAnswer) {
  const json = renderAnswer(answer)
  const [{ quickReply }] = JSON.parse(json) as [messagingApi.FlexMessage]
  const offered = quickReply?.items?.map(({ action }) => action as messagingApi.MessageAction)
  return { ...readFlex(json), offered: (offered ?? []).map(({ text }) => text ?? '') }
}

function readFlex(json: string) {
  const [flex] = JSON.parse(json) as [messagingApi.FlexMessage]
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

const SHOP = { name: '茶舗のれん', brand: '#1F4E5F', taxNote: '税込' }

export function inviteMessage(change: Partial<InviteMessage> = {}): InviteMessage {
  return {
    ...{ kind: 'invite', language: 'ja', shop: SHOP, name: '山田 花子', plan: samplePlan() },
    links: { connect: `${LIFF}/connect/kX7w2Qm9` },
    until: '2026-12-06T14:59:59.000Z',
    ...change,
  }
}

export function campaignMessage(change: Partial<CampaignMessage> = {}): CampaignMessage {
  return {
    ...{ kind: 'campaign', language: 'ja', shop: SHOP },
    title: '年払いで2か月分お得に',
    text: '花子さま、お茶の定期便を1年お続けくださり、ありがとうございます。\n年払いになさいますと、1年で ¥1,960 お安くなります。',
    button: { label: '年払いを見る', address: `${LIFF}/checkout/plink_year` },
    links: { unsubscribe: 'https://shop.example/unsubscribe/kX7w2Qm9' },
    ...change,
  }
}
