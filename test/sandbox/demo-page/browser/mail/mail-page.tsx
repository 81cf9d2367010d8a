import { useEffect, useState } from 'preact/hooks'
import { LANGUAGES, type Language } from '../../../../../shared/language.ts'
import { NorenMark } from '../icons.tsx'
import { firstLanguage, LANGUAGE_KEY, wordsOf } from '../words.ts'
import { Choice } from './choice.tsx'
import { MailReader, type Readable } from './mail-reader.tsx'

/** Each language in its own letters. */
const NAMES: Record<Language, string> = {
  ja: '日本語',
  en: 'English',
  th: 'ไทย',
  'zh-TW': '繁體中文',
}

/** Every letter that the shop can send, in four languages, by day and by night. */
export function MailPage() {
  const [page, setPage] = useState(firstLanguage)
  const [language, setLanguage] = useState<Language>(page)
  const templates = useTemplates(language)
  const words = wordsOf(page)
  const other = page === 'ja' ? 'en' : 'ja'
  useEffect(() => {
    document.documentElement.lang = page
    document.title = words.mail.title
    localStorage.setItem(LANGUAGE_KEY, page)
  }, [page])
  return (
    <main class="mail-page">
      <header class="page-header">
        <NorenMark size={30} />
        <h1>{words.mail.templates}</h1>
        <Choice
          label={words.mail.language}
          options={LANGUAGES.map((each) => [each, NAMES[each], each] as const)}
          chosen={language}
          onChoose={setLanguage}
        />
        <a class="quiet-button" href="./">
          {words.mail.toDemo}
        </a>
        <button type="button" class="quiet-button" lang={other} onClick={() => setPage(other)}>
          {words.switchLanguage}
        </button>
      </header>
      <div class="card">
        <MailReader mails={templates} words={words} />
      </div>
    </main>
  )
}

function useTemplates(language: Language): Readable[] {
  const [templates, setTemplates] = useState<Readable[]>([])
  useEffect(() => {
    const leaving = new AbortController()
    fetch(`mail/templates/${language}`, { signal: leaving.signal })
      .then((response) => response.json())
      .then(setTemplates, () => {})
    return () => leaving.abort()
  }, [language])
  return templates
}
