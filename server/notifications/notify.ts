import type { Order } from '../../shared/api.ts'
import { type Language, localized, nearestLanguage } from '../../shared/language.ts'
import { lineAccountId } from '../people/people.store.ts'
import type {
  Channel,
  ChatChannel,
  Clock,
  Log,
  Meter,
  OrderMessage,
  StaffMessage,
  Store,
  Tx,
} from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import type { AccountRow } from '../store/tables.ts'
import { supersede } from './deliveries.store.ts'
import { pageLink } from './member-links.ts'
import type { Strikes } from './pause-channel.ts'
import { postDelivery } from './post-delivery.ts'
import { isOneLateTooMany } from './tell-daily.ts'

export type PostRoom = {
  store: Store
  channel: ChatChannel
  /** null: the shop has no mail server, and nobody hears by mail */
  mail: Channel | null
  clock: Clock
  shop: ShopConfig
  liffId: string
  log: Log
  meter: Meter
  /** Failures in a row, as this process saw them */
  strikes: Strikes
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
 * Tells the buyer, once for each order (or refund) and kind: the body is rendered here and never
 * again, because a retry under LINE's key must be byte-identical. Without an owner nobody is told.
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
  const language = buyerLanguage(post.shop, buyer, news.locale)
  const message: OrderMessage = {
    kind: about.kind,
    language,
    shop: {
      name: localized(post.shop.name, language),
      brand: post.shop.brand,
      taxNote: localized(post.shop.taxNote, language),
    },
    order,
    refund: about.refund ?? null,
    links: linksOf(post.liffId, order),
  }
  await postDelivery(post, tx, {
    subject: about.subject,
    kind: about.kind,
    account_id: buyer.id,
    order_id: order.id,
    body: post.channel.render(message),
    created_at: post.clock.now().toISOString(),
    cause: news.cause,
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
  const to = post.shop.staff?.line
  if (!to) return
  const silent = kind === 'staff_late' && (await isOneLateTooMany(post, tx))
  const language = post.shop.language ?? 'ja'
  const message: StaffMessage = {
    kind,
    language,
    shop: { name: localized(post.shop.name, language) },
    order,
    buyer: buyer
      ? { known: true, name: buyer.name }
      : { known: false, reason: news.forged ? 'forged_reference' : 'no_reference' },
  }
  await postDelivery(post, tx, {
    subject: order.id,
    kind,
    account_id: lineAccountId(to),
    order_id: order.id,
    body: post.channel.render(message),
    created_at: post.clock.now().toISOString(),
    cause: news.cause,
    ...(silent ? { state: 'superseded' as const } : {}),
  })
}

function buyerLanguage(shop: ShopConfig, buyer: AccountRow, locale: string | null): Language {
  return buyer.language ?? nearestLanguage(locale) ?? shop.language ?? 'ja'
}

function linksOf(liffId: string, order: Order): OrderMessage['links'] {
  const to = (path: string) => pageLink(liffId, path, 'message')
  return {
    order: to(`/orders/${order.id}`),
    again: to(order.offer ? `/checkout/${order.offer}` : ''),
  }
}
