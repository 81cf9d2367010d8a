import { useEffect, useState } from 'preact/hooks'
import { type Route, routeOf } from './route.ts'

let address = currentAddress()
let navigated = false
/** Addresses that wait for the bar, oldest first; null once the bar is free. */
let waitingForBar: string[] | null = []
const watchers = new Set<() => void>()

window.addEventListener('popstate', () => show(currentAddress()))

/** Goes to a page of this shop. The page changes at once, the address bar as soon as it may. */
export function navigate(to: string): void {
  if (waitingForBar) waitingForBar.push(to)
  else history.pushState(null, '', to)
  show(to)
  window.scrollTo(0, 0)
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
}

/** LIFF was asked to open a page of ours inside `liff.state` and did not manage: open it ourselves. */
export function openLiffStateOurselves(): void {
  const wanted = liffState()
  if (!wanted) return
  history.replaceState(null, '', `/${wanted.replace(/^\/+/, '')}`)
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
  const [shown, setShown] = useState(address)
  useEffect(() => {
    const update = () => setShown(address)
    watchers.add(update)
    update()
    return () => void watchers.delete(update)
  }, [])
  return routeOf(shown)
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
