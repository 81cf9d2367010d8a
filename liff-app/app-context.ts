import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Boot } from '../shared/api.ts'
import type { InnerTexts } from '../shared/i18n/pages/inner/ja.ts'
import type { PageTexts } from '../shared/i18n/pages/ja.ts'
import type { Language } from '../shared/language.ts'

export type AllTexts = PageTexts & InnerTexts

/** How the pages speak; `inner` is null until a page behind the shelf is opened. */
export type Spoken = { language: Language; texts: PageTexts; inner: InnerTexts | null }

/** What every page may need: the shop, and how to speak to the buyer. */
export type AppContext = Spoken & {
  boot: Boot
  chooseLanguage(language: Language): void
  /** Fetches the inner pages' texts. Rejects when the network does. */
  speakInside(): Promise<void>
}

export const AppContext = createContext<AppContext | null>(null)

/** Throws outside the app's own tree, which would be a mistake in the code. */
export function useApp(): AppContext {
  const app = useContext(AppContext)
  if (!app) throw new Error('useApp is for components inside <App>')
  return app
}

/** The same with the inner pages' texts, for those pages and what stands on them. */
export function useInner(): Omit<AppContext, 'texts'> & { texts: AllTexts } {
  const app = useApp()
  if (!app.inner) throw new Error('useInner is for components inside <LazyPage>')
  return { ...app, texts: { ...app.texts, ...app.inner } }
}
