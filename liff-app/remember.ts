/** Both kinds of storage throw where the browser forbids them; the shop must open there too. */
type Shelf = 'localStorage' | 'sessionStorage'

/** What was kept under this name, or null, also where nothing may be kept. */
export function recall(shelf: Shelf, name: string): string | null {
  try {
    return window[shelf].getItem(`noren.${name}`)
  } catch {
    return null
  }
}

/** Keeps a value, or forgets it with null. Answers whether the browser allowed it. */
export function remember(shelf: Shelf, name: string, value: string | null): boolean {
  try {
    if (value === null) window[shelf].removeItem(`noren.${name}`)
    else window[shelf].setItem(`noren.${name}`, value)
    return true
  } catch {
    return false
  }
}
