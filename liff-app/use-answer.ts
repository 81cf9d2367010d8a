import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

export type Answer<T> =
  | { state: 'waiting' }
  | { state: 'ready'; value: T }
  | { state: 'failed'; error: unknown }

/**
 * Asks once, and again on `retry` or when `key` changes. An answer that comes after the page has moved
 * on is dropped, as is one that comes after `replace`, which puts in a newer value that came another way.
 */
export function useAnswer<T>(ask: () => Promise<T>, key: string) {
  const [answer, setAnswer] = useState<Answer<T>>({ state: 'waiting' })
  const [attempt, setAttempt] = useState(0)
  const asked = useRef({ isWanted: false })
  // `key` says when the question is another one; `ask` is a new function in every render.
  useEffect(() => {
    const mine = { isWanted: true }
    asked.current = mine
    setAnswer({ state: 'waiting' })
    ask().then(
      (value) => mine.isWanted && setAnswer({ state: 'ready', value }),
      (error) => mine.isWanted && setAnswer({ state: 'failed', error }),
    )
    return () => {
      mine.isWanted = false
    }
  }, [key, attempt])
  const retry = useCallback(() => setAttempt((count) => count + 1), [])
  const replace = useCallback((value: T) => {
    asked.current.isWanted = false
    setAnswer({ state: 'ready', value })
  }, [])
  return { answer, retry, replace }
}
