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
  /** The next one last */
  const timers: { at: number; run: () => void }[] = []

  function after(ms: number, run: () => void): () => void {
    const timer = { at: mono + ms, run }
    let low = 0
    for (let high = timers.length; low < high; ) {
      const middle = (low + high) >> 1
      if ((timers[middle]?.at ?? 0) > timer.at) low = middle + 1
      else high = middle
    }
    timers.splice(low, 0, timer)
    return () => {
      const at = timers.indexOf(timer)
      if (at >= 0) timers.splice(at, 1)
    }
  }

  async function rest(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve))
    while (busy())
  }

  async function pass(seconds: number): Promise<void> {
    const end = mono + seconds * 1_000
    for (;;) {
      await rest()
      const next = timers.at(-1)
      if (!next || next.at > end) break
      mono = Math.max(mono, next.at)
      timers.pop()
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
    waiting: () => timers.length,
  }
}
