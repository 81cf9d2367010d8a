import { useEffect, useState } from 'preact/hooks'
import type { LineUser } from '../../types.ts'
import type { DemoAction } from '../state.ts'
import { Guide } from './guide.tsx'
import { Holders } from './holders.tsx'
import { Curtain, NorenMark } from './icons.tsx'
import { Phone } from './phone.tsx'
import { Tables } from './tables.tsx'
import { takePhone } from './take-phone.ts'
import { Timeline } from './timeline.tsx'
import { act, useDemo } from './use-demo.ts'
import { firstLanguage, LANGUAGE_KEY, type PageLanguage, type Words, wordsOf } from './words.ts'

/** The whole page: the phone, and beside it the guide, the timeline and the books. */
export function App() {
  const [language, setLanguage] = useLanguage()
  const words = wordsOf(language)
  const demo = useDemo()
  const { state } = demo
  const holder = state?.people.find(({ userId }) => userId === state.holder)
  const [open, setOpen] = useState<string | null>(null)
  const [asStaff, setAsStaff] = useState(false)
  const [notice, setNotice] = useNotice()

  useEffect(() => {
    if (holder) takePhone(holder)
  }, [holder?.userId])

  async function press(action: DemoAction) {
    const refusal = await act(action)
    if (refusal) setNotice(words.refusals[refusal])
  }
  async function handTo(person: LineUser) {
    setOpen(null)
    setAsStaff(false)
    if (person.userId === state?.holder) return
    takePhone(person)
    await press({ action: 'hand_phone_to', userId: person.userId })
  }
  if (!state) return <Waiting words={words} />
  const openShop = () => {
    setAsStaff(false)
    setOpen(new URL('/', state.shop.url).href)
    document.querySelector('.phone')?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <>
      <Banner words={words} language={language} onLanguage={setLanguage} />
      <main class="stage">
        <Phone
          state={state}
          words={words}
          open={open}
          asStaff={asStaff}
          onOpen={setOpen}
          onFollow={() => press({ action: 'follow' })}
        />
        <div class="behind">
          <Holders
            state={state}
            words={words}
            asStaff={asStaff}
            onChoose={handTo}
            onStaff={() => {
              setOpen(null)
              setAsStaff(true)
            }}
          />
          <Guide
            state={state}
            words={words}
            language={language}
            onOpenShop={openShop}
            onAct={press}
          />
          <Timeline
            happenings={demo.happenings}
            words={words}
            language={language}
            onClear={demo.clear}
          />
          <Tables rows={state.rows} words={words} language={language} />
        </div>
      </main>
      <p class="notice" role="status">
        {demo.connected ? notice : words.disconnected}
      </p>
    </>
  )
}

function Banner(props: {
  words: Words
  language: PageLanguage
  onLanguage: (language: PageLanguage) => void
}) {
  const other = props.language === 'ja' ? 'en' : 'ja'
  return (
    <header class="page-header">
      <NorenMark size={30} />
      <h1>Noren</h1>
      <p>
        {props.words.tagline}
        <span>{props.words.sandbox}</span>
      </p>
      <button
        type="button"
        class="quiet-button"
        lang={other}
        onClick={() => props.onLanguage(other)}
      >
        {props.words.switchLanguage}
      </button>
    </header>
  )
}

function Waiting({ words }: { words: Words }) {
  return (
    <main class="waiting">
      <Curtain />
      <p role="status">{words.connecting}</p>
    </main>
  )
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
