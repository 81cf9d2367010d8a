import { useEffect, useState } from 'preact/hooks'
import type { DemoAction } from '../state.ts'
import { DiscordWindow } from './discord/window.tsx'
import { Guide } from './guide.tsx'
import { Holders } from './holders.tsx'
import { MailBox } from './mail/mail-box.tsx'
import { PageHeader, Waiting } from './page-header.tsx'
import { Phone } from './phone.tsx'
import { Tables } from './tables.tsx'
import { Timeline } from './timeline.tsx'
import { act, useDemo } from './use-demo.ts'
import { useHandset } from './use-handset.ts'
import { type View, Windows } from './windows.tsx'
import { firstLanguage, LANGUAGE_KEY, wordsOf } from './words.ts'

/** The whole page: the phone, and beside it the guide, the timeline and the books. */
export function App() {
  const [language, setLanguage] = useLanguage()
  const [notice, setNotice] = useNotice()
  const [reading, setReading] = useState(false)
  const [view, setView] = useView()
  const words = wordsOf(language)
  const { state, ...demo } = useDemo()
  const handset = useHandset(state, press)
  const shared = { words, language }

  async function press(action: DemoAction) {
    const refusal = await act(action)
    if (refusal) setNotice(words.refusals[refusal])
  }

  function openOnPhone(path: string) {
    // On a narrow page the phone is behind the window that asked for it.
    if (matchMedia(NARROW).matches) setView('line')
    handset.openPage(path)
  }

  if (!state) return <Waiting words={words} silent={demo.silent} />
  return (
    <>
      <PageHeader
        {...shared}
        onLanguage={setLanguage}
        mails={state.mails.length}
        onMail={() => setReading(true)}
      >
        {state.discord && <Windows words={words} view={view} onView={setView} />}
      </PageHeader>
      {reading && <MailBox words={words} mails={state.mails} onClose={() => setReading(false)} />}
      <main class={state.discord && view === 'discord' ? 'stage with-discord' : 'stage'}>
        <Phone
          state={state}
          words={words}
          opened={handset.opened}
          asStaff={handset.asStaff}
          onOpen={handset.open}
          onOpenShop={handset.openShop}
          onAct={press}
        />
        {state.discord && view === 'discord' && (
          <DiscordWindow
            {...shared}
            state={state}
            discord={state.discord}
            onAct={press}
            onPhone={openOnPhone}
          />
        )}
        <div class="behind">
          <Holders
            state={state}
            words={words}
            asStaff={handset.asStaff}
            onChoose={handset.handTo}
            onStaff={handset.lookAtStaff}
          />
          <Guide
            {...shared}
            state={state}
            onOpenShop={() => openOnPhone('/')}
            onOpenPage={openOnPhone}
            onScene={(scene) => setView(scene === 'discord' ? 'discord' : view)}
            onAct={press}
          />
          <Timeline {...shared} happenings={demo.happenings} onClear={demo.clear} />
          <Tables {...shared} rows={state.rows} roles={state.shop.roles} />
        </div>
      </main>
      <p class="notice" role="status">
        {demo.silent ? words.disconnected : notice}
      </p>
    </>
  )
}

/** As in the style sheets. */
const NARROW = '(max-width: 799px)'

/** A link may ask for Discord: `/__demo/#discord`. */
function useView() {
  return useState<View>(location.hash === '#discord' ? 'discord' : 'line')
}

function useLanguage() {
  const [language, setLanguage] = useState(firstLanguage)
  useEffect(() => {
    document.documentElement.lang = language
    document.title = wordsOf(language).title
    localStorage.setItem(LANGUAGE_KEY, language)
  }, [language])
  return [language, setLanguage] as const
}

/** A sentence that goes away by itself after it could be read twice. */
function useNotice() {
  const [notice, setNotice] = useState('')
  useEffect(() => {
    if (!notice) return
    const timer = setTimeout(() => setNotice(''), 8_000)
    return () => clearTimeout(timer)
  }, [notice])
  return [notice, setNotice] as const
}
