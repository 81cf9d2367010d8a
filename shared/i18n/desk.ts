import type { Language } from '../language.ts'

/** What stands over the columns of a report, and where Stripe has no word: for the shop itself. */
const WORDS = {
  ja: {
    day: '日付',
    source: '流入元',
    product: '商品ID',
    productName: '商品名',
    orders: '注文数',
    items: '点数',
    currency: '通貨',
    amount: '売上',
    refunded: '返金',
    net: '差引',
    rest: '送料・その他',
  },
  en: {
    day: 'Day',
    source: 'Source',
    product: 'Product ID',
    productName: 'Product',
    orders: 'Orders',
    items: 'Items',
    currency: 'Currency',
    amount: 'Sales',
    refunded: 'Refunded',
    net: 'Net',
    rest: 'Shipping and other',
  },
  th: {
    day: 'วันที่',
    source: 'ที่มา',
    product: 'รหัสสินค้า',
    productName: 'สินค้า',
    orders: 'คำสั่งซื้อ',
    items: 'จำนวนชิ้น',
    currency: 'สกุลเงิน',
    amount: 'ยอดขาย',
    refunded: 'คืนเงิน',
    net: 'สุทธิ',
    rest: 'ค่าจัดส่งและอื่น ๆ',
  },
  'zh-TW': {
    day: '日期',
    source: '來源',
    product: '商品 ID',
    productName: '商品',
    orders: '訂單數',
    items: '件數',
    currency: '幣別',
    amount: '銷售額',
    refunded: '退款',
    net: '淨額',
    rest: '運費及其他',
  },
} satisfies Record<Language, Record<string, string>>

export type DeskWords = Record<keyof (typeof WORDS)['ja'], string>

export function deskWordsIn(language: Language): DeskWords {
  return WORDS[language]
}
