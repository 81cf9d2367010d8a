import type { Boot } from '../shared/api.ts'

/** What the server wrote into the page, so that the first paint waits for no request. Null: it is not there. */
export function readBoot(): Boot | null {
  const written = document.getElementById('boot')?.textContent
  if (!written) return null
  try {
    return JSON.parse(written) as Boot
  } catch {
    return null
  }
}
