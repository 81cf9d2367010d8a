import { useCallback, useEffect, useState } from 'preact/hooks'

export type Answer<T> =
  | { state: 'waiting' }
  | { state: 'ready'; value: T }
  | { state: 'failed'; error: unknown }

/**
 * Asks once, and again on `retry` or when `key` changes. An answer that comes after the page has moved
 * on is dropped. `replace` puts in a newer value that came another way.
 */
export function useAnswer<T>(ask: () => Promise<T>, key: string) {
  const [answer, setAnswer] = useState<Answer<T>>({ state: 'waiting' })
  const [attempt, setAttempt] = useState(0)
  // `key` says when the question is another one; `ask` is a new function in every render.
  useEffect(() => {
    let wanted = true
    setAnswer({ state: 'waiting' })
    ask().then(
      (value) => wanted && setAnswer({ state: 'ready', value }),
      (error) => wanted && setAnswer({ state: 'failed', error }),
    )
    return () => {
      wanted = false
    }
  }, [key, attempt])
  const retry = useCallback(() => setAttempt((count) => count + 1), [])
  const replace = useCallback((value: T) => setAnswer({ state: 'ready', value }), [])
  return { answer, retry, replace }
}
