import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Offer } from '../shared/api.ts'
import { api } from './api.ts'
import { useApp } from './app-context.ts'
import { Problem } from './problem.ts'
import { isUnauthorized } from './session.ts'
import type { Answer } from './use-answer.ts'

/** LINE may bring a page back hours later; prices and stock older than this are asked for again. */
const FRESH_MS = 5 * 60_000

let held: { offers: Offer[]; at: number } | null = null

/** The shop's offers: those that came with the page at once, newer ones when the buyer comes back later. */
export function useOffers(): { answer: Answer<Offer[]>; retry: () => void } {
  const { boot } = useApp()
  if (!held && boot.offers) held = { offers: boot.offers, at: Date.now() }
  const [answer, setAnswer] = useState<Answer<Offer[]>>(() =>
    held ? { state: 'ready', value: held.offers } : { state: 'waiting' },
  )
  const ask = useCallback(async (byHand: boolean) => {
    try {
      const { offers } = await api.offers()
      held = { offers, at: Date.now() }
      setAnswer({ state: 'ready', value: offers })
    } catch (error) {
      // Whoever is not logged in gets the offers with the page itself, so only a new one brings others.
      const stranger = isUnauthorized(error)
      if (stranger && byHand) location.reload()
      // Slightly old offers are better than none; only an empty-handed page has to say so.
      else if (!held)
        setAnswer({ state: 'failed', error: stranger ? new Problem('unexpected') : error })
    }
  }, [])
  useEffect(() => {
    const refresh = () => {
      if (!document.hidden && (!held || Date.now() - held.at > FRESH_MS)) void ask(false)
    }
    refresh()
    document.addEventListener('visibilitychange', refresh)
    return () => document.removeEventListener('visibilitychange', refresh)
  }, [ask])
  const retry = useCallback(() => {
    if (!held) setAnswer({ state: 'waiting' })
    void ask(true)
  }, [ask])
  return { answer, retry }
}
