import { useEffect, useRef } from 'preact/hooks'

/** Does something each time the buyer comes back to this page: from another tab, or with "back" from Stripe. */
export function useSight(act: () => void): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const onSight = () => {
      if (!document.hidden) latest.current()
    }
    const onShow = (event: PageTransitionEvent) => event.persisted && onSight()
    document.addEventListener('visibilitychange', onSight)
    window.addEventListener('pageshow', onShow)
    return () => {
      document.removeEventListener('visibilitychange', onSight)
      window.removeEventListener('pageshow', onShow)
    }
  }, [])
}
