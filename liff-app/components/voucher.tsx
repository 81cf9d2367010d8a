import { useState } from 'preact/hooks'
import type { Konbini } from '../../shared/api.ts'
import { useApp } from '../app-context.ts'
import { japanTime } from '../japan-time.ts'

/** What the buyer reads out at the till, large, with the deadline above everything. */
export function Voucher({ konbini }: { konbini: Konbini }) {
  const { texts, language } = useApp()
  const words = texts.konbini
  return (
    <section class="card voucher" aria-labelledby="voucher">
      <h2 id="voucher">{words.heading}</h2>
      <p class="deadline">
        <span>{words.deadline}</span>
        <strong>
          <time dateTime={konbini.expiresAt}>
            {japanTime(konbini.expiresAt, language, 'minute')}
          </time>{' '}
          <small>{texts.order.japanTime}</small>
        </strong>
        <span class="deadline-note">{words.deadlineNote}</span>
      </p>
      {konbini.stores.length > 0 && <p>{words.choose}</p>}
      {konbini.stores.map((each) => (
        <div key={each.store} class="store">
          <h3>{words.stores[each.store]}</h3>
          <Code name={words.code} value={each.paymentCode} />
          {each.confirmationNumber && (
            <Code name={words.confirmation} value={each.confirmationNumber} />
          )}
        </div>
      ))}
      {konbini.voucherUrl && (
        <a class="button wide" href={konbini.voucherUrl} target="_blank" rel="noreferrer">
          {words.voucher}
        </a>
      )}
    </section>
  )
}

function Code({ name, value }: { name: string; value: string }) {
  const { konbini } = useApp().texts
  const [copied, setCopied] = useState(false)
  const copy = () => {
    // Where the clipboard is out of reach, the number itself selects as a whole when it is held.
    navigator.clipboard?.writeText(value).then(
      () => setCopied(true),
      () => {},
    )
  }
  return (
    <div class="code">
      <p>
        <span>{name}</span>
        <output class="digits">{value}</output>
      </p>
      <button type="button" class="button small" onClick={copy}>
        <span aria-live="polite">{copied ? konbini.copied : konbini.copy}</span>
        <span class="unseen">: {name}</span>
      </button>
    </div>
  )
}
