import { useEffect, useState } from 'preact/hooks'
import { type Route, routeOf } from './route.ts'

let address = currentAddress()
let navigated = false
/** Addresses that wait for the bar, oldest first; null once the bar is free. */
let waitingForBar: string[] | null = []
/** Where a page load goes that has begun, or has to wait for the bar as well */
let loadAhead: string | null = null
/** Of the document as it was loaded: what may run in it does not change any more. */
const allowsTables = hasTable(address)
const watchers = new Set<() => void>()

window.addEventListener('popstate', () => show(currentAddress()))
window.addEventListener('pageshow', ({ persisted }) => {
  // "Back" shows this very document again, as it was left.
  if (persisted) expectLoad(null)
})

/** Goes to a page of this shop. The page changes at once, the address bar as soon as it may. */
export function navigate(to: string): void {
  if (hasTable(to) !== allowsTables) {
    load(to)
    return
  }
  if (waitingForBar) waitingForBar.push(to)
  else history.pushState(null, '', to)
  show(to)
  window.scrollTo(0, 0)
}

/**
 * Stripe's pricing table needs a policy of its own, which this shop's other pages must not have, and a
 * policy comes with a page load only (https://www.w3.org/TR/CSP3/).
 */
function hasTable(to: string): boolean {
  return routeOf(to).page === 'plans'
}

function load(to: string): void {
  expectLoad(to)
  // LIFF's start must not be cut off: it may be about to redeem a login code.
  if (!waitingForBar) location.assign(to)
}

function expectLoad(to: string | null): void {
  loadAhead = to
  for (const update of watchers) update()
}

/** The next page of ours comes by a page load, as soon as it may. */
export function isLoadAhead(): boolean {
  return loadAhead !== null
}

/** Another address for the page that is open, such as the same without what it was asked to do, once. */
export function replaceAddress(to: string): void {
  history.replaceState(history.state, '', to)
  show(to)
}

/**
 * While LIFF starts it reads its tokens from the address and must find it untouched
 * (https://developers.line.biz/en/reference/liff/#initialize-liff-app), so pages that were opened
 * meanwhile are written into the history here, in their order.
 */
export function freeAddressBar(): void {
  const late = waitingForBar ?? []
  waitingForBar = null
  for (const to of late) history.pushState(null, '', to)
  if (late.length === 0) show(currentAddress())
  if (loadAhead !== null) location.assign(loadAhead)
}

/** LIFF was asked to open a page of ours inside `liff.state` and did not manage: open it ourselves. */
export function openLiffStateOurselves(): void {
  const wanted = liffState()
  if (!wanted) return
  const to = `/${wanted.replace(/^\/+/, '')}`
  if (hasTable(to)) {
    location.replace(to)
    return
  }
  history.replaceState(null, '', to)
  show(currentAddress())
}

/** The page that LIFF will move to while it starts, or null. Until then nothing else should be shown. */
export function liffState(): string | null {
  return new URLSearchParams(location.search).get('liff.state')
}

/** False until the buyer has gone from one page to another: the first page must not steal the focus. */
export function hasNavigated(): boolean {
  return navigated
}

export function useRoute(): Route {
  const [, setMoment] = useState(moment)
  useEffect(() => {
    const update = () => setMoment(moment)
    watchers.add(update)
    update()
    return () => void watchers.delete(update)
  }, [])
  return routeOf(address)
}

/** What the pages depend on: two moments that are equal show the same. */
function moment(): string {
  return `${address} ${loadAhead ?? ''}`
}

function show(next: string): void {
  if (next === address) return
  navigated ||= routeOf(next).page !== routeOf(address).page
  address = next
  for (const update of watchers) update()
}

function currentAddress(): string {
  return location.pathname + location.search
}
