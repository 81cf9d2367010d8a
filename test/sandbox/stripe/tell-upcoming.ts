import type Stripe from 'stripe'
import { buildInvoice } from './build-invoice.ts'
import { emit } from './emit-event.ts'
import { periodOf } from './periods.ts'
import { rowsOf } from './renew-subscription.ts'
import { idOf, must, type State } from './state.ts'

const DAY = 24 * 60 * 60
const RUNS: ReadonlySet<string> = new Set(['active', 'trialing'])

/** When the next renewal is told of, in Unix seconds; null: it was, or there is none to tell of. */
export function upcomingAt(state: State, one: Stripe.Subscription): number | null {
  const { start, end } = periodOf(one)
  const at = end - state.upcomingDays * DAY
  const told = state.subscriptionNotes.get(one.id)?.upcomingToldFor === end
  const renews = RUNS.has(one.status) && one.cancel_at === null && one.pause_collection === null
  return renews && !told && at > start ? at : null
}

/** So many days ahead, with an invoice that does not exist yet, and so has no id. */
export function tellUpcoming(state: State, one: Stripe.Subscription): void {
  const { end } = periodOf(one)
  state.subscriptionNotes.get(one.id)!.upcomingToldFor = end
  const { email, name } = must(state.customers, idOf(one.customer))
  const lines = rowsOf(state, one)
  const total = lines.reduce((sum, { amount }) => sum + amount, 0)
  const { id: _, ...invoice } = buildInvoice(state, {
    subscription: one,
    buyer: { email: email ?? '', name: name ?? '' },
    reason: 'upcoming',
    lines,
    totals: { subtotal: total, tax: 0, total },
    period: periodOf(one),
  })
  const upcoming = { ...invoice, created: end, next_payment_attempt: end }
  emit(state, 'invoice.upcoming', upcoming satisfies Omit<Stripe.Invoice, 'id'>)
}
