import { useEffect, useRef } from 'preact/hooks'
import type { DemoMail } from '../../state.ts'
import { Icon } from '../icons.tsx'
import type { Words } from '../words.ts'
import { MailReader } from './mail-reader.tsx'

type MailBoxProps = { mails: DemoMail[]; words: Words; onClose: () => void }

/** Over the page: what went out by mail so far, newest first, each of them to be opened. */
export function MailBox({ mails, words, onClose }: MailBoxProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="mail-box card" aria-label={words.mail.sent} onClose={onClose}>
      <header class="card-header">
        <h2>{words.mail.sent}</h2>
        <a class="quiet-button" href="mail">
          {words.mail.toTemplates}
        </a>
        <button type="button" class="icon-button" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
          <span class="unseen">{words.mail.close}</span>
        </button>
      </header>
      <Sent mails={mails} words={words} />
    </dialog>
  )
}

export function Sent({ mails, words }: { mails: DemoMail[]; words: Words }) {
  if (mails.length === 0) return <p class="mail-none">{words.mail.none}</p>
  const shown = mails.map(({ path, subject, to, at }) => ({
    path,
    title: subject,
    note: `${new Date(at).toTimeString().slice(0, 8)}　${words.mail.to(to.join(', '))}`,
  }))
  return <MailReader mails={shown} words={words} />
}
