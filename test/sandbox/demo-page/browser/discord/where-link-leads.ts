import type { DiscordUser } from '../../../types.ts'
import { whatTapDoes } from '../follow-link.ts'

export type Leads =
  /** A page of the shop, in the browser that Discord opens; `door` is where that one has it */
  | { to: 'browser'; url: string; door: string }
  /** Into LINE, and so onto the phone */
  | { to: 'line'; path: string }
  | { to: 'outside'; url: string }

/** Where a link in Discord leads; null: not a link that anybody could follow. */
export function whereLinkLeads(
  link: string,
  shop: { url: string; liffId: string },
  browserUrl: string,
  reader: DiscordUser,
): Leads | null {
  const tap = whatTapDoes(link, shop)
  if (!tap || tap.kind === 'add_friend') return null
  const url = new URL(tap.url)
  const path = `${url.pathname}${url.search}${url.hash}`
  if (new URL(link).hostname === 'liff.line.me') return { to: 'line', path }
  if (url.origin !== new URL(shop.url).origin) return { to: 'outside', url: url.href }
  const door = new URL('/__open', browserUrl)
  door.search = String(
    new URLSearchParams({ for: reader.id, language: reader.locale.startsWith('ja') ? 'ja' : 'en' }),
  )
  door.hash = encodeURIComponent(path)
  return { to: 'browser', url: url.href, door: door.href }
}
