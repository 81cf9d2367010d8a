import type { Language } from '../language.ts'
import type { WebhookEvent } from '../webhooks.ts'

type Words = {
  titles: Record<WebhookEvent['type'], string>
  order: string
  items: string
  total: string
  refund: string
  buyer: string
  unknown: string
  source: string
  role: string
  plan: string
  customer: string
  more: (count: number) => string
}

/** What the shop reads of it in Slack or Discord. */
export const WEBHOOK_WORDS: Readonly<Record<Language, Words>> = {
  ja: {
    titles: {
      'order.paid': 'ご注文のお支払いがありました',
      'order.awaiting_payment': 'お支払い待ちのご注文が入りました',
      'order.refunded': '返金しました',
      'member.joined': '新しい会員が加わりました',
      'member.left': '会員が退会しました',
      'member.changed': '会員の内容が変わりました',
      'person.linked': 'Stripe のお客様と LINE がつながりました',
      'noren.test': 'Noren からのテスト送信です',
    },
    order: 'ご注文番号',
    items: '商品',
    total: '合計',
    refund: '返金額',
    buyer: 'お客様',
    unknown: '不明',
    source: '経路',
    role: '会員区分',
    plan: 'プラン',
    customer: 'Stripe の顧客',
    more: (count) => `ほか ${count} 点`,
  },
  en: {
    titles: {
      'order.paid': 'An order was paid',
      'order.awaiting_payment': 'An order is waiting for its payment',
      'order.refunded': 'A refund was made',
      'member.joined': 'A new member joined',
      'member.left': 'A member left',
      'member.changed': 'A membership changed',
      'person.linked': 'A Stripe customer is now known in LINE',
      'noren.test': 'A test from Noren',
    },
    order: 'Order',
    items: 'Items',
    total: 'Total',
    refund: 'Refunded',
    buyer: 'Customer',
    unknown: 'unknown',
    source: 'Source',
    role: 'Role',
    plan: 'Plan',
    customer: 'Stripe customer',
    more: (count) => `and ${count} more`,
  },
  th: {
    titles: {
      'order.paid': 'มีคำสั่งซื้อที่ชำระเงินแล้ว',
      'order.awaiting_payment': 'มีคำสั่งซื้อที่รอการชำระเงิน',
      'order.refunded': 'คืนเงินแล้ว',
      'member.joined': 'มีสมาชิกใหม่',
      'member.left': 'มีสมาชิกยกเลิก',
      'member.changed': 'ข้อมูลสมาชิกเปลี่ยนแปลง',
      'person.linked': 'เชื่อมลูกค้าใน Stripe กับ LINE แล้ว',
      'noren.test': 'ข้อความทดสอบจาก Noren',
    },
    order: 'หมายเลขคำสั่งซื้อ',
    items: 'สินค้า',
    total: 'ยอดรวม',
    refund: 'ยอดคืนเงิน',
    buyer: 'ลูกค้า',
    unknown: 'ไม่ทราบ',
    source: 'ช่องทาง',
    role: 'ระดับสมาชิก',
    plan: 'แพ็กเกจ',
    customer: 'ลูกค้าใน Stripe',
    more: (count) => `และอีก ${count} รายการ`,
  },
  'zh-TW': {
    titles: {
      'order.paid': '訂單已付款',
      'order.awaiting_payment': '有一筆等待付款的訂單',
      'order.refunded': '已退款',
      'member.joined': '有新會員加入',
      'member.left': '有會員離開',
      'member.changed': '會員內容已變更',
      'person.linked': 'Stripe 顧客已與 LINE 連結',
      'noren.test': '來自 Noren 的測試訊息',
    },
    order: '訂單編號',
    items: '商品',
    total: '合計',
    refund: '退款金額',
    buyer: '顧客',
    unknown: '不明',
    source: '來源',
    role: '會員等級',
    plan: '方案',
    customer: 'Stripe 顧客',
    more: (count) => `另有 ${count} 項`,
  },
}
