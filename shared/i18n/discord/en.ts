import { en as inner } from '../pages/inner/en.ts'
import type { DiscordWords } from './ja.ts'

export const en: DiscordWords = {
  commands: {
    join: { name: 'join', description: 'See our membership plans and join' },
    membership: {
      name: 'membership',
      description: 'Your membership: how it stands, payment method, cancelling',
    },
    orders: { name: 'orders', description: 'What you have ordered, and whether it is paid' },
    help: { name: 'help', description: 'What you can ask here' },
    code: {
      name: 'code',
      description: 'The code that your membership page shows, to link accounts',
    },
  },
  instead: {
    leadKonbini:
      'We have received your order. Please pay at any of the convenience stores below before the deadline. We will tell you here as soon as your payment arrives.',
    lead: 'We have received your order. Please finish your payment as shown on the payment page or in your mail. We will tell you here as soon as it arrives.',
    ask: 'If you have any questions, please write to the contact in the shop’s legal notice.',
  },
  enter: {
    once: 'The button below works once, for 15 minutes. It is yours alone, so please do not pass its link on.',
    tooMany:
      'You have asked for several links in a short time, so there is no new one for now. Please use an earlier one, or try again in about 15 minutes.',
  },
  open: {
    title: 'Your page',
    lead: 'The button below opens it in your browser.',
    button: 'Open the page',
  },
  orders: {
    status: inner.status,
    latest: 'Your latest orders, newest first.',
    none: 'You have no orders yet.',
  },
  buttons: {
    memberInLine: 'I am a member in LINE',
    connectLine: 'Connect LINE',
    leaveLine: 'Disconnect LINE',
    leaveAsItIs: 'Leave it as it is',
  },
  link: {
    title: 'Connect LINE',
    lead: 'What you have in LINE, your membership and your orders, is yours on Discord as well.',
    how: 'Please open the button below on the phone that has LINE. Nothing is connected before you have confirmed it there.',
    button: 'Open in LINE',
  },
  askJoin: {
    title: 'Connect these accounts?',
    lead: (channel, name) => `This connects ${name} on ${channel} with your Discord account.`,
    leadUnnamed: (channel) =>
      `This connects the ${channel} account that showed the code with your Discord account.`,
    effect: 'Membership, orders and news can then be reached from either of them.',
    replaces: (name) =>
      `The Discord account that was connected so far, ${name}, is disconnected and loses the member role.`,
    replacesUnnamed:
      'The Discord account that was connected so far is disconnected and loses the member role.',
    onlyYours:
      'Please go on only if you asked for this code yourself. With a code of somebody else, they would see your orders and your membership.',
    yes: 'Connect',
    no: 'Do not connect',
  },
  joined: {
    title: 'Your accounts are connected',
    lead: (name) => `You are connected with the account of ${name}.`,
    leadUnnamed: 'Your accounts are connected.',
    role: (role) => `From now on you are “${role}” on Discord as well.`,
    noRole: 'From now on your orders and your membership can be reached from either of them.',
  },
  askUnlink: {
    title: 'Disconnect these accounts?',
    lead: (name) => `This disconnects your Discord account from the account of ${name}.`,
    leadUnnamed: 'This disconnects your Discord account.',
    effect:
      'What you signed up for and ordered on Discord stays with your Discord account. Any other membership and its role can no longer be used on Discord.',
    yes: 'Disconnect',
  },
  unlinked: {
    title: 'Disconnected',
    lead: 'Your Discord account stands on its own again. You can connect it again at any time.',
  },
  declined: {
    title: 'Nothing was changed',
    lead: 'Everything is as it was before.',
  },
  refused: {
    title: 'That did not work',
    titleSame: 'Already connected',
    code_unknown:
      'Nobody knows this code. Please type it again just as your membership page shows it.',
    code_expired:
      'This code was good for 15 minutes. Please have a new one shown on your membership page.',
    code_spent:
      'This code has been used already. Please have a new one shown on your membership page.',
    same: 'These two accounts are connected already. There is nothing more to do.',
    other_line:
      'Your Discord account is connected with another LINE account. Please disconnect it with /membership first, then try again.',
    alone: 'Your Discord account is not connected with any other account.',
  },
  help: {
    title: 'What you can ask here',
    lead: 'Type “/” where you write messages, and choose a command. Only you can see the answers.',
  },
  elsewhere: (shop) =>
    `Sorry, this cannot be answered here. Please type “/” on the Discord server of ${shop} and choose a command.`,
  gone: 'Sorry, this cannot be used any more. Please type “/” and choose a command again.',
}
