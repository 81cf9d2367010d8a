import { en as chat } from './chat/en.ts'
import type { Messages } from './ja.ts'
import { en as members } from './members/en.ts'
import { en as shopNews } from './shop/en.ts'

export const en: Messages = {
  orderNumber: 'Order number',
  orderedAt: 'Ordered',
  paidAt: 'Paid',
  paymentMethod: 'Payment method',
  unnamedItem: 'Item',
  moreItems: (count) => `and ${count} more`,
  itemAndMore: (item, more) => (more > 0 ? `${item} and ${more} more` : item),
  subtotal: 'Subtotal',
  discount: 'Discount',
  shipping: 'Shipping',
  tax: 'Tax',
  taxIncluded: 'Tax included',
  total: 'Total',
  withTaxNote: (text, note) => `${text} (${note})`,
  seeOrder: 'See your order',
  orderAgain: 'Order again',
  methods: {
    card: 'Credit or debit card',
    konbini: 'Convenience store (konbini)',
    paypay: 'PayPay',
    link: 'Link',
    customer_balance: 'Bank transfer',
    alipay: 'Alipay',
    wechat_pay: 'WeChat Pay',
    promptpay: 'PromptPay',
    paypal: 'PayPal',
  },
  paid: {
    title: 'Thank you for your order',
    lead: 'We have received your payment. Here is what you ordered.',
    leadFree: 'We have received your order. Here is what you ordered.',
    alt: (shop, items, total, number) =>
      `${shop}: Thank you for your order. We have received ${total} for ${items}. Your order number is ${number}.`,
    altFree: (shop, items, number) =>
      `${shop}: Thank you for ordering ${items}. Your order number is ${number}.`,
  },
  awaiting: {
    title: 'Waiting for your payment',
    leadKonbini:
      'We have received your order. Please pay at any of the convenience stores below before the deadline. We will write to you here as soon as your payment arrives.',
    lead: 'We have received your order. Please finish your payment as shown on the payment page or in the e-mail you were sent. We will write to you here as soon as it arrives.',
    deadline: 'Pay by',
    paymentCode: 'Payment code',
    confirmationNumber: 'Confirmation number',
    voucher: 'See how to pay',
    stores: {
      familymart: 'FamilyMart',
      lawson: 'Lawson',
      ministop: 'Ministop',
      seicomart: 'Seicomart',
    },
    altKonbini: (shop, total, deadline, number) =>
      `${shop}: We have received your order ${number}. Please pay ${total} at a convenience store by ${deadline}.`,
    alt: (shop, total, number) =>
      `${shop}: We have received your order ${number} and are waiting for your payment of ${total}.`,
  },
  failed: {
    title: 'Your payment was not completed',
    leadKonbini:
      'No payment reached us from a convenience store before the deadline, so this order has been cancelled.',
    lead: 'The payment could not be completed, so this order has been cancelled.',
    notCharged: 'You have not been charged.',
    againByButton: 'If you would still like it, please order again with the button below.',
    againInShop: 'If you would still like it, please order again on our shop page.',
    alt: (shop, number) =>
      `${shop}: Your payment was not completed, so order ${number} has been cancelled. You have not been charged.`,
  },
  refunded: {
    title: 'Your refund',
    leadWhole: 'We have refunded your order in full.',
    leadRest: 'We have refunded the rest. Your order is now refunded in full.',
    leadPart: 'We have refunded part of your order.',
    thisRefund: 'This refund',
    refundedSoFar: 'Refunded in all',
    orderTotal: 'Order total',
    arrivalCard:
      'It usually appears on your card statement in 5 to 10 business days. Sometimes the payment itself is cancelled instead and never shows up there.',
    arrivalKonbini:
      'Refunds of convenience store payments go to a bank account. Please follow the e-mail from Stripe to say where you would like to receive it.',
    arrivalOther:
      'Depending on how you paid, it can take from a few days to a few weeks to reach you.',
    altWhole: (shop, amount, number) =>
      `${shop}: Order ${number} has been refunded in full. This refund is ${amount}.`,
    altPart: (shop, amount, number) => `${shop}: We have refunded ${amount} of order ${number}.`,
  },
  staff: {
    paid: (number, items, total, buyer) =>
      `New order ${number}: ${items}, total ${total}, buyer: ${buyer}`,
    late: (number, items, total, buyer) =>
      `The buyer was not sent the summary of this order because it is too old. Please get in touch if they should know. Order ${number}: ${items}, total ${total}, buyer: ${buyer}`,
    named: (name) => name,
    nameUnknown: 'a customer (their name could not be read)',
    noReference: 'unknown (this payment has no link to any account)',
    forgedReference:
      'unknown (the reference ID is not a valid one; please look at this payment in the Stripe dashboard)',
  },
  notices: {
    quota: (since) =>
      `The month's LINE messages were used up, so nothing could be sent from ${since} on. What is waiting is sent by itself. If this keeps happening, please look at the plan of your LINE Official Account.`,
    outage: (chat, from, to, waited, look) =>
      `${chat} took no messages from ${from} to ${to}. Waiting, and sent by themselves: ${waited}. ${look || 'You need not do anything.'}`,
    mailOutage: (from, to, waited, look) =>
      `The mail server took no mails from ${from} to ${to}. Waiting, and sent by themselves: ${waited}. ${look || 'You need not do anything.'}`,
    outageDead: (count, command) =>
      `Messages that could not be delivered: ${count}. To see which, please run this on the server:\n${command}`,
    dead: (count, command) =>
      `Messages or payment events that were given up: ${count}. A buyer may be waiting to hear from you. To see which, please run this on the server:\n${command}`,
    lateMany: (count, command) =>
      `More orders whose buyers were not written to because the orders are too old: ${count}. To see which, please run this on the server:\n${command}`,
  },
  members,
  shopNews,
  chat,
}
