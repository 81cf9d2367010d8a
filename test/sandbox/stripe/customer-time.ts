import { idOf, must, type State } from './state.ts'

/**
 * The sandbox as this customer lives it: with the time of their test clock, where they have one.
 * What is built with it carries that time; everything else is shared.
 */
export function stateFor(state: State, customerId: string | null): State {
  const clockId = idOf(state.customers.get(customerId ?? '')?.test_clock)
  if (clockId === null) return { ...state, now: state.wall }
  const clock = must(state.clocks, clockId)
  return { ...state, now: () => new Date(clock.frozen_time * 1000) }
}
