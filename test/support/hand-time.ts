import type { PaceTime } from '../../server/store/pace-book.ts'

/** Time that passes only when the test says so, and then as fast as the machine can. */
export type HandTime = PaceTime & {
  clock: { now(): Date }
  /** Lets so much time pass; whoever waits for a moment in between is woken in its turn. */
  pass(seconds: number): Promise<void>
  wait(ms: number): Promise<void>
  /** Puts the wall clock forward or (below 0) back; what was waited for goes on. */
  setClock(bySeconds: number): void
  /** How many wait for a moment to come */
  waiting(): number
}

/** `busy` says whether somebody still works for whom time must not go on. */
export function openHandTime(busy: () => boolean): HandTime {
  let mono = 0
  let wall = Date.UTC(2027, 0, 15)
  const timers = new Set<{ at: number; run: () => void }>()

  function after(ms: number, run: () => void): () => void {
    const timer = { at: mono + ms, run }
    timers.add(timer)
    return () => void timers.delete(timer)
  }

  async function rest(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve))
    while (busy())
  }

  async function pass(seconds: number): Promise<void> {
    const end = mono + seconds * 1_000
    for (;;) {
      await rest()
      const next = [...timers].reduce<{ at: number; run: () => void } | null>(
        (first, each) => (first && first.at <= each.at ? first : each),
        null,
      )
      if (!next || next.at > end) break
      mono = Math.max(mono, next.at)
      timers.delete(next)
      next.run()
    }
    mono = end
    await rest()
  }

  return {
    mono: () => mono,
    after,
    pass,
    clock: { now: () => new Date(wall + mono) },
    wait: (ms) => new Promise((resolve) => after(ms, resolve)),
    setClock: (bySeconds) => {
      wall += bySeconds * 1_000
    },
    waiting: () => timers.size,
  }
}
