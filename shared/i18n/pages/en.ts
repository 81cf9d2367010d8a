import type { PageTexts } from './ja.ts'

const per = (count: number, one: string, many: string) =>
  count === 1 ? ` / ${one}` : ` / ${count} ${many}`

export const en: PageTexts = {
  shell: {
    skip: 'Skip to content',
    menu: 'Shop menu',
    shop: 'Shop',
    orders: 'My orders',
    membership: 'Membership',
    legal: 'Legal notice (Specified Commercial Transactions Act)',
    language: 'Language',
    backToShop: 'Back to the shop',
    retry: 'Try again',
    waiting: 'Loading',
    waitingLong: 'Sorry for the wait. The connection seems to be slow.',
  },
  price: {
    open: 'You choose the amount on the payment page',
    note: (tax) => ` (${tax})`,
    per: {
      day: (count) => per(count, 'day', 'days'),
      week: (count) => per(count, 'week', 'weeks'),
      month: (count) => per(count, 'month', 'months'),
      year: (count) => per(count, 'year', 'years'),
    },
    trial: (days) => (days === 1 ? 'First day free' : `First ${days} days free`),
  },
  shop: {
    heading: 'What we have today',
    buy: 'Buy',
    subscribe: 'Subscribe',
    soldOut: 'Sold out',
    inactive: 'Not on sale at the moment',
    emptyTitle: 'We are getting ready',
    emptyText: 'There is nothing on the shelves yet. Please look in again a little later.',
    refresh: 'Check for new items',
  },
  notFound: {
    heading: 'Page not found',
    text: 'The page you are looking for has moved or no longer exists.',
  },
  login: {
    retry: 'Log in with LINE again',
    login: 'Log in with LINE',
    close: 'Close this page',
    help: 'Open the LINE Help Center',
  },
  problems: {
    offline: {
      title: 'No connection',
      text: 'Please try again where you have a signal.',
    },
    lineUnreachable: {
      title: 'We could not reach LINE',
      text: 'Please check your connection and try again. You can still browse the shop.',
    },
    lineDown: {
      title: 'LINE is not answering',
      text: 'LINE seems to be busy for the moment. Please wait a little and try again.',
    },
    loginRefused: {
      title: 'You are not logged in yet',
      text: 'We need you to log in with LINE to look up your order. Please log in again if you would like to go on.',
    },
    loginFailed: {
      title: 'The login did not work',
      text: 'This can happen when the login continues in a different browser. Try again with the button below, or open the shop from the chat in the LINE app.',
    },
    reopen: {
      title: 'Please close and open again',
      text: 'Your login has expired after a while. Close this page and open the shop from the chat once more.',
    },
    orderNotFound: {
      title: 'We could not find this order',
      text: 'Please look under “My orders”. Orders made with another account cannot be shown.',
    },
    unknownSession: {
      title: 'We could not confirm the order',
      text: 'It can take a moment for a payment to reach us. Please try again shortly. If this continues, contact the shop with your payment e-mail at hand.',
    },
    alreadyClaimed: {
      title: 'This order belongs to another account',
      text: 'It is already linked to another account. Please open it with the account you paid with, or contact the shop if that was not you.',
    },
    offerUnavailable: {
      title: 'You cannot order this now',
      text: 'It has sold out or is no longer on sale. Do have a look at our other items.',
    },
    tooMany: {
      title: 'One moment, please',
      text: 'There were many requests in a short time. Please wait about a minute and try again.',
    },
    stripeDown: {
      title: 'The payment page is not available',
      text: 'The payment service is busy for the moment. You have not been charged. Please wait a little and try again.',
    },
    pageMissing: {
      title: 'The page could not be loaded',
      text: 'The connection was interrupted, or the shop was just updated. Please load it again.',
    },
    unexpected: {
      title: 'Something went wrong',
      text: 'We are sorry. Please try again, and contact the shop if it continues.',
    },
  },
}
