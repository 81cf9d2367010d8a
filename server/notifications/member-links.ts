import type { Message } from '../ports.ts'

/** Where somebody tapped: a tile of the menu, a button in a message or in an answer of the chat, a mail, a campaign. */
export type TappedIn = 'menu' | 'message' | 'chat' | 'mail' | `campaign-${string}`

/**
 * Where a member's buttons lead: into LIFF, which decides by how things stand when it is opened. What is
 * bought there says in `orders.source` where it began.
 */
export function memberLinks(liffId: string, tappedIn?: TappedIn) {
  const to = (path: string) => pageLink(liffId, path, tappedIn)
  return {
    shop: to(''),
    orders: to('/orders'),
    join: to('/join'),
    membership: to('/membership'),
    card: to('/membership?do=card'),
    plan: to('/membership?do=plan'),
    cancel: to('/membership?do=cancel'),
    legal: to('/legal'),
  }
}

/** A page of ours inside LINE, such as /orders; '' is the shop itself. */
export function pageLink(liffId: string, path: string, tappedIn?: TappedIn): string {
  const page = `https://liff.line.me/${liffId}${path}`
  if (!tappedIn) return page
  return `${page}${path.includes('?') ? '&' : '?'}source=${tappedIn}`
}

/** The same message, as it is to be tapped somewhere else. */
export function tappedThere(message: Message, tappedIn: TappedIn): Message {
  if (!('links' in message)) return message
  const links = Object.entries(message.links).map(([name, link]) => [name, retap(link, tappedIn)])
  return { ...message, links: Object.fromEntries(links) } as Message
}

function retap(link: string, tappedIn: TappedIn): string {
  const address = new URL(link)
  if (address.searchParams.has('source')) address.searchParams.set('source', tappedIn)
  return address.href
}
