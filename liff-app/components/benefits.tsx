import type { RoleView } from '../../shared/api.ts'
import { localized } from '../../shared/language.ts'
import { useInner } from '../app-context.ts'

/** What a member gets, as the shop wrote it: one line each, ticked. */
export function Benefits({ role }: { role: RoleView }) {
  const { texts, language } = useInner()
  const { benefits } = role
  if (!benefits) return null
  const inJapanese = typeof benefits !== 'string' && language !== 'ja' && !benefits[language]
  const lines = localized(benefits, language).split('\n')
  return (
    <ul class="benefits" aria-label={texts.join.benefits} lang={inJapanese ? 'ja' : undefined}>
      {lines
        .map((line) => line.replace(/^[・•*-]\s*/, '').trim())
        .filter(Boolean)
        .map((line) => (
          <li key={line} class="benefit">
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="M4 10.5l4 4 8-9" />
            </svg>
            {line}
          </li>
        ))}
    </ul>
  )
}
