import { useState } from 'preact/hooks'
import { remember } from './remember.ts'
import { useSight } from './use-sight.ts'

type Leave = (what: string, ask: () => Promise<string>, go?: (url: string) => void) => void

/**
 * Fetches the address of a page at Stripe on the tap and goes there at once, since it dies in minutes, or
 * hands it to `go`. `going` is what was tapped, until the buyer is back; `error` is why it did not work.
 */
export function useLeaving() {
  const [going, setGoing] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  useSight(() => setGoing(null))
  const leave: Leave = (what, ask, go) => {
    if (going !== null) return
    setGoing(what)
    setError(null)
    ask().then(
      (url) => {
        remember('sessionStorage', 'leftAt', String(Date.now()))
        if (!go) return location.assign(url)
        setGoing(null)
        go(url)
      },
      (refused) => {
        setGoing(null)
        setError(refused)
      },
    )
  }
  return { going, error, leave, forget: () => setError(null) }
}
