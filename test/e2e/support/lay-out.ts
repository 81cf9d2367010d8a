import type { BrowserContext } from 'playwright-core'
import { logInAs } from './buy.ts'
import { messagesFor } from './chat.ts'
import { stock } from './shelf.ts'
import type { Stage } from './stage.ts'

/** Sessions (`cs_…`), a Payment Link (`plink_…`) and Stripe's pages, to be looked at. */
export type Addresses = {
  paid: string
  awaiting: string
  /** Paid by somebody who is no friend of the shop */
  dropped: string
  plink: string
  payPage: string
  voucher: string
}
type Remembered = Awaited<ReturnType<BrowserContext['storageState']>>
export type LogIns = Record<'friend' | 'stranger' | 'newcomer', Remembered>

/** One order of each kind for a friend and a stranger, and the log-ins of three people. */
export async function layOut(stage: Stage): Promise<{ at: Addresses; logIns: LogIns }> {
  const { rig } = stage
  const friend = stage.person({ name: '中村 友' })
  const stranger = stage.person({ name: '池田 知らず', friend: false })
  const newcomer = stage.person({ name: '新井 初' })
  const link = await stock(rig, {
    items: [
      { name: '贈答用 玉露と和菓子の詰め合わせ「千歳の友」木箱入り 特別包装', amount: 12_800 },
      { name: '抹茶ようかん', amount: 990, quantity: 2 },
    ],
    paymentMethods: ['card', 'konbini'],
    shipping: { name: '全国一律送料', amount: 600 },
  })
  const order = (userId: string) => rig.stripe.visit(`${link.url}?client_reference_id=${userId}`)
  const paid = order(friend.userId)
  await rig.stripe.payByCard(paid)
  const awaiting = order(friend.userId)
  await rig.stripe.payByKonbini(awaiting)
  const dropped = order(stranger.userId)
  await rig.stripe.payByCard(dropped)
  await messagesFor(rig, friend.userId, 2)
  await messagesFor(rig, rig.staff.id, 2)
  const logIns = {
    friend: await logInOnce(stage, friend.name),
    stranger: await logInOnce(stage, stranger.name),
    newcomer: await logInOnce(stage, newcomer.name),
  }
  const intent = rig.stripe.session(awaiting).payment_intent
  const at = {
    paid,
    awaiting,
    dropped,
    plink: link.id,
    payPage: `${rig.stripe.url}/pay/session/${order(friend.userId)}`,
    voucher: `${rig.stripe.url}/voucher/${intent}`,
  }
  return { at, logIns }
}

/** What a browser remembers of a login, to be given to other phones: log-ins are limited to 30 a minute. */
async function logInOnce(stage: Stage, name: string): Promise<Remembered> {
  const page = await stage.visit()
  await page.goto('/orders')
  const greeted = page.waitForResponse(
    (answer) => answer.url().endsWith('/api/orders') && answer.ok(),
  )
  await logInAs(page, name)
  await greeted
  const state = await page.context().storageState()
  await page.context().close()
  return state
}
