import type { CustomerMail, MailTopic } from '../shop/define-shop.ts'
import type { DeliveryKind } from '../store/tables.ts'
import type { PostRoom } from './notify.ts'

/** Neither is news that must come in some way: both go where they were written for, or not at all. */
export type CustomerKind = Exclude<DeliveryKind, `staff_${string}` | 'campaign' | 'invite'>

/** What each message to a customer counts as, where the shop says what may go by mail. */
export const TOPIC_OF: Readonly<Record<CustomerKind, MailTopic>> = {
  awaiting_payment: 'receipt',
  paid: 'receipt',
  failed: 'receipt',
  refunded: 'receipt',
  welcome: 'receipt',
  plan_changed: 'receipt',
  paused: 'receipt',
  resumed: 'receipt',
  leaving: 'receipt',
  staying: 'receipt',
  trial_ending: 'trial_ending',
  card_expiring: 'card_expiring',
  renewal_ahead: 'renewal_ahead',
  payment_failed: 'payment_failed',
  grace_ending: 'payment_failed',
  ended: 'ended',
}

const DEFAULT_AFTER_HOURS = 3

/** May mail bring it? Never where the shop has no mail server. */
export function byMail(
  { mail, shop }: Pick<PostRoom, 'mail' | 'shop'>,
  kind: CustomerKind,
): 'instead' | 'also' | false {
  return mail !== null && (shop.mail?.tell?.[TOPIC_OF[kind]] ?? 'instead')
}

/** How long a chat has, in milliseconds, until mail brings what it could not. */
export function patienceWithChat(mail: CustomerMail | undefined): number {
  return (mail?.afterHours ?? DEFAULT_AFTER_HOURS) * 3_600_000
}
