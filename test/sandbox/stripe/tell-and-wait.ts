import type { Webhooks } from './deliver-webhooks.ts'
import type { State } from './state.ts'

export type Told = (act: () => void) => Promise<void>

/** Does something, then waits until each letter that it caused had its first answer; never while letters are held. */
export function toldBy(state: State, webhooks: Webhooks): Told {
  return async (act) => {
    const before = state.events.at(-1)
    act()
    const at = before ? state.events.lastIndexOf(before) : -1
    const caused = state.events.slice(at + 1)
    await Promise.all(caused.map((stored) => webhooks.firstAnswer(stored)))
  }
}
