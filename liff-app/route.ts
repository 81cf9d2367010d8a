/** Pages without anything more in their address. */
const PLAIN = [
  'return',
  'orders',
  'legal',
  'join',
  'membership',
  'link',
  'plans',
  'connect',
  'accounts',
] as const

export type Page = (typeof PLAIN)[number] | 'shop' | 'checkout' | 'order' | 'notFound'
export type Route = { page: Page; id: string; query: URLSearchParams }

/** Which page an address shows. A trailing slash makes no difference; what nobody knows is `notFound`. */
export function routeOf(address: string): Route {
  const url = new URL(address, 'https://shop.invalid')
  const query = url.searchParams
  const [first = '', second = '', ...rest] = url.pathname.split('/').slice(1)
  const id = decoded(second)
  const at = (page: Page): Route => ({ page, id, query })
  if (rest.filter(Boolean).length > 0) return at('notFound')
  if (!second) {
    if (first === '') return at('shop')
    return at(PLAIN.find((page) => page === first) ?? 'notFound')
  }
  if (first === 'checkout' || first === 'join') return at('checkout')
  if (first === 'orders') return at('order')
  if (first === 'plans') return at('plans')
  return at('notFound')
}

/** A hand-typed "%" is no reason for a blank page. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
