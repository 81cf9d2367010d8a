import { useEffect, useState } from 'preact/hooks'
import type { Line } from './line.ts'
import { whenLineReady } from './start-line.ts'

/** LINE once it is up, null before and where it never comes up. */
export function useLine(): Line | null {
  const [line, setLine] = useState<Line | null>(null)
  useEffect(() => {
    whenLineReady().then(setLine, () => {})
  }, [])
  return line
}
