import { useEffect, useState } from 'preact/hooks'
import type { Membership } from '../shared/api.ts'
import { api } from './api.ts'
import { recall, remember } from './remember.ts'
import { asBuyer } from './session.ts'
import { useAnswer } from './use-answer.ts'
import { usePolling } from './use-polling.ts'
import { useSight } from './use-sight.ts'

/** What was done at Stripe reaches the shop within seconds; for so long the page asks again. */
const LAG_MS = 25_000
/** Who comes back later than this has not just done something there. */
const LATELY_MS = 30 * 60_000

/**
 * What this buyer is a member of. Asked again whenever the page comes back into sight, and for a short
 * while after a visit to Stripe, or where there is news, which the shop may not have heard of yet: then
 * `catchingUp`. `watch`: the same for something that may have changed it, without a word.
 */
export function useMembership({ expectsNews = false } = {}) {
  const ask = () => asBuyer(() => api.membership()).then(({ membership }) => membership)
  const { answer, retry, replace } = useAnswer<Membership>(ask, 'membership')
  /** What is shown stays until there is something newer. */
  const refresh = () => void ask().then(replace, () => {})
  const [catchingUp, setCatchingUp] = useState(() => hasJustBeenAtStripe() || expectsNews)
  const [watching, setWatching] = useState(false)
  const isWaiting = catchingUp || watching
  useEffect(() => {
    if (!isWaiting) return
    const timer = setTimeout(() => {
      setCatchingUp(false)
      setWatching(false)
    }, LAG_MS)
    return () => clearTimeout(timer)
  }, [isWaiting])
  usePolling(isWaiting && answer.state === 'ready', () => ask().then(replace))
  useSight(() => {
    if (hasJustBeenAtStripe()) setCatchingUp(true)
    else refresh()
  })
  return { answer, retry, refresh, catchingUp, watch: () => setWatching(true) }
}

/** Said once: the next page load is no return from there any more. */
function hasJustBeenAtStripe(): boolean {
  const leftAt = Number(recall('sessionStorage', 'leftAt') ?? 0)
  remember('sessionStorage', 'leftAt', null)
  return Date.now() - leftAt < LATELY_MS
}
