import type { MailMessage } from '../../server/ports.ts'
import type { Language } from '../../shared/language.ts'
import {
  campaignMessage,
  EVERY_NEWS,
  inviteMessage,
  konbiniOrder,
  memberMessage,
  orderMessage,
  sampleOrder,
  staffMessage,
} from './sample-messages.ts'
import { EVERY_SHOP_NEWS, shopNotice } from './sample-shop-news.ts'

const BOUGHT = { amount: 4360, shipping: 600, discount: 200, tax: 320 }

/** One of every letter that the shop can send by mail, by its kind; several of a kind are numbered. */
export function sampleMails(language: Language): [name: string, message: MailMessage][] {
  const failed = sampleOrder({ status: 'failed', paymentMethod: 'konbini', paidAt: null })
  const refunded = sampleOrder({ status: 'partially_refunded', refunded: 1800 })
  const mails: MailMessage[] = [
    orderMessage({ language, order: sampleOrder(BOUGHT) }),
    orderMessage({ language, kind: 'awaiting_payment', order: konbiniOrder() }),
    orderMessage({ language, kind: 'failed', order: failed }),
    orderMessage({ language, kind: 'refunded', order: refunded, refund: 1800 }),
    ...EVERY_NEWS.map((news) => memberMessage(news, { language })),
    inviteMessage({ language }),
    inviteMessage({ language, name: null, plan: null }),
    campaignMessage({ language }),
    staffMessage({ language }),
    staffMessage({ language, kind: 'staff_late', buyer: { known: false, reason: 'no_reference' } }),
    ...EVERY_SHOP_NEWS.map((news) => shopNotice(news, language)),
  ]
  const seen = new Map<string, number>()
  return mails.map((message) => {
    const count = (seen.get(message.kind) ?? 0) + 1
    seen.set(message.kind, count)
    return [count === 1 ? message.kind : `${message.kind} ${count}`, message]
  })
}
