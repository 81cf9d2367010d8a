import { useEffect, useRef } from 'preact/hooks'

/** Waits between two questions in ms: quick while the buyer is watching for the payment, then calmer. */
const WAITS = [800, 1200, 2000, 3000, 4000, 6000, 10_000, 15_000]

/** How long to wait after that many questions in a row; 20 s for good after the first minute. */
export function waitAfter(asked: number): number {
  return WAITS[asked] ?? 20_000
}

/**
 * Asks over and over while `active` and the page is in sight, with growing pauses, and at once when the
 * buyer comes back to the page. A failed question is simply asked again.
 */
export function usePolling(active: boolean, ask: () => Promise<unknown>): void {
  const latest = useRef(ask)
  latest.current = ask
  useEffect(() => {
    if (!active) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let asked = 0
    let asking = false
    let ended = false
    const schedule = () => {
      clearTimeout(timer)
      if (!ended && !document.hidden) timer = setTimeout(askNow, waitAfter(asked++))
    }
    const askNow = async () => {
      if (asking) return
      asking = true
      await latest.current().catch(() => {})
      asking = false
      schedule()
    }
    const onSight = () => {
      clearTimeout(timer)
      if (document.hidden) return
      asked = 0
      void askNow()
    }
    schedule()
    document.addEventListener('visibilitychange', onSight)
    window.addEventListener('pageshow', onSight)
    return () => {
      ended = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onSight)
      window.removeEventListener('pageshow', onSight)
    }
  }, [active])
}
