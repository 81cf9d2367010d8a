import type { Clock } from '../ports.ts'

/** What is closed until then opens after as long, although somebody has put the clock back meanwhile. In ms. */
export function neverBack(clock: Clock): () => number {
  let behind = 0
  let last = 0
  return () => {
    const told = clock.now().getTime()
    behind = Math.max(behind, last - told)
    last = told + behind
    return last
  }
}
