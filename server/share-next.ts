/**
 * Work that always begins after it was asked for, and never twice at once for the same key: whoever asks
 * while it runs, which may have looked too early, shares the run after it. Six webhooks about one
 * customer are two looks at Stripe, not six.
 */
export function shareNext<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<T>>()
  const planned = new Map<string, Promise<T>>()

  function begin(key: string, work: () => Promise<T>): Promise<T> {
    const started = work().finally(() => {
      if (running.get(key) === started) running.delete(key)
    })
    running.set(key, started)
    return started
  }

  return (key, work) => {
    // Before anything else: between two runs none is running, and the next one is planned.
    const waiting = planned.get(key)
    if (waiting) return waiting
    const now = running.get(key)
    if (!now) return begin(key, work)
    const next = now
      .catch(() => null)
      .then(() => {
        planned.delete(key)
        return begin(key, work)
      })
    planned.set(key, next)
    return next
  }
}
