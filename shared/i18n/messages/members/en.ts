import { en as pages } from '../../pages/en.ts'
import type { MemberWords } from './ja.ts'

export const en: MemberWords = {
  per: pages.price.per,
  unnamedRole: 'Member',
  unnamedPlan: 'Membership plan',
  role: 'Membership',
  plan: 'Plan',
  price: 'Price',
  firstPayment: 'First payment',
  nextPayment: 'Next payment',
  endsOn: 'Valid',
  until: (when) => `until ${when}`,
  fee: 'your membership fee',
  feeOf: (amount) => `your membership fee of ${amount}`,
  planAt: (plan, price) => `${plan} (${price})`,
  planAlone: (plan) => plan,
  card: (brand, last4) => `${brand ? `${brand} ` : 'number '}ending in ${last4}`,
  alt: (shop, said) => `${shop}: ${said}`,
  renews: (day, price) => `Your next payment is on ${day}: ${price}.`,
  renewsOpen: (day) => `Your next payment is on ${day}.`,
  buttons: {
    membership: 'Open your membership',
    card: 'Update payment method',
    join: 'Join again',
    look: 'See our membership',
  },
  welcome: {
    title: 'Welcome, and thank you for joining',
    lead: (role) => `Your membership (${role}) is ready. We are glad to have you.`,
    trial: (until, price) =>
      `It is free until ${until}. After that, ${price} is charged automatically unless you cancel.`,
    ends: (until) => `It is valid until ${until} and does not renew by itself.`,
    lasts: (until) => `It ends by itself on ${until}.`,
    unending: 'It has no end date. Enjoy it for as long as you like.',
    changes: 'You can change how you pay, or cancel, on your membership page at any time.',
  },
  trialEnding: {
    title: 'Your free trial ends soon',
    lead: (until) => `Your trial is free until ${until}.`,
    goesOn: (price) => `After that, ${price} is charged automatically and you stay a member.`,
    stop: 'If you would rather not go on, please cancel on your membership page before then, and nothing will be charged.',
  },
  failed: {
    title: 'Your payment did not go through',
    lead: (fee) => `We could not collect ${fee}. The card may have expired or reached its limit.`,
    stays: (until) =>
      `You stay a member until ${until}. Please update your payment method before then.`,
    rests: 'Your membership rests until the payment arrives. Please update your payment method.',
  },
  grace: {
    title: 'Your membership is about to end',
    lead: (fee) => `We have still not been able to collect ${fee}.`,
    stays: (until) =>
      `As it stands, your membership ends on ${until}. Please update your payment method before then.`,
  },
  cardExpiring: {
    title: 'Your card expires soon',
    lead: (card, month) =>
      `The card that pays for your membership (${card}) expires at the end of ${month}.`,
    ask: 'Once you have your new card, please update your payment method.',
    done: 'Some cards are renewed automatically by the bank. If you have updated yours already, please ignore this message.',
  },
  renewalAhead: {
    title: 'Your membership renews soon',
    lead: (role, day, price) =>
      `Thank you for being with us. Your membership (${role}) renews automatically on ${day}, and ${price} will be charged.`,
    stop: 'If you would rather not renew, please cancel on your membership page before then, and nothing will be charged for the next period.',
  },
  ended: {
    title: 'Your membership has ended',
    titleResting: 'Your membership is on hold',
    because: {
      cancelled: (role) =>
        `Your membership (${role}) has ended. You will not be charged for it again.`,
      unpaid: (role) => `Your membership (${role}) has ended because no payment arrived in time.`,
      resting: (role) =>
        `Your membership (${role}) is on hold because no payment arrived in time. It is back as soon as you update your payment method.`,
      refunded: (role) => `Your membership (${role}) has ended because it was refunded.`,
      disputed: (role) =>
        `Your membership (${role}) has been stopped because the card issuer questioned a payment for it.`,
      ran_out: (role) => `The time of your membership (${role}) is over.`,
      by_shop: (role) => `Your membership (${role}) has been ended by the shop.`,
    },
    thanks: 'Thank you for having been with us.',
    ask: 'If you have any questions, just write to us in this chat.',
    back: 'You are welcome back any time.',
  },
  changed: {
    title: 'Your plan has changed',
    lead: (before, after) => `Your plan has changed from ${before} to ${after}.`,
    leadOpen: (before) => `What you get with ${before} has changed.`,
  },
  paused: {
    title: 'Your membership is paused',
    until: (day) =>
      `Your membership is paused and resumes by itself on ${day}. You pay nothing in the meantime.`,
    open: 'Your membership is paused. You pay nothing in the meantime. You can resume it on your membership page.',
  },
  resumed: {
    title: 'Welcome back',
    lead: (role) => `Your membership (${role}) has resumed. It is good to have you back.`,
  },
  leaving: {
    title: 'Your membership is cancelled',
    lead: (role, until) =>
      `Your cancellation is complete. You keep your membership (${role}) until ${until}. You will not be charged after that.`,
    undo: 'If you change your mind, you can undo this on your membership page until then.',
  },
  staying: {
    title: 'Your membership goes on',
    lead: (role) =>
      `Your cancellation is undone, and your membership (${role}) goes on as before. Thank you for staying.`,
  },
}
