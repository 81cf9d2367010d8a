import { useEffect, useState } from 'preact/hooks'
import type { PricingTableResponse } from '../shared/api.ts'
import { api } from './api.ts'
import { asBuyer } from './session.ts'
import { rememberedSource } from './source.ts'
import { loadPricingTable } from './stripe-script.ts'
import { useAnswer } from './use-answer.ts'
import { useSight } from './use-sight.ts'

/** Stripe wants a Customer Session to be used within 30 minutes. */
const FRESH_MS = 25 * 60_000

/** One pricing table for whoever is here, with Stripe's script; made anew before its customer session is over. */
export function usePricingTable(id: string) {
  const [madeAt, setMadeAt] = useState(() => Date.now())
  const { answer, retry } = useAnswer<PricingTableResponse>(async () => {
    // In this order: who is sent to the login, or has no use for the table, needs none of Stripe's code.
    const made = await asBuyer(() => api.pricingTable(id, rememberedSource()))
    await loadPricingTable()
    return made
  }, `${id} ${madeAt}`)
  const ends = answer.state === 'ready' && answer.value.customerSession !== null
  const renew = () => {
    if (ends && Date.now() - madeAt >= FRESH_MS) setMadeAt(Date.now())
  }
  useEffect(() => {
    if (!ends) return
    const timer = setTimeout(renew, madeAt + FRESH_MS - Date.now())
    return () => clearTimeout(timer)
  }, [ends, madeAt])
  // A phone that sleeps lets no timer run.
  useSight(renew)
  return { answer, retry }
}
