import { useEffect, useState } from 'preact/hooks'
import { heldToken, takeHeldToken } from './held-token.ts'

/** The token with which this page was opened, or the one of a newer link in the same tab. */
export function useHeldToken(place: Parameters<typeof heldToken>[0]): string | null {
  const [token, setToken] = useState(() => opened(place))
  useEffect(() => {
    // A newer link changes only what is behind the #, and so loads no page.
    const onNewer = () => setToken(opened(place))
    window.addEventListener('hashchange', onNewer)
    return () => window.removeEventListener('hashchange', onNewer)
  }, [])
  return token
}

function opened(place: Parameters<typeof heldToken>[0]): string | null {
  takeHeldToken()
  return heldToken(place)
}
