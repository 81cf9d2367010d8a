import type { Order } from '../../shared/api.ts'
import { type Language, nearestLanguage } from '../../shared/language.ts'
import type {
  Channel,
  ChatChannel,
  Clock,
  Log,
  MailChannel,
  Meter,
  OrderMessage,
  StaffMessage,
  Store,
  Tx,
} from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import type { AccountRow } from '../store/tables.ts'
import type { ChannelName } from './channels.ts'
import { supersede } from './deliveries.store.ts'
import { pageLink, type TappedIn } from './member-links.ts'
import type { Strikes } from './pause-channel.ts'
import { shopIn } from './shop-in.ts'
import { accountsOfBuyer, tellCustomer } from './tell-customer.ts'
import { isOneLateTooMany } from './tell-daily.ts'
import { inShopsWords, placesFor, tellStaff } from './tell-staff.ts'

export type PostRoom = {
  store: Store
  channel: ChatChannel
  /** All chats that the shop is in, LINE among them; where nobody is, there is none */
  chats: Readonly<Partial<Record<ChannelName, Channel>>>
  /** null: the shop has no mail server, and nobody hears by mail */
  mail: MailChannel | null
  clock: Clock
  shop: ShopConfig
  liffId: string
  log: Log
  meter: Meter
  /** Failures in a row, as this process saw them */
  strikes: Record<ChannelName, Strikes>
}

/** What there is to say about one order, and to whom. */
export type News = {
  order: Order
  buyer: AccountRow | null
  /** Stripe's page was in this language; it counts when we know no better */
  locale: string | null
  /** A reference was there, but not one of ours */
  forged: boolean
  /** What rang: the event's id, or null when a person asked */
  cause: string | null
}

/**
 * Tells the buyer, once for each order (or refund) and kind, wherever they hear of the shop. Without an
 * owner nobody is told.
 */
export async function notifyBuyer(
  post: PostRoom,
  tx: Tx,
  news: News,
  about: { kind: OrderMessage['kind']; subject: string; refund?: number },
): Promise<void> {
  const { order, buyer } = news
  if (!buyer) return
  if (about.kind === 'paid' || about.kind === 'failed')
    await supersede(tx, order.id, 'awaiting_payment')
  await tellCustomer(post, tx, await accountsOfBuyer(tx, buyer), {
    subject: about.subject,
    kind: about.kind,
    orderId: order.id,
    cause: news.cause,
    boughtBy: buyer.id,
    compose: (account, tappedIn): OrderMessage => {
      const language = buyerLanguage(post.shop, account, news.locale)
      return {
        kind: about.kind,
        language,
        shop: shopIn(post.shop, language),
        order,
        refund: about.refund ?? null,
        links: linksOf(post.liffId, order, tappedIn),
      }
    },
  })
}

/**
 * One line to the shop for each paid order; also says when nobody knows the buyer, and why. After a
 * long absence late orders come by the thousand: the staff hear of the first few, then once a day.
 */
export async function notifyStaff(
  post: PostRoom,
  tx: Tx,
  news: News,
  kind: StaffMessage['kind'],
): Promise<void> {
  const { order, buyer } = news
  if (placesFor(post, 'order').length === 0) return
  const silent = kind === 'staff_late' && (await isOneLateTooMany(post, tx))
  const message: StaffMessage = {
    kind,
    ...inShopsWords(post.shop),
    order,
    buyer: buyer
      ? { known: true, name: buyer.name }
      : { known: false, reason: news.forged ? 'forged_reference' : 'no_reference' },
  }
  await tellStaff(
    post,
    tx,
    { topic: 'order', subject: order.id, orderId: order.id, cause: news.cause, message },
    silent ? { state: 'superseded' } : {},
  )
}

function buyerLanguage(shop: ShopConfig, buyer: AccountRow, locale: string | null): Language {
  return buyer.language ?? nearestLanguage(locale) ?? shop.language ?? 'ja'
}

function linksOf(liffId: string, order: Order, tappedIn: TappedIn): OrderMessage['links'] {
  const to = (path: string) => pageLink(liffId, path, tappedIn)
  return {
    order: to(`/orders/${order.id}`),
    again: to(order.offer ? `/checkout/${order.offer}` : ''),
  }
}
