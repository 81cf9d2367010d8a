import type Stripe from 'stripe'
import { stateFor } from './customer-time.ts'
import { emit } from './emit-event.ts'
import { endOfPeriod } from './end-of-period.ts'
import { type Due, nextDue } from './fall-due.ts'
import { must, type State } from './state.ts'

const DAY = 24 * 60 * 60
/** Stripe deletes a forgotten clock by itself. */
const KEPT_DAYS = 30

type Clock = Stripe.TestHelpers.TestClock

/** A clock that stands at this time, with this customer on it when one is named. */
export function createClock(
  state: State,
  plan: { at: number; name?: string | null; customer?: Stripe.Customer | null },
): Clock {
  const clock = state.clocks.put({
    id: state.ids.id('clock_1'),
    object: 'test_helpers.test_clock',
    created: Math.floor(state.wall().getTime() / 1000),
    deletes_after: Math.floor(state.wall().getTime() / 1000) + KEPT_DAYS * DAY,
    frozen_time: plan.at,
    livemode: false,
    name: plan.name ?? null,
    status: 'ready',
    status_details: {},
  } satisfies Clock)
  state.clockDay.set(clock.id, new Date(plan.at * 1000).getUTCDate())
  state.onClock.set(clock.id, new Set())
  emit(state, 'test_helpers.test_clock.created', clock)
  if (plan.customer) putOnClock(state, clock, plan.customer)
  return clock
}

/** From now on this customer, and all that is theirs, lives by the clock. */
export function putOnClock(state: State, clock: Clock, customer: Stripe.Customer): void {
  customer.test_clock = clock.id
  state.onClock.get(clock.id)!.add(customer.id)
  const group = { group: customer.id }
  for (const one of state.subscriptions.newestFirst(group)) one.test_clock = clock.id
  for (const one of state.invoices.newestFirst(group)) one.test_clock = clock.id
}

/**
 * Moves a clock on. Whatever falls due on the way happens at its own time, one after the other; after
 * each the generator yields, so that a caller can wait for the letters it caused.
 */
export function* moveClock(state: State, clock: Clock, target: number): Generator<void> {
  clock.status = 'advancing'
  clock.status_details = { advancing: { target_frozen_time: target } }
  emit(state, 'test_helpers.test_clock.advancing', clock)
  yield
  for (let due = firstDue(state, clock, target); due; due = firstDue(state, clock, target)) {
    clock.frozen_time = Math.max(clock.frozen_time, due.at)
    due.act(stateFor(state, due.customer))
    yield
  }
  clock.frozen_time = target
  clock.status = 'ready'
  clock.status_details = {}
  emit(state, 'test_helpers.test_clock.ready', clock)
}

function firstDue(state: State, clock: Clock, target: number) {
  let first: (Due & { customer: string }) | null = null
  for (const customer of state.onClock.get(clock.id) ?? []) {
    const due = nextDue(state, customer)
    if (due && due.at <= target && (!first || due.at < first.at)) first = { ...due, customer }
  }
  return first
}

/** So many months and days after where the clock stands; from a month's last day back to the day it began on. */
export function timeAfter(
  state: State,
  clock: Clock,
  by: { days?: number; months?: number },
): number {
  const day = state.clockDay.get(clock.id)!
  const months = by.months ?? 0
  const later = endOfPeriod(clock.frozen_time, { interval: 'month', interval_count: months })
  const date = new Date(later * 1000)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  const clipped = isLastDay(clock.frozen_time) && date.getUTCDate() < day
  if (months > 0 && clipped) date.setUTCDate(Math.min(day, lastDay))
  return date.getTime() / 1000 + (by.days ?? 0) * DAY
}

function isLastDay(time: number): boolean {
  return new Date((time + DAY) * 1000).getUTCDate() === 1
}

/** The clock and all its customers are gone, without a farewell to each. */
export function deleteClock(state: State, clock: Clock): void {
  state.deleted.add(clock.id)
  for (const customer of state.onClock.get(clock.id) ?? []) {
    state.deleted.add(must(state.customers, customer).id)
    for (const { id } of state.subscriptions.newestFirst({ group: customer })) state.deleted.add(id)
    for (const { id } of state.invoices.newestFirst({ group: customer })) state.deleted.add(id)
  }
  emit(state, 'test_helpers.test_clock.deleted', clock)
}
