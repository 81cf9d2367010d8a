import { type Language, localized } from '../../shared/language.ts'
import { channelOf, lineAccountId, mailAccountId } from '../people/people.store.ts'
import type { Message, ShopNotice, StaffMessage, StaffNotice, Tx } from '../ports.ts'
import type { ShopConfig, StaffTopic } from '../shop/define-shop.ts'
import type { DeliveryKind } from '../store/tables.ts'
import { channelNamed } from './channels.ts'
import type { PostRoom } from './notify.ts'
import { postDelivery } from './post-delivery.ts'

export type ForStaff = StaffMessage | StaffNotice | ShopNotice
type Words = 'language' | 'shop'
type WithoutWords<T> = T extends unknown ? Omit<T, Words> : never

/** What there is to say to the shop, before it is said in its language and name. */
export type StaffNews = WithoutWords<StaffNotice | ShopNotice>

/** Said in places that are used up or watched by nobody else, so in both. */
const IN_BOTH: readonly StaffTopic[] = ['dispute', 'person', 'quota', 'trouble']

/**
 * The accounts of the shop's own that hear of a topic: its place in LINE, its mailboxes, as
 * `shop.staff.tell` says. Mailboxes only where there is a mail server. Empty: nobody hears of it.
 */
export function placesFor({ shop, mail }: Pick<PostRoom, 'shop' | 'mail'>, topic: StaffTopic) {
  const { line, mail: written = [], tell } = shop.staff ?? {}
  const chats = line ? [lineAccountId(line)] : []
  const mailboxes = mail ? [...new Set([written].flat())].map(mailAccountId) : []
  const where = tell?.[topic] ?? usualPlace(topic, chats.length > 0)
  if (where === false) return []
  if (where === 'both') return [...chats, ...mailboxes]
  return where === 'line' ? chats : mailboxes
}

function usualPlace(topic: StaffTopic, hasChat: boolean): 'line' | 'mail' | 'both' {
  if (IN_BOTH.includes(topic)) return 'both'
  return topic === 'digest' || !hasChat ? 'mail' : 'line'
}

/**
 * Tells the shop, in each place that hears of this topic, once for each subject and kind of message.
 * False: it was said before, or nobody hears of it; then the log and /metrics tell.
 */
export async function tellStaff(
  post: PostRoom,
  tx: Tx,
  told: {
    topic: StaffTopic
    subject: string
    orderId: string | null
    cause: string | null
    message: ForStaff
  },
  how: { state?: 'superseded' } = {},
  /** Accounts that hear of it in another way */
  besides: readonly string[] = [],
): Promise<boolean> {
  const { topic, subject, orderId, cause, message } = told
  let isNews = false
  const places = placesFor(post, topic).filter((each) => !besides.includes(each))
  for (const account_id of places) {
    const posted = await postDelivery(post, tx, {
      ...{ subject, kind: message.kind, account_id, order_id: orderId, cause },
      body: bodyFor(post, account_id, message),
      created_at: post.clock.now().toISOString(),
      ...how,
    })
    isNews ||= posted
  }
  return isNews
}

/** What is no order's: in the shop's own language and name, caused by nothing that rang. */
export function postNotice(
  post: PostRoom,
  tx: Tx,
  told: { topic: StaffTopic; subject: string; cause?: string | null; news: StaffNews },
  besides: readonly string[] = [],
): Promise<boolean> {
  const message = { ...told.news, ...inShopsWords(post.shop) } as ForStaff
  const { topic, subject, cause = null } = told
  return tellStaff(post, tx, { topic, subject, orderId: null, cause, message }, {}, besides)
}

/** Rendered for the channel that this account is on. */
export function bodyFor(post: PostRoom, accountId: string, message: Message): string {
  const channel = channelNamed(post, channelOf(accountId))
  if (!channel) throw new Error('the shop has no mail server to write for')
  return channel.render(message)
}

export function inShopsWords(shop: ShopConfig): { language: Language; shop: { name: string } } {
  const language = shop.language ?? 'ja'
  return { language, shop: { name: localized(shop.name, language) } }
}

/** What the shop must know of the messages themselves. Said twice they do no harm, so no key holds them up. */
export const NOTICES: readonly DeliveryKind[] = [
  'staff_quota',
  'staff_outage',
  'staff_dead',
  'staff_late_many',
  'staff_endpoint_off',
  'staff_sign',
]
