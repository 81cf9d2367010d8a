import type { Meter, Store } from '../ports.ts'

/** A process that dies loses what it counted since; what it did is in the books all the same. */
const WRITE_MS = 5_000
/** In seconds. A vendor's call ends at 10 s at the latest, so the rest is one. */
export const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const
/** Rows in one statement: 3 values each, far below what either engine takes. */
const MOST_ROWS = 500

export type OpenMeter = Meter & {
  /** Writes down what was counted since the last time; resolves when it is there, or kept for the next. */
  flush(): Promise<void>
  /** The last writing; counts nothing more. */
  close(): Promise<void>
}

type Counted = { name: string; labels: string; value: number }

/**
 * Counts in memory and adds it to the `counters` table every 5 seconds, so that /metrics of any
 * process tells the sum over all of them, workers without a port among them, and a restart forgets
 * nothing. Nothing is written while nothing is counted.
 */
export function openMeter(parts: {
  store: Pick<Store, 'transaction'>
  report: (error: unknown) => void
}): OpenMeter {
  let counted = new Map<string, Counted>()
  /** Who counts often hands in the same labels each time. */
  const texts = new WeakMap<object, string>()
  let last: Promise<void> = Promise.resolve()
  let failing = false
  const timer = setInterval(() => void flush(), WRITE_MS)
  timer.unref()

  function count(name: string, labels: Readonly<Record<string, string>> = {}, by = 1): void {
    let text = texts.get(labels)
    if (text === undefined) {
      text = JSON.stringify(Object.fromEntries(Object.entries(labels).toSorted(byName)))
      texts.set(labels, text)
    }
    add({ name, labels: text, value: by })
  }

  function add({ name, labels, value }: Counted): void {
    const key = `${name} ${labels}`
    const known = counted.get(key)
    if (known) known.value += value
    else counted.set(key, { name, labels, value })
  }

  async function write(): Promise<void> {
    if (counted.size === 0) return
    const rows = [...counted.entries()].toSorted(byName).map(([, row]) => row)
    counted = new Map()
    try {
      await addToCounters(parts.store, rows)
      failing = false
    } catch (error) {
      for (const row of rows) add(row)
      // Once an outage: whoever keeps the books says often enough that they are not to be had.
      if (!failing) parts.report(error)
      failing = true
    }
  }

  /** One after the other: two at once could each add the same rows after a failure. */
  function flush(): Promise<void> {
    last = last.then(write)
    return last
  }

  return {
    count,
    answered(vendor, endpoint, status, ms) {
      const seconds = ms / 1_000
      const le = String(BUCKETS.find((bound) => seconds <= bound) ?? '+Inf')
      count('noren_vendor_answers_total', { vendor, endpoint, status: String(status) })
      count('noren_vendor_seconds', { vendor, endpoint, le })
      count('noren_vendor_seconds', { vendor, endpoint, le: 'sum' }, seconds)
    },
    flush,
    close() {
      clearInterval(timer)
      return flush()
    },
  }
}

/** In order of key, so that two processes that add at once cannot stand in each other's way. */
async function addToCounters(store: Pick<Store, 'transaction'>, rows: Counted[]): Promise<void> {
  await store.transaction(async (tx) => {
    for (let at = 0; at < rows.length; at += MOST_ROWS)
      await tx
        .insertInto('counters')
        .values(rows.slice(at, at + MOST_ROWS))
        .onConflict((known) =>
          known
            .columns(['name', 'labels'])
            .doUpdateSet((eb) => ({ value: eb('counters.value', '+', eb.ref('excluded.value')) })),
        )
        .execute()
  })
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1
}
