/** Counts as the strictest vendor would: never more than `limit` within any second, wherever it begins. */
export type StrictVendor = {
  limit: number
  /** true: taken; false: 429 */
  ask(atMs: number): boolean
  taken: number
  refused: number
  /** The most that were ever asked within one second, refused ones included */
  worst: number
}

export function strictVendor(limit: number): StrictVendor {
  const asked: number[] = []
  const taken: number[] = []
  const drop = (times: number[], until: number) => {
    while ((times[0] ?? until + 1) <= until) times.shift()
  }
  return {
    limit,
    taken: 0,
    refused: 0,
    worst: 0,
    ask(at) {
      drop(asked, at - 1_000)
      drop(taken, at - 1_000)
      asked.push(at)
      this.worst = Math.max(this.worst, asked.length)
      const free = taken.length < this.limit
      if (free) taken.push(at)
      if (free) this.taken++
      else this.refused++
      return free
    },
  }
}
