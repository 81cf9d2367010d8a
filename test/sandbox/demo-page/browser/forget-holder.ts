import { LANGUAGE_KEY } from './words.ts'

/**
 * The phone changes hands: empties what the LIFF SDK and the shop keep in this origin's storage, or
 * the next person would be logged in as the one before. The server ends the session cookie.
 */
export function forgetHolder(): void {
  const language = localStorage.getItem(LANGUAGE_KEY)
  localStorage.clear()
  sessionStorage.clear()
  if (language) localStorage.setItem(LANGUAGE_KEY, language)
}
