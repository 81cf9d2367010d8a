import { setTimeout as wait } from 'node:timers/promises'
import { sealReference } from '../../shared/reference.ts'
import type { LineSandbox, LineUser, LinkSeed, StripeSandbox } from '../sandbox/types.ts'

export type Course = 'card' | 'konbini paid' | 'konbini lapsed' | 'refunded' | 'left unpaid'
export type Wish = {
  session: string
  course: Course
  buyer: LineUser
  /** When the buyer is no friend at first: do they add the shop later? */
  follows: boolean
}

const TEA: LinkSeed = {
  items: [
    { name: '宇治煎茶 100g', amount: 1_980 },
    { name: '抹茶ようかん', amount: 990, quantity: 2 },
  ],
  currency: 'jpy',
  paymentMethods: ['card', 'konbini'],
}

/** More than one page of line items. */
const SAMPLER: LinkSeed = {
  items: Array.from({ length: 13 }, (_, at) => ({
    name: `お茶の小袋 ${at + 1}番`,
    amount: 300 + at,
  })),
  currency: 'jpy',
}

const COURSES: [Course, number][] = [
  ['konbini paid', 0.12],
  ['konbini lapsed', 0.05],
  ['refunded', 0.08],
  ['left unpaid', 0.04],
]

export type Shoppers = {
  wishes: Wish[]
  /** One more buyer; resolves when they have done all that they will do. */
  send(): Promise<void>
}

/** Buyers of all kinds: cards, konbini, refunds, long orders, friends, strangers, and strangers for good. */
export function inviteShoppers(parts: {
  stripe: StripeSandbox
  line: LineSandbox
  chance: () => number
  referenceSecret: string
  /** How long they take between their steps, in ms, at the most */
  slowness: number
}): Shoppers {
  const { stripe, line, chance, slowness } = parts
  const links = [stripe.addLink(TEA), stripe.addLink(SAMPLER)] as const
  const friends = Array.from({ length: 200 }, (_, at) =>
    line.addUser({ name: `友 ${at}`, friend: true, language: 'ja' }),
  )
  const wishes: Wish[] = []
  const linger = () => wait(chance() * slowness)

  function meet(): { buyer: LineUser; follows: boolean } {
    const stranger = chance() < 0.1
    if (!stranger) return { buyer: friends[Math.floor(chance() * friends.length)]!, follows: false }
    const buyer = line.addUser({ name: '旅人', friend: false, language: 'ja' })
    return { buyer, follows: chance() < 0.8 }
  }

  function visit(buyer: LineUser, long: boolean): string {
    const issuedAt = Date.now() / 1_000
    const reference =
      chance() < 0.9
        ? sealReference({ userId: buyer.userId, source: 'chaos', issuedAt }, parts.referenceSecret)
        : buyer.userId
    return stripe.visit(`${links[long ? 1 : 0].url}?client_reference_id=${reference}`)
  }

  async function pay({ session, course }: Wish): Promise<void> {
    if (course === 'left unpaid') return stripe.expire(session)
    if (course === 'card' || course === 'refunded') await stripe.payByCard(session)
    else await stripe.payByKonbini(session)
    await linger()
    if (course === 'konbini paid') await stripe.settleKonbini(session)
    if (course === 'konbini lapsed') await stripe.lapseKonbini(session)
    if (course === 'refunded') await stripe.refund(session, chance() < 0.5 ? 500 : undefined)
  }

  return {
    wishes,
    async send() {
      const course = draw(chance())
      const long = !course.startsWith('konbini') && chance() < 0.15
      const { buyer, follows } = meet()
      const wish: Wish = { session: visit(buyer, long), course, buyer, follows }
      wishes.push(wish)
      await pay(wish)
      await linger()
      if (follows) await line.follow(buyer.userId)
    },
  }
}

function draw(number: number): Course {
  let left = number
  for (const [course, share] of COURSES) {
    if (left < share) return course
    left -= share
  }
  return 'card'
}
