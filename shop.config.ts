import { defineShop } from './server/shop/define-shop.ts'

/**
 * Your shop. Everything here is yours to change; secrets live in .env instead.
 * A text is either one string for everybody, or one for each language (ja, en, th, zh-TW).
 */
export default defineShop({
  name: { ja: 'のれん茶房', en: 'Noren Tea House', th: 'ร้านชาโนเรน', 'zh-TW': '暖簾茶房' },
  tagline: {
    ja: '京都・宇治から、毎日のお茶を。',
    en: 'Everyday tea from Uji, Kyoto.',
    th: 'ชาสำหรับทุกวันจากอุจิ เกียวโต',
    'zh-TW': '來自京都宇治的每日好茶。',
  },
  brand: '#2f5d50',
  taxNote: { ja: '税込', en: 'tax included', th: 'รวมภาษี', 'zh-TW': '含稅' },
  language: 'ja',

  // Where 「友だち追加」 leads. LINE Official Account Manager shows your id (@…).
  friendUrl: 'https://line.me/R/ti/p/@noren-sample',

  // Who of you is told what: a user (U…), group (C…) or room (R…) in LINE, mailboxes, and topic by topic where.
  // staff: { line: 'C0123456789abcdef0123456789abcdef', mail: 'shop@example.com', tell: { digest: 'both' } },
  // `people: ['U…']` in it are those who may ask for the report.

  // What customers get by mail when LINE cannot bring it (needs SMTP_URL and MAIL_FROM in .env).
  // mail: { afterHours: 3, tell: { receipt: 'instead' } },

  // A receipt older than this many hours (after a long outage) goes to the staff, not to the buyer.
  lateAfter: 72,

  // How offers are shown, in this order. Links that are not named here follow as Stripe has them.
  // offers: [{ link: ['plink_live…', 'plink_test…'], name: { ja: '煎茶 100g', en: 'Sencha 100 g' } }],

  // Members: the menu under the chat and the portal follow what somebody pays for, by themselves. Without
  // roles there is no membership. The highest rank comes first: who holds several is the first in this list.
  // roles: [
  //   {
  //     id: 'member', // one lower-case word; it stays when the title changes
  //     title: { ja: 'のれんの会', en: 'Noren Circle' },
  //     // Shown before somebody joins, a line for each.
  //     benefits: {
  //       ja: 'お茶がいつでも1割引\n新茶の便りをいちばんに',
  //       en: '10% off all tea\nFirst word of each new harvest',
  //     },
  //     // Who subscribes to this product is one, at whichever price: by the month and by the year alike.
  //     // Stripe's dashboard shows the id (prod_…); live and test ids may stand side by side.
  //     grants: [{ product: ['prod_live…', 'prod_test…'] }],
  //     // The menu that they see, where ours is not what you want: up to six tiles.
  //     // menu: { tiles: [{ opens: 'membership' }, { opens: 'shop' }, { opens: 'tel:0774000000', label: '電話' }] },
  //   },
  // ],

  // A renewal that could not be charged: a member for so many days still, so that a new card is in time.
  // membership: { graceDays: 7 },

  // What members may do by themselves at Stripe. Resting for a month keeps some who would have left.
  // portal: { member: { card: true, cancel: 'period_end', changePlan: true, pause: [1, 2, 3] } },

  // What you recommend, to whom and when; docs/campaigns.md has all four kinds. Look first: npm run noren -- campaigns
  // campaigns: {
  //   rules: [
  //     {
  //       id: 'yearly',
  //       to: { monthly: { forMonths: 12 } },
  //       offer: ['plink_live…', 'plink_test…'],
  //       title: { ja: '年払いのご案内', en: 'By the year' },
  //       text: { ja: '{name}さま、年払いになさると1年で{saves}お得です。', en: 'A year saves you {saves}, {name}.' },
  //     },
  //   ],
  // },

  // 特定商取引法に基づく表記. With a live Stripe key, Noren does not start on this sample.
  legal: {
    sample: true,
    seller: { ja: '株式会社のれん茶房（見本）', en: 'Noren Tea House Inc. (SAMPLE)' },
    representative: { ja: '暖簾 花子', en: 'Hanako Noren' },
    address: {
      ja: '〒611-0000 京都府宇治市見本町1-2-3',
      en: '1-2-3 Mihon-cho, Uji, Kyoto 611-0000, Japan',
    },
    phone: '0774-00-0000',
    email: 'hello@example.com',
    price: {
      ja: '各商品のページに税込価格を表示しています。',
      en: 'Shown with each product, tax included.',
    },
    fees: {
      ja: '送料は全国一律600円（定期便は送料込み）。ご購入前の画面とお支払い画面で合計に含めて表示します。コンビニ払いの手数料は当店が負担します。',
      en: 'Flat shipping of ¥600, shown in the total before you pay; none on subscriptions. We bear the convenience-store fee.',
    },
    paymentMethods: {
      ja: 'クレジットカード、コンビニ払い',
      en: 'Credit card, convenience store (konbini)',
    },
    paymentTiming: {
      ja: 'カードはご注文時、コンビニ払いはご注文から3日以内。',
      en: 'Cards: when you order. Konbini: within 3 days of ordering.',
    },
    delivery: {
      ja: 'ご入金の確認後、3営業日以内に発送します。',
      en: 'Shipped within 3 business days of payment.',
    },
    returns: {
      ja: '食品のためお客様都合の返品はお受けできません。不良品は到着後7日以内にご連絡ください。送料当店負担で交換いたします。',
      en: 'Food cannot be returned for a change of mind. Tell us of any defect within 7 days; we exchange it at our cost.',
    },
    quantity: { ja: 'お一人様1回10点まで。', en: 'Up to 10 items per order.' },
    validity: {
      ja: '在庫がなくなり次第、販売を終了します。',
      en: 'On sale while stocks last.',
    },
    subscription: {
      ja: '定期便は解約されるまで毎月自動で更新されます。次回更新日の前日までいつでも解約できます。',
      en: 'Subscriptions renew every month until cancelled; cancel any time up to the day before renewal.',
    },
  },
})
