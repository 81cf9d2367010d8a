import type { Offer } from '../../shared/api.ts'
import { useApp } from '../app-context.ts'
import { offerAmount, offerRhythm } from '../offer-words.ts'
import { Words } from './words.tsx'

/** Price, rhythm and tax note; the free trial below, if there is one. */
export function Price({ offer }: { offer: Offer }) {
  const { boot, texts, language } = useApp()
  const amount = offerAmount(offer, language)
  if (amount === null) return <p class="price open">{texts.price.open}</p>
  return (
    <p class="price">
      <span class="amount">{amount}</span>
      <span class="rhythm">{offerRhythm(offer, texts)}</span>{' '}
      <small>
        <Words text={boot.shop.taxNote} />
      </small>
      {offer.trialDays > 0 && <span class="trial">{texts.price.trial(offer.trialDays)}</span>}
    </p>
  )
}
