import { useState } from 'preact/hooks'
import type { Words } from '../words.ts'
import { Choice } from './choice.tsx'

/** A mail on the list; `path` is where its HTML and its text are, below /__demo/. */
export type Readable = { path: string; title: string; note: string }

/** The list of mails, and beside it the one that is open, as a mailbox would show it. */
export function MailReader({ mails, words }: { mails: Readable[]; words: Words }) {
  const { mail } = words
  const [chosen, setChosen] = useState('')
  const [light, setLight] = useState<'day' | 'night'>('day')
  const [part, setPart] = useState<'html' | 'plain'>('html')
  const [width, setWidth] = useState<'phone' | 'desk'>('phone')
  // The same letter stays open when another language brings other titles: it has the same note.
  const open = mails.find(({ note }) => note === chosen) ?? mails[0]
  if (!open) return null
  const look = `light=${light}&part=${part}`
  return (
    <div class="mail-reader">
      <nav class="mail-list" aria-label={mail.heading}>
        {mails.map(({ path, title, note }) => (
          <button
            key={path}
            type="button"
            aria-current={note === open.note}
            onClick={() => setChosen(note)}
          >
            <strong>{title}</strong>
            <span>{note}</span>
          </button>
        ))}
      </nav>
      <section class="mail-open" aria-label={open.title}>
        <header>
          <h2>{open.title}</h2>
          <div class="mail-looks">
            <Choice
              label={mail.light}
              options={[
                ['day', mail.day],
                ['night', mail.night],
              ]}
              chosen={light}
              onChoose={setLight}
            />
            <Choice
              label={mail.part}
              options={[
                ['html', mail.html],
                ['plain', mail.plain],
              ]}
              chosen={part}
              onChoose={setPart}
            />
            <Choice
              label={mail.width}
              options={[
                ['phone', mail.phone],
                ['desk', mail.desk],
              ]}
              chosen={width}
              onChoose={setWidth}
            />
          </div>
        </header>
        <div class={`mail-table mail-${light}`}>
          <iframe
            class={`mail-${width}`}
            title={open.title}
            src={`${open.path}?${look}`}
            sandbox="allow-popups allow-popups-to-escape-sandbox"
          />
        </div>
      </section>
    </div>
  )
}
