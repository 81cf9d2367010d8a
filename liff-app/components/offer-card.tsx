import type { Offer } from '../../shared/api.ts'
import { useApp } from '../app-context.ts'
import { canBeBought, offerDescription, offerName } from '../offer-words.ts'
import { Go } from './go.tsx'
import { OfferPicture } from './offer-picture.tsx'
import { Price } from './price.tsx'

/** One offer on the shelf. The whole card can be tapped; the link inside it is what keyboards reach. */
export function OfferCard({ offer, eager }: { offer: Offer; eager: boolean }) {
  const { texts, language } = useApp()
  const name = offerName(offer, language)
  const description = offerDescription(offer, language)
  const buyable = canBeBought(offer)
  const act = offer.interval ? texts.shop.subscribe : texts.shop.buy
  return (
    <li class={buyable ? 'card offer' : 'card offer resting'}>
      <OfferPicture image={offer.image} name={name} eager={eager} />
      <div class="offer-words">
        <h2 class="offer-name" dir="auto">
          {name}
        </h2>
        {description && (
          <p class="description" dir="auto">
            {description}
          </p>
        )}
        <Price offer={offer} />
        {buyable ? (
          <Go
            to={`/checkout/${encodeURIComponent(offer.id)}`}
            class="button primary stretch"
            aria-label={`${act}: ${name}`}
          >
            {act}
          </Go>
        ) : (
          <p class="resting-note">{offer.soldOut ? texts.shop.soldOut : texts.shop.inactive}</p>
        )}
      </div>
    </li>
  )
}
