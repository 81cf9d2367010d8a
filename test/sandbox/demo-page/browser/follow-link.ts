/** What a tap on a link does in this phone. */
export type Tap =
  | { kind: 'open'; url: string }
  | { kind: 'add_friend' }
  | { kind: 'outside'; url: string }

/**
 * A LIFF link opens the shop at that path, an "add as a friend" link adds the shop, and any other
 * page of this machine opens in the sheet, as LINE's own browser would. What is really outside opens
 * in a new tab: most of the web refuses to be framed; and so does the link for a computer, which is
 * meant for another screen. null: not a link that a phone could follow.
 */
export function whatTapDoes(link: string, shop: { url: string; liffId: string }): Tap | null {
  if (!URL.canParse(link)) return null
  const url = new URL(link)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
  if (/^(line\.me|lin\.ee)$/.test(url.hostname)) return { kind: 'add_friend' }
  if (url.hostname === 'liff.line.me') {
    const path = url.pathname.split('/').slice(2).join('/')
    return { kind: 'open', url: new URL(`/${path}${url.search}${url.hash}`, shop.url).href }
  }
  const here = new URL(shop.url)
  const loopback = /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname)
  if (url.origin === here.origin && url.pathname === '/link')
    return { kind: 'outside', url: url.href }
  if (url.origin === here.origin || loopback) return { kind: 'open', url: url.href }
  return { kind: 'outside', url: url.href }
}
