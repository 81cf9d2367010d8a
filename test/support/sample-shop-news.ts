import type { ShopNotice, StaffNotice } from '../../server/ports.ts'
import type { Language } from '../../shared/language.ts'
import { type Own, sampleOrder, samplePlan } from './sample-messages.ts'

export type ShopNews = Own<ShopNotice | StaffNotice, 'language' | 'shop'>

/** Everything the shop hears besides its orders. */
export const EVERY_SHOP_NEWS: readonly ShopNews[] = shopNewsOf('2026-11-22T15:00:00.000Z')

function shopNewsOf(at: string): ShopNews[] {
  const troubles = [
    'forged_reference',
    'no_mail',
    'two_subscriptions',
    'customer_of_another',
  ] as const
  const quiet = { orders: 0, revenue: [], awaiting: 0, joined: 0, left: 0, members: 34, dead: 0 }
  return [
    { kind: 'staff_quota', since: at },
    { kind: 'staff_outage', from: at, to: '2026-11-22T16:30:00.000Z', waited: 12, dead: 1 },
    {
      ...{ kind: 'staff_outage', channel: 'discord', from: at },
      ...{ to: '2026-11-22T16:30:00.000Z', waited: 3, dead: 0 },
    },
    { kind: 'staff_dead', count: 3, events: 1 },
    { kind: 'staff_late_many', count: 5, events: 0 },
    { kind: 'staff_dispute', order: sampleOrder(), amount: 3960, buyer: '花子' },
    { kind: 'staff_refund', order: sampleOrder(), amount: 990, buyer: null },
    ...[at, null].map((until) => ({
      ...{ kind: 'staff_payment_failed' as const, role: 'お茶の会 会員' },
      ...{ plan: samplePlan(), amount: 980, until },
    })),
    ...troubles.map((why) => ({ kind: 'staff_person' as const, why, about: 'cus_SampleAbout' })),
    { kind: 'staff_quota_near', used: 164, total: 200 },
    {
      ...{ kind: 'staff_endpoint_off', endpoint: 'zapier', host: 'hooks.zapier.com', since: at },
      reason: '410 Gone',
    },
    ...(['above_bot', 'no_permission', 'no_role', 'other'] as const).map((why) => ({
      ...{ kind: 'staff_sign' as const, role: '1180000000000000001', title: 'お茶の会 会員' },
      ...{ why, words: 'Invalid Role' },
    })),
    {
      kind: 'staff_sign',
      ...{
        role: '1180000000000000002',
        title: null,
        why: 'above_bot',
        words: 'Missing Permissions',
      },
    },
    {
      ...{ kind: 'staff_digest', day: '2026-11-22', orders: 7, awaiting: 1, joined: 2, left: 1 },
      revenue: [
        { currency: 'jpy', amount: 27_720, refunded: 990 },
        { currency: 'usd', amount: 4_550, refunded: 0 },
      ],
      ...{ members: 34, dead: 2, line: { used: 164, total: 200 } },
    },
    { kind: 'staff_digest', day: '2026-11-23', ...quiet, line: { used: 164, total: null } },
    { kind: 'staff_digest', day: '2026-11-24', ...quiet, line: null },
  ]
}

export function shopNotice(news: ShopNews, language: Language = 'ja'): ShopNotice | StaffNotice {
  return { language, shop: { name: '茶舗のれん' }, ...news }
}
