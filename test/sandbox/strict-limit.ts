/**
 * Counts as the strictest vendor would: never more than `limit` within any second, wherever that
 * second begins. What was refused takes nobody's place.
 */
export type StrictLimit = {
  limit: number
  /** true: taken; false: 429 */
  ask(atMs: number): boolean
  taken: number
  refused: number
  /** The most that ever came within one second, refused ones included */
  worst: number
}

export function strictLimit(limit: number): StrictLimit {
  const asked = lastSecond()
  const taken = lastSecond()
  return {
    limit,
    taken: 0,
    refused: 0,
    worst: 0,
    ask(at) {
      this.worst = Math.max(this.worst, asked.add(at))
      const free = taken.count(at) < this.limit
      if (free) taken.add(at)
      if (free) this.taken++
      else this.refused++
      return free
    },
  }
}

/** Moments of the last second. Those before stay in the list until they are many: shifting costs. */
function lastSecond() {
  let times: number[] = []
  let first = 0
  function count(at: number): number {
    while ((times[first] ?? at) <= at - 1_000) first++
    if (first > 5_000) {
      times = times.slice(first)
      first = 0
    }
    return times.length - first
  }
  return {
    count,
    add(at: number): number {
      times.push(at)
      return count(at)
    },
  }
}

export type RateSeen = {
  taken: number
  refused: number
  /** The most that came within one second: on one endpoint, and in all */
  worst: number
  worstInAll: number
}

/** One limit for each endpoint, and one for all of them together. */
export type RateLimit = { endpoint: number; inAll: number }

/** What a stand-in keeps of its callers' pace. Off until a limit is set; setting one begins anew. */
export function createRateLimit() {
  let limit: RateLimit | null = null
  let inAll = strictLimit(Number.POSITIVE_INFINITY)
  let endpoints = new Map<string, StrictLimit>()
  const of = (endpoint: string, most: number) => {
    const known = endpoints.get(endpoint) ?? strictLimit(most)
    endpoints.set(endpoint, known)
    return known
  }
  return {
    set(next: RateLimit | null): void {
      limit = next
      inAll = strictLimit(next?.inAll ?? Number.POSITIVE_INFINITY)
      endpoints = new Map()
    },
    /** Which limit this call is over, if any. */
    meet(endpoint: string): 'endpoint' | 'global' | null {
      if (!limit) return null
      const now = performance.now()
      if (!of(endpoint, limit.endpoint).ask(now)) return 'endpoint'
      return inAll.ask(now) ? null : 'global'
    },
    seen(): RateSeen {
      const each = [...endpoints.values()]
      return {
        taken: inAll.taken,
        refused: inAll.refused + each.reduce((sum, one) => sum + one.refused, 0),
        worst: Math.max(0, ...each.map((one) => one.worst)),
        worstInAll: inAll.worst,
      }
    },
  }
}

export type RateLimiter = ReturnType<typeof createRateLimit>
