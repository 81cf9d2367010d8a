import { useEffect, useState } from 'preact/hooks'
import type { CodeResponse } from '../shared/api.ts'

/** So long Noren takes a code. Counted from when it came, since a telephone's clock may be wrong. */
const GOOD_FOR_MS = 15 * 60_000

/** A code on the page, which goes with its last minute: typed later, Discord would only refuse it. */
export function useJoinCode() {
  const [code, setCode] = useState<CodeResponse | null>(null)
  useEffect(() => {
    if (!code) return
    const over = setTimeout(() => setCode(null), GOOD_FOR_MS)
    return () => clearTimeout(over)
  }, [code])
  return [code, setCode] as const
}
