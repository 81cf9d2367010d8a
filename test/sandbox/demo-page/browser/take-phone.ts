import { rememberLanguage } from '../../../../liff-app/language.ts'
import { nearestLanguage } from '../../../../shared/language.ts'
import type { LineUser } from '../../types.ts'
import { LANGUAGE_KEY } from './words.ts'

const HOLDER_KEY = 'noren-demo:holder'

/**
 * Somebody takes the phone: empties what the LIFF SDK and the shop keep in this origin's storage, or
 * they would be logged in as whoever held it before (an earlier demo at this port included). The
 * server ends the session cookie. A real phone tells the shop its language; a frame shows the
 * window's, so it is laid down as if chosen.
 */
export function takePhone(person: LineUser): void {
  if (localStorage.getItem(HOLDER_KEY) === person.userId) return
  const pageLanguage = localStorage.getItem(LANGUAGE_KEY)
  localStorage.clear()
  sessionStorage.clear()
  if (pageLanguage) localStorage.setItem(LANGUAGE_KEY, pageLanguage)
  localStorage.setItem(HOLDER_KEY, person.userId)
  rememberLanguage(nearestLanguage(person.language) ?? 'en')
}
