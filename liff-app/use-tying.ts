import { useState } from 'preact/hooks'
import { forgetToken } from './held-token.ts'
import { asBuyer, askAgainWhoIsBuying } from './session.ts'

/** The one button of a link that was opened in LINE: pressed once, and what came of it. */
export function useTying(
  place: Parameters<typeof forgetToken>[0],
  isDone: boolean,
  tie: () => Promise<unknown>,
) {
  const [state, setState] = useState<'here' | 'going' | 'done'>(isDone ? 'done' : 'here')
  const [error, setError] = useState<unknown>(null)
  const press = () => {
    if (state !== 'here') return
    setState('going')
    asBuyer(tie).then(
      () => {
        forgetToken(place)
        // What they are may have changed by it.
        askAgainWhoIsBuying().catch(() => {})
        setState('done')
        window.scrollTo(0, 0)
      },
      (refused) => {
        setState('here')
        setError(refused)
      },
    )
  }
  return { state, error, press, forget: () => setError(null) }
}
