import type { ChatWords } from './ja.ts'

export const en: ChatWords = {
  words: {
    membership: 'Membership',
    orders: 'Orders',
    cancel: 'Cancel',
    friend: 'Friend',
    shop: 'Shop',
    help: 'Help',
  },
  group:
    'Memberships and orders are answered in your own chat with the shop. Please send “Membership” there.',
  guest: {
    title: 'Our membership',
    lead: 'These are the plans to choose from.',
    none: 'There is no plan to join at the moment. Please look again later.',
    next: 'You can read about prices, renewal and how to cancel before you sign up.',
    more: (count) => (count === 1 ? 'and 1 more plan' : `and ${count} more plans`),
    join: 'See details and join',
    seeShop: 'See the shop',
  },
  computer: {
    text: 'On a computer, please use your own link. It works once, for 15 minutes. It is yours alone, so please do not pass it on.',
    open: 'Open on a computer',
  },
  member: {
    title: 'Your membership',
    open: 'Open your membership',
    pay: 'Update payment method',
    active: 'Your membership is active. Thank you.',
    activeUntilPayment: (day) => `Your membership is active. The next payment is on ${day}.`,
    trial: 'You are on a free trial.',
    trialUntil: (until, price) =>
      `Your trial is free until ${until}. After that, ${price} is charged automatically unless you cancel.`,
    pastDue: 'We have not been able to collect your payment. Please update your payment method.',
    pastDueUntil: (until) =>
      `We have not been able to collect your payment. Please update your payment method by ${until}.`,
    paused: 'Your membership is paused. You can resume it on your membership page.',
    pausedUntil: (day) => `Your membership is paused and resumes by itself on ${day}.`,
    leaving: 'Your membership is cancelled. You will not be charged again.',
    leavingUntil: (until) =>
      `Your membership is cancelled and stays yours until ${until}. You will not be charged after that.`,
    ends: (until) => `Your membership is valid until ${until} and does not renew by itself.`,
    unending: 'Your membership has no end date. Thank you.',
  },
  cancel: {
    title: 'Cancel your membership',
    lead: 'You can cancel right away with the button below. The page shows you the last day before you confirm.',
    trial: (until) => `If you cancel before ${until}, you will not be charged.`,
    done: 'There is nothing more to do.',
    noNeed: 'Nothing is charged automatically, so there is nothing to cancel.',
    open: 'Go to cancel',
  },
  orders: {
    title: 'Your orders',
    lead: 'The button below shows what you ordered and whether it is paid.',
    open: 'See your orders',
  },
  shop: {
    title: 'Our shop',
    lead: 'The button below shows everything we sell.',
    open: 'See the shop',
  },
  friend: {
    title: 'Add us as a friend',
    lead: 'Once the shop is your friend on LINE, news of your orders and your membership reaches you in this chat.',
    none: 'News of your orders and your membership reaches you in this chat.',
    open: 'Add as a friend',
  },
  help: {
    title: 'What you can ask here',
    lead: 'Send or tap one of these words and you get an answer right away.',
    does: {
      membership: 'about membership, your own page',
      orders: 'what you have ordered',
      cancel: 'cancel your membership',
      friend: 'the link to add us',
      shop: 'what we sell',
      help: 'this list',
    },
    staff: 'For anything else, just write to us here. A person will answer.',
  },
  campaigns: {
    words: { stop: 'stop', start: 'start' },
    stopped: {
      title: 'Offers are stopped',
      lead: 'We will send you no more offers. You will still hear about your own orders and your membership.',
      how: 'Send “start” if you would like them again.',
    },
    started: {
      title: 'Offers are back',
      lead: 'Thank you. From now on you will hear about our offers again.',
      how: 'Send “stop” whenever you have had enough.',
    },
  },
  named: (word, does) => `${word}: ${does}.`,
  listed: (one) => `${one}.`,
}
