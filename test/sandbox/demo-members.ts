import type { OfferDisplay, PortalView, PricingTable, Role } from '../../server/shop/define-shop.ts'
import type { DiscordSandbox, LinkSeed, StripeSandbox } from './types.ts'

/** What makes a member of the tea house, and a patron. Amounts in yen; `picture` finds one by its name. */
export function membershipLinks(picture: (name: string) => string): LinkSeed[] {
  return [
    {
      id: 'plink_demo_member',
      items: [
        {
          name: 'のれんの会 月払い',
          description: 'いつものお茶が1割引。新茶の便りがいちばんに届きます。',
          image: picture('member'),
          amount: 500,
        },
      ],
      recurring: { interval: 'month' },
      trialDays: 14,
      paymentMethods: ['card'],
    },
    {
      id: 'plink_demo_member_year',
      items: [
        {
          name: 'のれんの会 年払い',
          description: '一年ぶんをまとめて。二か月ぶんお得です。',
          image: picture('member-year'),
          amount: 5_000,
        },
      ],
      recurring: { interval: 'year' },
      paymentMethods: ['card'],
    },
    {
      id: 'plink_demo_patron',
      items: [
        {
          name: 'のれんの会 特別会員',
          description: '毎月の茶葉と、季節の茶会へのご招待を添えて。',
          image: picture('patron'),
          amount: 1_500,
        },
      ],
      recurring: { interval: 'month' },
      paymentMethods: ['card'],
    },
  ]
}

/** The same in the shopkeeper's own words, as `offers` in shop.config has them. */
export const MEMBERSHIP_DISPLAY: OfferDisplay[] = [
  {
    link: 'plink_demo_member',
    name: {
      ja: 'のれんの会 月払い',
      en: 'Noren Circle, monthly',
      th: 'โนเรนเซอร์เคิล รายเดือน',
      'zh-TW': '暖簾之會 月繳',
    },
    description: {
      ja: 'いつものお茶が1割引。新茶の便りがいちばんに届きます。',
      en: '10% off your everyday tea, and first word of each new harvest.',
      th: 'ลดราคาชา 10% และรู้ข่าวชาใหม่ก่อนใคร',
      'zh-TW': '平日用茶九折，並率先收到新茶消息。',
    },
  },
  {
    link: 'plink_demo_member_year',
    name: {
      ja: 'のれんの会 年払い',
      en: 'Noren Circle, yearly',
      th: 'โนเรนเซอร์เคิล รายปี',
      'zh-TW': '暖簾之會 年繳',
    },
    description: {
      ja: '一年ぶんをまとめて。二か月ぶんお得です。',
      en: 'A whole year at once: two months are on the house.',
      th: 'ชำระครั้งเดียวทั้งปี ประหยัดไปสองเดือน',
      'zh-TW': '一次繳清一年，省下兩個月會費。',
    },
  },
  {
    link: 'plink_demo_patron',
    name: {
      ja: 'のれんの会 特別会員',
      en: 'Noren Circle, patron',
      th: 'โนเรนเซอร์เคิล สมาชิกพิเศษ',
      'zh-TW': '暖簾之會 特別會員',
    },
    description: {
      ja: '毎月の茶葉と、季節の茶会へのご招待を添えて。',
      en: 'With tea leaves every month and a seat at the seasonal tea gathering.',
      th: 'พร้อมใบชาทุกเดือนและคำเชิญร่วมงานชาประจำฤดูกาล',
      'zh-TW': '每月附贈茶葉，並受邀參加季節茶會。',
    },
  },
]

/** `roles` as shop.config has them, highest rank first; Stripe and Discord alone know the ids of what is theirs. */
export function demoRoles(stripe: StripeSandbox, discord: DiscordSandbox): Role[] {
  const soldBy = (link: string) => stripe.soldBy(link)[0] ?? { price: link, product: link }
  return [
    {
      id: 'patron',
      title: { ja: '特別会員', en: 'Patron', th: 'สมาชิกพิเศษ', 'zh-TW': '特別會員' },
      benefits: {
        ja: 'のれんの会の特典すべて\n毎月、茶師が選ぶ茶葉30g\n季節の茶会へご招待',
        en: 'Everything the Circle has\n30 g of leaves each month, chosen by our tea master\nA seat at the seasonal tea gathering',
        th: 'สิทธิประโยชน์ทั้งหมดของโนเรนเซอร์เคิล\nใบชา 30 กรัมทุกเดือน คัดโดยผู้เชี่ยวชาญ\nคำเชิญร่วมงานชาประจำฤดูกาล',
        'zh-TW': '享有暖簾之會全部優惠\n每月茶師精選茶葉 30 克\n受邀參加季節茶會',
      },
      grants: [{ price: soldBy('plink_demo_patron').price }],
      discordRoles: discord.roles.premium,
    },
    {
      id: 'member',
      title: { ja: 'のれんの会', en: 'Noren Circle', th: 'โนเรนเซอร์เคิล', 'zh-TW': '暖簾之會' },
      benefits: {
        ja: 'お茶がいつでも1割引\n新茶の便りをいちばんに\nお誕生月に和菓子をひとつ',
        en: '10% off all tea\nFirst word of each new harvest\nA sweet in the month of your birthday',
        th: 'ลดราคาชาทุกชนิด 10%\nรู้ข่าวชาใหม่ก่อนใคร\nขนมญี่ปุ่นในเดือนเกิด',
        'zh-TW': '所有茶品九折\n率先收到新茶消息\n生日當月贈和菓子一份',
      },
      grants: [
        {
          product: [soldBy('plink_demo_member').product, soldBy('plink_demo_member_year').product],
        },
      ],
      discordRoles: discord.roles.member,
    },
  ]
}

/** The Circle's plans once more, in a pricing table of Stripe's. */
export function demoTables(stripe: StripeSandbox, origin: string): PricingTable[] {
  const plan = (link: string, trialDays = 0) =>
    stripe.soldBy(link).map(({ price }) => ({ price, trialDays }))
  const table = stripe.addPricingTable({
    id: 'prctbl_demo_circle',
    prices: [
      ...plan('plink_demo_member', 14),
      ...plan('plink_demo_patron'),
      ...plan('plink_demo_member_year'),
    ],
    returnUrl: `${origin}/return?session={CHECKOUT_SESSION_ID}`,
  })
  const title = {
    ja: 'のれんの会 料金表',
    en: 'Noren Circle: plans',
    th: 'โนเรนเซอร์เคิล: แพ็กเกจและราคา',
    'zh-TW': '暖簾之會 方案與價格',
  }
  const publishableKey = { test: stripe.publishableKey }
  return [{ id: 'circle', table: { test: table }, publishableKey, title }]
}

/** What the demo's portal lets a member do: besides the usual, to rest for a while. */
export const DEMO_PORTAL: Record<string, PortalView> = {
  member: {
    card: true,
    details: ['name', 'email', 'address', 'phone'],
    cancel: 'period_end',
    changePlan: true,
    pause: [1, 2, 3],
  },
}
