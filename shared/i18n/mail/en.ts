import type { MailWords } from './ja.ts'

export const en: MailWords = {
  subject: (title, number) => `${title} (${number})`,
  instead: {
    leadKonbini:
      'We have received your order. Please pay at any of the convenience stores below before the deadline. We will write to you again as soon as your payment arrives.',
    lead: 'We have received your order. Please finish your payment as shown on the payment page. We will write to you again as soon as it arrives.',
    ask: 'If you have any questions, you will find how to reach us at the end of this mail.',
  },
  why: {
    order: (shop) => `You are receiving this mail because you ordered from ${shop}.`,
    member: (shop) => `You are receiving this mail because of your membership with ${shop}.`,
    payer: (shop) => `You are receiving this mail because you paid for something at ${shop}.`,
    campaign: (shop) => `You are receiving this mail because you hear of offers from ${shop}.`,
    staff: (shop) => `You are receiving this mail because you work for ${shop}.`,
  },
  invite: {
    title: 'Now in LINE as well',
    hello: (name) => `Dear ${name},`,
    thanks: (shop) => `Thank you for being a customer of ${shop}.`,
    thanksFor: (plan) => `Thank you for subscribing to ${plan}.`,
    what: 'Connect your LINE account, and you can look at your orders and your membership in LINE at any time. News about them will reach you there, too.',
    once: (until) =>
      `The button below works once, until ${until}. It is yours alone, so please do not pass this mail on.`,
    stranger:
      'If you do not know what this is about, please delete this mail. Nothing will change.',
    connect: 'Connect with LINE',
    alt: (shop, until) =>
      `${shop}: Connect your LINE account to see your orders and your membership in LINE (until ${until}).`,
  },
  unsubscribe: 'Unsubscribe',
  replies: 'You are welcome to ask us anything by replying to this mail.',
  staff: {
    staff_paid: 'A new order',
    staff_late: 'An order whose buyer was not told',
    staff_quota: 'LINE messages are used up',
    chat_outage: (chat) => `${chat} took no messages for a while`,
    mail_outage: 'No mails could be sent for a while',
    staff_dead: 'Some messages could not be handled',
    staff_late_many: 'Some buyers were not told',
    staff_dispute: 'A payment is disputed',
    staff_refund: 'A refund',
    staff_payment_failed: 'A membership fee could not be collected',
    staff_person: 'Somebody should look at this',
    staff_quota_near: 'LINE messages are running low',
    staff_endpoint_off: 'A connected system was switched off',
    staff_sign: 'A Discord role cannot be given or taken',
    buyer: 'Buyer',
  },
}
