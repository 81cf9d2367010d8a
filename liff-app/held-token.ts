import { recall, remember } from './remember.ts'

/** Exactly what we mail or show in a chat, and nothing that LIFF might leave behind the #. */
const TOKEN = /^#([\w-]{43})$/

/** The pages inside LINE to which a link with a token leads. */
type Place = 'connect' | 'accounts'
const PLACES: readonly Place[] = ['connect', 'accounts']

const held = new Map<Place, string>()

/**
 * Takes the token of such a link out of the address, where it would lie in the history. Kept for this
 * tab alone: LINE's login leads away from the page and back, and knows nothing of it.
 */
export function takeHeldToken(): void {
  const place = PLACES.find((page) => location.pathname.replace(/\/$/, '') === `/${page}`)
  const token = TOKEN.exec(location.hash)?.[1]
  if (!token || !place) return
  held.set(place, token)
  remember('sessionStorage', place, token)
  history.replaceState(history.state, '', location.pathname + location.search)
}

export function heldToken(place: Place): string | null {
  return held.get(place) ?? recall('sessionStorage', place)
}

/** It is used up, and opens nothing any more. */
export function forgetToken(place: Place): void {
  held.delete(place)
  remember('sessionStorage', place, null)
}
