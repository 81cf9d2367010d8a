import { useEffect, useErrorBoundary, useMemo } from 'preact/hooks'
import type { Boot } from '../shared/api.ts'
import { type Language, nearestLanguage } from '../shared/language.ts'
import { AppContext, type Spoken } from './app-context.ts'
import { useChat, wordsIn } from './chat.ts'
import { Footer } from './components/footer.tsx'
import { Noren } from './components/noren.tsx'
import { ProblemNotice } from './components/problem-notice.tsx'
import { Waiting } from './components/waiting.tsx'
import { rememberedLanguage, rememberLanguage } from './language.ts'
import { LazyPage } from './lazy-page.tsx'
import { isLoadAhead, liffState, useRoute } from './navigation.ts'
import { NotFound } from './pages/not-found.tsx'
import { Shop } from './pages/shop.tsx'
import { speakInSession } from './session.ts'
import { whenLineReady } from './start-line.ts'
import { useSpeech } from './use-speech.ts'

/** The whole shop: the curtain, one page below it, the footer; and the language they speak. */
export function App({ boot, start }: { boot: Boot; start: Spoken }) {
  const { spoken, switchTo, speakInside } = useSpeech(start)
  const { page, id } = useRoute()
  useEffect(() => {
    document.documentElement.lang = spoken.language
    speakInSession(spoken.language)
  }, [spoken.language])
  useEffect(() => followLine(switchTo), [switchTo])

  const chat = useChat()
  const { inner } = spoken
  const words = useMemo(() => inner && wordsIn(chat, inner), [chat, inner])

  const chooseLanguage = (language: Language) => {
    rememberLanguage(language)
    switchTo(language)
  }
  return (
    <AppContext.Provider value={{ boot, ...spoken, inner: words, chooseLanguage, speakInside }}>
      <a class="skip" href="#main">
        {spoken.texts.shell.skip}
      </a>
      <Noren />
      <main id="main" tabIndex={-1}>
        <CurrentPage key={`${page} ${id}`} />
      </main>
      <Footer />
    </AppContext.Provider>
  )
}

/** A fault of our own on one page must not take the curtain and the way out with it. */
function CurrentPage() {
  const route = useRoute()
  const [fault] = useErrorBoundary()
  if (fault) return <ProblemNotice error={fault} retry={() => location.reload()} />
  if (liffState() !== null || isLoadAhead()) return <Waiting />
  if (route.page === 'shop') return <Shop />
  if (route.page === 'notFound') return <NotFound />
  return <LazyPage page={route.page} route={route} />
}

/** LINE's own language outranks the browser's, never the buyer's own choice. */
function followLine(switchTo: (language: Language) => void): void {
  whenLineReady().then(
    (line) => {
      const wished = nearestLanguage(line.language)
      if (line.inClient && wished && !rememberedLanguage()) switchTo(wished)
    },
    () => {}, // The pages that need LINE tell the buyer themselves.
  )
}
