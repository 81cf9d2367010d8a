import { LANGUAGES, type Language } from '../../shared/language.ts'
import { useApp } from '../app-context.ts'

/** Each language in its own words, so that whoever needs it can find it. */
const OWN_NAMES: Record<Language, string> = {
  ja: '日本語',
  en: 'English',
  th: 'ไทย',
  'zh-TW': '繁體中文',
}

export function LanguageChoice() {
  const { language, texts, chooseLanguage } = useApp()
  return (
    <label class="language-choice">
      <span>{texts.shell.language}</span>
      <select
        value={language}
        onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}
      >
        {LANGUAGES.map((each) => (
          <option key={each} value={each} lang={each}>
            {OWN_NAMES[each]}
          </option>
        ))}
      </select>
    </label>
  )
}
