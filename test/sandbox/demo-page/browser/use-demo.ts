import { useEffect, useState } from 'preact/hooks'
import type { DemoAction, DemoState, NumberedHappening, Refusal } from '../state.ts'

/** Older happenings leave the page, or an hour of play would make it slow. */
const HAPPENINGS_SHOWN = 300

export type Demo = {
  state: DemoState | null
  happenings: NumberedHappening[]
  /** true when the server has stopped answering */
  silent: boolean
  clear(): void
}

/** Listens to the server for as long as the page is open; the browser reconnects by itself. */
export function useDemo(): Demo {
  const [state, setState] = useState<DemoState | null>(null)
  const [happenings, setHappenings] = useState<NumberedHappening[]>([])
  const [silent, setSilent] = useState(false)

  useEffect(() => {
    const source = new EventSource('stream')
    source.onopen = () => setSilent(false)
    source.onerror = () => setSilent(true)
    source.addEventListener('state', ({ data }) => setState(JSON.parse(data)))
    source.addEventListener('happening', ({ data }) => {
      setHappenings((before) => [...before, JSON.parse(data)].slice(-HAPPENINGS_SHOWN))
    })
    return () => source.close()
  }, [])

  return { state, happenings, silent, clear: () => setHappenings([]) }
}

/** Presses a button on the server. Resolves with why nothing happened, or null when it did. */
export async function act(action: DemoAction): Promise<Refusal | 'no_answer' | null> {
  try {
    const response = await fetch('act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action),
    })
    if (response.ok) return null
    const answer = await response.json()
    return answer.reason ?? 'no_answer'
  } catch {
    return 'no_answer'
  }
}
