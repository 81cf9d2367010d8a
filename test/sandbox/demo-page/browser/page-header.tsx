import type { ComponentChildren } from 'preact'
import { Curtain, Icon, NorenMark } from './icons.tsx'
import type { PageLanguage, Words } from './words.ts'

type PageHeaderProps = {
  words: Words
  language: PageLanguage
  onLanguage: (language: PageLanguage) => void
  mails: number
  onMail: () => void
  /** What stands beside its buttons */
  children?: ComponentChildren
}

export function PageHeader(props: PageHeaderProps) {
  const { words, language, onLanguage, mails, onMail } = props
  const other = language === 'ja' ? 'en' : 'ja'
  return (
    <header class="page-header">
      <NorenMark size={30} />
      <h1>Noren</h1>
      <p>
        {words.tagline}
        <span>{words.sandbox}</span>
      </p>
      {props.children}
      <button type="button" class="quiet-button mail-button" onClick={onMail}>
        <Icon name="mail" size={16} />
        <span class="mail-words">{words.mail.open(mails)}</span>
      </button>
      <button type="button" class="quiet-button" lang={other} onClick={() => onLanguage(other)}>
        {words.switchLanguage}
      </button>
    </header>
  )
}

/** Until the first state has come; when the server does not answer, says what to look at. */
export function Waiting({ words, silent }: { words: Words; silent: boolean }) {
  return (
    <main class="waiting">
      <Curtain />
      <p role="status">{silent ? words.disconnected : words.connecting}</p>
    </main>
  )
}
