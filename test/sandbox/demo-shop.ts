import type { LineSandbox, LineUser, LinkSeed, StripeSandbox } from './types.ts'

/** What the demo's tea house sells. Amounts in yen. `returnUrl` is where Stripe sends the buyer back. */
export function stockDemoShop(stripe: StripeSandbox, origin: string): void {
  const returnUrl = `${origin}/return?session={CHECKOUT_SESSION_ID}`
  const shipping = { name: '全国一律送料', amount: 600 }
  const picture = (name: string) => `${origin}/pictures/${name}.svg`
  const offers: LinkSeed[] = [
    {
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
  ]
  // Stripe lists the newest link first, so the first to be shown is the last to be made.
  for (const offer of offers.toReversed()) stripe.addLink({ ...offer, currency: 'jpy', returnUrl })
}

/** The hands that the demo's phone can be in: a friend, somebody who is not one yet, an English speaker. */
export function invitePeople(line: LineSandbox): LineUser[] {
  return [
    line.addUser({ name: '佐藤 花子', friend: true, language: 'ja' }),
    line.addUser({ name: '鈴木 一郎', friend: false, language: 'ja' }),
    line.addUser({ name: 'Emma Wilson', friend: true, language: 'en' }),
  ]
}
