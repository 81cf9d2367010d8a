import { useEffect, useState } from 'preact/hooks'
import type { Membership } from '../shared/api.ts'
import { api } from './api.ts'
import { cameByLink } from './by-link.ts'
import { asBuyer } from './session.ts'
import { useLine } from './use-line.ts'
import { useSight } from './use-sight.ts'

/** The membership of somebody who is logged in already; nobody is sent to log in for it. */
export function useKnownMembership(): Membership | null {
  const [membership, setMembership] = useState<Membership | null>(null)
  const line = useLine()
  const known = cameByLink() || line?.inClient === true || (line?.freshIdToken() ?? null) !== null
  const ask = () => {
    if (!known) return
    asBuyer(() => api.membership()).then(
      (answer) => setMembership(answer.membership),
      () => {}, // The page serves everybody; its pay button tells whoever cannot go on.
    )
  }
  useEffect(ask, [known])
  useSight(ask)
  return membership
}
