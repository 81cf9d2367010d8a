import { isOwnPage } from '../shared/own-pages.ts'
import { cameFrom } from './chat.ts'
import { liffState } from './navigation.ts'
import { recall, remember } from './remember.ts'

let token: string | null = null
let came: boolean | null = null

/** Where one-time links lead. */
const PLACE = /^\/link\/?$/

/**
 * Takes the token of a one-time link out of the address, before anything else could read it there, keep
 * it in the history or show it to whoever looks over the shoulder. It lives in this page's memory alone.
 */
export function takeLinkToken(): void {
  if (!PLACE.test(location.pathname)) return
  // LINE's links have one page to lead to, and do not name it.
  if (new URLSearchParams(location.search).has('to')) cameFrom('discord')
  if (location.hash.length < 2) return
  token = location.hash.slice(1)
  history.replaceState(history.state, '', location.pathname + location.search)
}

/** The page that the link was made for: `?to=`, if it is one of ours. */
export function linkTarget(): string {
  const to = new URLSearchParams(location.search).get('to') ?? ''
  return isOwnPage(to) ? to : '/membership'
}

/** What the link's page was opened with; null after a reload. */
export function linkToken(): string | null {
  return token
}

/** Whether a one-time link has opened this tab, so that it has a cookie and no LINE until the next page load. */
export function cameByLink(): boolean {
  came ??=
    liffState() === null &&
    (PLACE.test(location.pathname) || recall('sessionStorage', 'byLink') !== null)
  return came
}

/** Kept for the tab, so that a reload does not end at LINE's login; with `false` the next load starts LINE. */
export function rememberLink(came: boolean): void {
  if (came) token = null
  remember('sessionStorage', 'byLink', came ? '1' : null)
}
