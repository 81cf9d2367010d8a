import { recall, remember } from './remember.ts'

/** Exactly what we mail, and nothing that LIFF might leave behind the #. */
const TOKEN = /^#([\w-]{43})$/
const PLACE = /^\/connect\/?$/

let held: string | null = null

/**
 * Takes the token of a mailed link out of the address, where it would lie in the history. Kept for this
 * tab alone: LINE's login leads away from the page and back, and knows nothing of it.
 */
export function takeConnectToken(): void {
  const token = TOKEN.exec(location.hash)?.[1]
  if (!token || !PLACE.test(location.pathname)) return
  held = token
  remember('sessionStorage', 'connect', token)
  history.replaceState(history.state, '', location.pathname + location.search)
}

export function connectToken(): string | null {
  return held ?? recall('sessionStorage', 'connect')
}

/** It is used up, and opens nothing any more. */
export function forgetConnectToken(): void {
  held = null
  remember('sessionStorage', 'connect', null)
}
