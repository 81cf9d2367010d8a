import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Boot } from '../shared/api.ts'
import type { PageTexts } from '../shared/i18n/pages/ja.ts'
import type { Language } from '../shared/language.ts'

/** What every page may need: the shop, and how to speak to the buyer. */
export type AppContext = {
  boot: Boot
  language: Language
  texts: PageTexts
  chooseLanguage(language: Language): void
}

export const AppContext = createContext<AppContext | null>(null)

/** Throws outside the app's own tree, which would be a mistake in the code. */
export function useApp(): AppContext {
  const app = useContext(AppContext)
  if (!app) throw new Error('useApp is for components inside <App>')
  return app
}
