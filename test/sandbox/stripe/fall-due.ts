import type Stripe from 'stripe'
import { changeSubscription, endSubscription } from './change-subscription.ts'
import { attemptInvoice } from './collect-invoice.ts'
import { stateFor } from './customer-time.ts'
import { emit } from './emit-event.ts'
import { resumeSubscription } from './pause-subscription.ts'
import { isLiving, periodOf } from './periods.ts'
import { renewSubscription } from './renew-subscription.ts'
import { type State, seconds } from './state.ts'
import { tellUpcoming, upcomingAt } from './tell-upcoming.ts'

/** Stripe warns three days before a trial ends. */
const WARN_BEFORE = 3 * 24 * 60 * 60

/** Something that happens by itself at this time (Unix seconds). */
export type Due = { at: number; act(state: State): void }

/** The next thing that falls due for a customer; null: nothing ever. Of two at once the first in the list below. */
export function nextDue(state: State, customer: string): Due | null {
  let next: Due | null = null
  for (const due of allDue(state, customer)) if (!next || due.at < next.at) next = due
  return next
}

function* allDue(state: State, customer: string): Generator<Due> {
  const subscriptions = [...state.subscriptions.newestFirst({ group: customer })]
    .filter(isLiving)
    .reverse()
  for (const one of subscriptions) if (one.cancel_at !== null) yield ending(one, one.cancel_at)
  for (const invoice of [...state.invoices.newestFirst({ group: customer })].reverse()) {
    if (invoice.status === 'open' && invoice.next_payment_attempt !== null) yield retry(invoice)
  }
  for (const subscription of subscriptions) yield* dueOf(state, subscription)
}

function* dueOf(state: State, one: Stripe.Subscription): Generator<Due> {
  const notes = state.subscriptionNotes.get(one.id)!
  if (one.status === 'paused') {
    if (notes.resumeAt !== null) {
      yield { at: notes.resumeAt, act: (then) => resumeSubscription(then, one) }
    }
    return
  }
  const resumes = one.pause_collection?.resumes_at
  if (resumes) yield { at: resumes, act: (then) => collectAgain(then, one) }
  if (one.status === 'trialing' && one.trial_end !== null && !notes.trialWarned) {
    yield { at: one.trial_end - WARN_BEFORE, act: (then) => warn(then, one) }
  }
  const upcoming = upcomingAt(state, one)
  // Its moment may lie before the clock began.
  if (upcoming !== null && upcoming >= seconds(stateFor(state, String(one.customer)))) {
    yield { at: upcoming, act: (then) => tellUpcoming(then, one) }
  }
  yield { at: periodOf(one).end, act: (then) => renewSubscription(then, one) }
}

function ending(one: Stripe.Subscription, at: number): Due {
  return { at, act: (then) => endSubscription(then, one) }
}

function retry(invoice: Stripe.Invoice): Due {
  return { at: invoice.next_payment_attempt!, act: (then) => attemptInvoice(then, invoice) }
}

function warn(state: State, one: Stripe.Subscription): void {
  state.subscriptionNotes.get(one.id)!.trialWarned = true
  emit(state, 'customer.subscription.trial_will_end', one)
}

function collectAgain(state: State, one: Stripe.Subscription): void {
  changeSubscription(state, one, (changed) => {
    changed.pause_collection = null
  })
}
