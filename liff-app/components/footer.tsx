import { localized } from '../../shared/language.ts'
import { useApp } from '../app-context.ts'
import { Go } from './go.tsx'
import { LanguageChoice } from './language-choice.tsx'

export function Footer() {
  const { boot, texts, language } = useApp()
  return (
    <footer>
      <LanguageChoice />
      <Go to="/legal">{texts.shell.legal}</Go>
      <p class="sign-off">{localized(boot.shop.name, language)}</p>
    </footer>
  )
}
