import type { Words } from './words.ts'

export const en: Words = {
  title: 'Noren: a shop inside LINE, and what happens behind it',
  tagline: 'Buy inside LINE, get the receipt in the same chat, and see what moves behind it.',
  sandbox: 'All of it is a rehearsal: nothing here reaches LINE or Stripe.',
  switchLanguage: '日本語',
  connecting: 'Connecting…',
  disconnected: 'The demo server does not answer. Is `npm run demo` still running?',
  actors: { buyer: 'Buyer', line: 'LINE', noren: 'Noren', stripe: 'Stripe', shop: 'Shop' },

  holder: 'Who holds the phone',
  staff: 'Shop staff',
  friend: 'friend',
  notFriend: 'not a friend',
  english: 'English',

  phone: {
    region: 'Phone',
    chatEmpty: 'Receipts from the shop arrive here.',
    chatHint: 'Start with “Open the shop” below.',
    staffEmpty: 'When an order is paid, one line for the staff arrives here.',
    today: 'Today',
    notFriendBar: 'Not a friend of this shop yet',
    receiptWaits: (count) =>
      count === 1
        ? '1 message waits until you add the shop'
        : `${count} messages wait until you add the shop`,
    add: 'Add',
    dropped: 'LINE answered 200 and did not deliver this: not a friend',
    close: 'Close',
    back: 'All chats',
    sheet: 'The shop, opened inside LINE',
    payPage: "Stripe's pay page (rehearsal)",
    unknownMessage: '(a message that this phone cannot show)',
  },

  guide: {
    region: 'Things to try',
    watch: 'Watch for',
    lineIsOff: 'LINE is off',
    held: (count) => `${count} held`,
    scenes: {
      card: {
        name: 'Buy by card',
        watch:
          'The moment the payment is done, Stripe rings Noren, and the itemised receipt lands in the chat. The card number is filled in for you.',
      },
      konbini: {
        name: 'Pay at a konbini',
        watch:
          'Placing the order only brings payment instructions. The receipt comes once it is paid at the till; a missed deadline is told too.',
      },
      friend: {
        name: 'Become a friend',
        watch:
          'LINE answers 200 and silently drops messages to people who are not friends. So Noren holds the receipt, and delivers it the moment they add the shop.',
      },
      refund: {
        name: 'Refund',
        watch: 'Two part refunds are two messages; the same refund is never told twice.',
      },
      trouble: {
        name: 'Make trouble',
        watch: 'Stop it, double it, shuffle it: exactly one receipt arrives.',
      },
    },
    openShop: 'Open the shop',
    openShopNote: 'It opens inside the phone.',
    settle: 'Pay at the till now',
    settleNote: 'The order turns paid, and the receipt arrives.',
    lapse: 'Let it expire',
    lapseNote: 'The buyer hears of it, with a way to order again.',
    noneWaiting: 'Order something by konbini first.',
    follow: 'Add as a friend',
    followNote: 'The receipt that was waiting arrives at once.',
    unfollow: 'Block the shop',
    unfollowNote: 'The next receipt waits instead of being lost.',
    nobody: 'Choose who holds the phone first.',
    refundAll: 'Refund all of it',
    refundAllNote: 'All that is left goes back; the order turns refunded.',
    refundPart: 'Refund half',
    refundPartNote: 'The order turns partly refunded.',
    noneRefundable: 'Buy something first.',
    resend: 'Resend the last event twice',
    resendNote: 'Noren answers 200 both times and repeats nothing.',
    noneResend: 'No event yet.',
    lineOff: 'Switch LINE off',
    lineOffNote: 'Noren keeps trying, with longer and longer pauses.',
    lineOn: 'Switch LINE on',
    lineOnNote: 'What was waiting arrives, each message once.',
    hold: 'Hold the webhooks',
    holdNote: "Stripe's events pile up instead of arriving.",
    release: (held) => `Release ${held}, shuffled`,
    releaseNote: 'In whatever order they come, the end is the same.',
  },

  timeline: {
    heading: 'What happens behind',
    empty: 'Nothing has happened yet.',
    emptyHint: 'Buy something on the phone: who told whom what will line up here, row by row.',
    clear: 'Clear',
    toNewest: 'To the newest',
    detail: 'Content',
    noAnswer: 'no answer',
    to: (from, to) => `${from} to ${to}`,
  },

  tables: {
    heading: "Noren's books",
    events: 'Events',
    orders: 'Orders',
    deliveries: 'Messages',
    jobs: 'Jobs left',
    none: 'None yet',
    noJobs: 'All done',
    attempts: (count) => (count === 1 ? '1 try' : `${count} tries`),
    noOwner: 'owner unknown',
  },
  outcome: { handled: 'handled', ignored: 'not ours', dead: 'look', open: 'to do' },
  orderStatus: {
    awaiting_payment: 'awaiting',
    paid: 'paid',
    failed: 'failed',
    expired: 'left',
    partially_refunded: 'part refund',
    refunded: 'refunded',
    disputed: 'disputed',
  },
  deliveryState: {
    pending: 'sending',
    waiting: 'no friend yet',
    accepted: 'accepted',
    dead: 'look',
    superseded: 'not needed',
  },
  deliveryKind: {
    awaiting_payment: 'how to pay',
    paid: 'receipt',
    failed: 'order failed',
    refunded: 'refund',
    staff_paid: 'to staff',
    staff_late: 'to staff (late)',
  },
  jobKind: { event: 'read event', deliver: 'send' },

  refusals: {
    unknown_person: 'Nobody known holds the phone.',
    nothing_waiting: 'No order waits for payment. Order something by konbini first.',
    nothing_to_refund: 'There is nothing to refund. Buy something first.',
    nothing_to_resend: 'There is no event yet. Buy something first.',
    no_answer: 'The demo server did not answer. Press it again.',
  },
}
