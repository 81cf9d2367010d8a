import type { ChatChannel, Clock } from '../ports.ts'

export type Quota = { used: number; total: number | null }
/** The month's messages as LINE last told them; null while it has told nothing. Never throws. */
export type AskQuota = () => Promise<Quota | null>

/** LINE counts a day at a time; whoever scrapes each few seconds must not cost a call each time. */
const ASK_AGAIN_MS = 600_000
/** A scrape waits for nobody longer; the answer is there at the next one. */
const PATIENCE_MS = 2_000

/** Asks LINE at most every ten minutes, answered or not, and only when somebody wants to know. */
export function openQuota(parts: {
  channel: Pick<ChatChannel, 'quota'>
  clock: Clock
  report: (error: unknown) => void
}): AskQuota {
  let known: Quota | null = null
  let askedAt = Number.NEGATIVE_INFINITY

  async function ask(): Promise<void> {
    try {
      known = await parts.channel.quota()
    } catch (error) {
      parts.report(error)
    }
  }

  return async () => {
    const now = parts.clock.now().getTime()
    // Also when the clock has jumped back: an hour without asking would be the least of it.
    if (Math.abs(now - askedAt) < ASK_AGAIN_MS) return known
    askedAt = now
    await atMost(PATIENCE_MS, ask())
    return known
  }
}

/** Resolves when it is done or the time is over, whichever comes first. */
export async function atMost(ms: number, done: Promise<void>): Promise<void> {
  const limit = Promise.withResolvers<void>()
  const timer = setTimeout(limit.resolve, ms)
  await Promise.race([done, limit.promise])
  clearTimeout(timer)
}
