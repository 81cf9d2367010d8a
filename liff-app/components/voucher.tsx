import type { Konbini } from '../../shared/api.ts'
import { formatJapanDeadline } from '../../shared/japan-time.ts'
import { useInner } from '../app-context.ts'
import { CopyCode } from './copy-code.tsx'

/** What the buyer reads out at the till, large, with the deadline above everything. */
export function Voucher({ konbini }: { konbini: Konbini }) {
  const { texts, language } = useInner()
  const words = texts.konbini
  return (
    <section class="card voucher" aria-labelledby="voucher">
      <h2 id="voucher">{words.heading}</h2>
      <p class="deadline">
        <span>{words.deadline}</span>
        <strong>
          <time dateTime={konbini.expiresAt}>
            {formatJapanDeadline(konbini.expiresAt, language)}
          </time>
        </strong>
        <span class="deadline-note">{words.deadlineNote}</span>
      </p>
      {konbini.stores.length > 0 && <p>{words.choose}</p>}
      {konbini.stores.map((each) => (
        <div key={each.store} class="store">
          <h3>{words.stores[each.store]}</h3>
          <CopyCode name={words.code} value={each.paymentCode} />
          {each.confirmationNumber && (
            <CopyCode name={words.confirmation} value={each.confirmationNumber} />
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
