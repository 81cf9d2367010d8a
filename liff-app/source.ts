import { readUtm, type Utm, utmIn } from '../shared/utm.ts'
import { liffState } from './navigation.ts'
import { recall, remember } from './remember.ts'

/**
 * Where this visit came from (`?source=poster-tokyo`, `?utm_source=…`), kept for the tab so that the sale
 * can be told by it. Both are of one visit: whoever comes anew with one of them has left the other behind.
 */
export function rememberSource(): void {
  const query = queryNow()
  const source = query.get('source')
  const utm = utmIn(query)
  if (!source && !utm) return
  remember('sessionStorage', 'source', source?.slice(0, 32) ?? null)
  remember('sessionStorage', 'utm', utm && JSON.stringify(utm))
}

/** As a checkout is told of it. */
export function rememberedSource(): { source?: string; utm?: Utm } {
  const source = recall('sessionStorage', 'source')
  const utm = rememberedUtm()
  return { ...(source && { source }), ...(utm && { utm }) }
}

function rememberedUtm(): Utm | null {
  try {
    return readUtm(JSON.parse(recall('sessionStorage', 'utm') ?? 'null'))
  } catch {
    return null
  }
}

/** LIFF brings the page it is to open inside `liff.state`, and on some phones never gets to open it. */
function queryNow(): URLSearchParams {
  const state = liffState()
  return new URLSearchParams(state === null ? location.search : state.replace(/^[^?]*/, ''))
}
