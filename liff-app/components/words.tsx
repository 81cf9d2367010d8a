import type { Localized } from '../../shared/language.ts'
import { localized } from '../../shared/language.ts'
import { useApp } from '../app-context.ts'

/** The shopkeeper's own text. Where only Japanese was written, screen readers are told that it is. */
export function Words({ text }: { text: Localized }) {
  const { language } = useApp()
  const inJapanese = typeof text !== 'string' && language !== 'ja' && !text[language]
  return <span lang={inJapanese ? 'ja' : undefined}>{localized(text, language)}</span>
}
