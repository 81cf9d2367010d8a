import { useCallback, useRef, useState } from 'preact/hooks'
import type { Language } from '../shared/language.ts'
import type { Spoken } from './app-context.ts'
import { loadInnerTexts, loadTexts } from './language.ts'

/** The language the shop speaks, and how to change it without the page ever being without words. */
export function useSpeech(start: Spoken) {
  const [spoken, speak] = useState(start)
  const now = useRef(spoken)
  now.current = spoken

  const switchTo = useCallback(async (language: Language) => {
    const inside = now.current.inner !== null
    try {
      const [texts, inner] = await Promise.all([
        loadTexts(language),
        inside ? loadInnerTexts(language) : null,
      ])
      speak({ language, texts, inner })
    } catch {
      // The words did not come: the page stays in the language that it speaks.
    }
  }, [])

  const speakInside = useCallback(async () => {
    const { language } = now.current
    const inner = await loadInnerTexts(language)
    speak((before) => (before.language === language ? { ...before, inner } : before))
  }, [])

  return { spoken, switchTo, speakInside }
}
