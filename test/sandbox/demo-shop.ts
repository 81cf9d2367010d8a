import type { OfferDisplay } from '../../server/shop/define-shop.ts'
import { MEMBERSHIP_DISPLAY, membershipLinks } from './demo-members.ts'
import type { LineSandbox, LineUser, LinkSeed, StripeSandbox } from './types.ts'

/** What the demo's tea house sells. Amounts in yen. `returnUrl` is where Stripe sends the buyer back. */
export function stockDemoShop(stripe: StripeSandbox, origin: string): void {
  const returnUrl = `${origin}/return?session={CHECKOUT_SESSION_ID}`
  const shipping = { name: '全国一律送料', amount: 600 }
  const picture = (name: string) => `${origin}/pictures/${name}.svg`
  const offers: LinkSeed[] = [
    {
      id: 'plink_demo_sencha',
      items: [
        {
          name: '宇治煎茶「朝露」100g',
          description: '一番茶だけを浅く蒸した、澄んだ香りの煎茶。',
          image: picture('sencha'),
          amount: 1_980,
        },
      ],
      paymentMethods: ['card', 'konbini'],
      shipping,
    },
    {
      id: 'plink_demo_matcha',
      items: [
        {
          name: '石臼挽き抹茶「松風」30g',
          description: '石臼でゆっくり挽いた、薄茶にもお菓子にもよい抹茶。',
          image: picture('matcha'),
          amount: 2_700,
        },
        { name: '茶筅(奈良・高山)', amount: 3_300 },
      ],
      paymentMethods: ['card', 'konbini'],
      shipping,
    },
    {
      id: 'plink_demo_yokan',
      items: [
        {
          name: '抹茶ようかん 二棹入り',
          description: '大納言小豆を散らした、ほろ苦い抹茶のようかん。',
          image: picture('yokan'),
          amount: 1_620,
        },
      ],
      paymentMethods: ['card', 'konbini'],
      shipping,
      limit: 3,
    },
    {
      id: 'plink_demo_teabox',
      items: [
        {
          name: '季節のお茶 定期便',
          description: '毎月、その季節にいちばんおいしいお茶を三種。',
          image: picture('teabox'),
          amount: 3_480,
        },
      ],
      recurring: { interval: 'month' },
      paymentMethods: ['card'],
    },
    ...membershipLinks(picture),
  ]
  // Stripe lists the newest link first, so the first to be shown is the last to be made.
  for (const offer of offers.toReversed()) stripe.addLink({ ...offer, currency: 'jpy', returnUrl })
}

/** The same goods in the shopkeeper's own words, as `offers` in shop.config has them. */
export const DEMO_DISPLAY: OfferDisplay[] = [
  {
    link: 'plink_demo_sencha',
    name: {
      ja: '宇治煎茶「朝露」100g',
      en: 'Uji sencha “Asatsuyu”, 100 g',
      th: 'เซนฉะอุจิ “อาซาสึยุ” 100 กรัม',
      'zh-TW': '宇治煎茶「朝露」100 克',
    },
    description: {
      ja: '一番茶だけを浅く蒸した、澄んだ香りの煎茶。',
      en: 'First-flush leaves, lightly steamed: a clear, fresh sencha.',
      th: 'ใบชาเก็บเกี่ยวครั้งแรก นึ่งอ่อน กลิ่นหอมสดชื่น',
      'zh-TW': '僅用頭採茶葉輕蒸，香氣清澈。',
    },
  },
  {
    link: 'plink_demo_matcha',
    name: {
      ja: '石臼挽き抹茶「松風」30g と茶筅',
      en: 'Stone-ground matcha “Matsukaze”, 30 g, with a whisk',
      th: 'มัทฉะโม่หิน “มัตสึคาเซะ” 30 กรัม พร้อมแปรงตีชา',
      'zh-TW': '石臼抹茶「松風」30 克附茶筅',
    },
    description: {
      ja: '石臼でゆっくり挽いた抹茶に、奈良・高山の茶筅を添えて。',
      en: 'Slowly ground matcha, and a bamboo whisk from Takayama, Nara.',
      th: 'มัทฉะโม่ช้า ๆ ด้วยหิน พร้อมแปรงไม้ไผ่จากทาคายามะ นารา',
      'zh-TW': '石臼慢磨的抹茶，附奈良高山茶筅。',
    },
  },
  {
    link: 'plink_demo_yokan',
    name: {
      ja: '抹茶ようかん 二棹入り',
      en: 'Matcha yokan, box of two',
      th: 'มัทฉะโยคัง กล่องละ 2 ชิ้น',
      'zh-TW': '抹茶羊羹 兩條入',
    },
    description: {
      ja: '大納言小豆を散らした、ほろ苦い抹茶のようかん。',
      en: 'Gently bitter matcha jelly with whole azuki beans.',
      th: 'โยคังมัทฉะรสขมอ่อน ๆ กับถั่วแดงเต็มเมล็ด',
      'zh-TW': '微苦抹茶羊羹，綴以大納言紅豆。',
    },
  },
  {
    link: 'plink_demo_teabox',
    name: {
      ja: '季節のお茶 定期便',
      en: 'Tea of the season, monthly box',
      th: 'ชาประจำฤดูกาล ส่งทุกเดือน',
      'zh-TW': '當季茶定期配送',
    },
    description: {
      ja: '毎月、その季節にいちばんおいしいお茶を三種。',
      en: 'Three teas at their best, every month.',
      th: 'ชา 3 ชนิดที่อร่อยที่สุดในแต่ละเดือน',
      'zh-TW': '每月精選三款當季好茶。',
    },
  },
  ...MEMBERSHIP_DISPLAY,
]

/** The hands that the demo's phone can be in: a friend, somebody who is not one yet, an English speaker. */
export function invitePeople(line: LineSandbox): LineUser[] {
  return [
    line.addUser({ name: '佐藤 花子', friend: true, language: 'ja' }),
    line.addUser({ name: '鈴木 一郎', friend: false, language: 'ja' }),
    line.addUser({ name: 'Emma Wilson', friend: true, language: 'en' }),
  ]
}
