import type { ShopWords } from './ja.ts'

export const en: ShopWords = {
  line: (label, value) => `${label}: ${value}`,
  stop: 'Stop messages like this one',
  dispute: (number, items, amount, buyer) =>
    `A payment is disputed. Number ${number}, ${items}, ${amount} in dispute, buyer: ${buyer}. There is a deadline for your answer: please look at it in Stripe’s dashboard.`,
  refund: (number, items, amount, buyer) =>
    `Refunded: number ${number}, ${items}, ${amount}, buyer: ${buyer}`,
  buyerUnknown: 'unknown',
  failed: (role, fee) => `We could not collect ${fee} from a member (${role}).`,
  failedStays: (until) => `They have been told, and stay a member until ${until}.`,
  failedRests: 'They have been told. Their membership rests until the payment arrives.',
  person: {
    forged_reference: (about) =>
      `A payment came with a reference that is not genuine (${about}). It was not linked to anybody’s LINE account. Please look at it in Stripe’s dashboard.`,
    no_mail: (about) =>
      `Somebody paid whose mail address is not known, so they could not be told how to connect LINE (${about}). Please look for another way to reach them in Stripe’s dashboard.`,
    two_subscriptions: (about) =>
      `One person has two subscriptions at once (${about}). Please see in Stripe’s dashboard whether one was taken out by mistake.`,
    customer_of_another: (about) =>
      `The Stripe customer ${about} already belongs to somebody else. Please find out whether they are the same person.`,
  },
  quotaNear: (used, total, percent) =>
    `${used} of this month’s ${total} LINE messages are used (${percent}%). When none are left, not even receipts can be sent in LINE. Please look at your plan for the LINE Official Account.`,
  endpointOff: (endpoint, host, since, reason) =>
    `Nothing is sent to “${endpoint}” (${host}) any more, as it has taken nothing since ${since}. Reason: ${reason}. Once it is mended, please switch it on again.`,
  sign: {
    named: (title, role) => `“${title}” (${role})`,
    refused: (role, mend) =>
      `The Discord role ${role} cannot be given to members or taken from them. ${mend} Once it is mended, please check with this command; whoever waits for the role gets it by itself then.`,
    mend: {
      above_bot:
        'It stands above the bot’s own role. In Discord open Server Settings → Roles and drag the bot’s role above this one.',
      no_permission:
        'The bot lacks the permission “Manage Roles”. In Discord open Server Settings → Roles → the bot’s role → Permissions and switch on “Manage Roles”.',
      no_role:
        'The server has no such role. In Discord open Server Settings → Roles, copy the role’s ID, and put it into discordRoles in shop.config.',
      other: (said) => `Discord answers: ${said}.`,
    },
  },
  digest: {
    title: (day) => `Your shop on ${day}`,
    orders: 'Orders',
    revenue: 'Revenue',
    refunded: 'Refunded',
    awaiting: 'Waiting for payment',
    joined: 'Joined',
    left: 'Left',
    members: 'Members',
    line: 'LINE messages this month',
    dead: 'To be looked at',
    count: (count) => `${count}`,
    people: (count) => `${count}`,
    messages: (used, total) => `${used} of ${total}`,
    messagesUsed: (used) => `${used}`,
    look: (command) => `Please run this on the server to see what it is.\n${command}`,
  },
}
