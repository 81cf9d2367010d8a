import { useApp } from '../app-context.ts'
import { Empty } from '../components/empty.tsx'
import { OfferCard } from '../components/offer-card.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { ProblemNotice } from '../components/problem-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { preloadCheckout } from '../lazy-page.tsx'
import { useOffers } from '../use-offers.ts'

/** Pictures that are in sight at once on a phone; the others wait until they come near. */
const IN_SIGHT = 2

/** The shelf. Needs no login, and with the server's offers in the page no request either. */
export function Shop() {
  const { texts } = useApp()
  const { answer, retry } = useOffers()
  return (
    <>
      <PageHeading text={texts.shop.heading} title={null} />
      {answer.state === 'waiting' && <Waiting />}
      {answer.state === 'failed' && <ProblemNotice error={answer.error} retry={retry} />}
      {answer.state === 'ready' && answer.value.length === 0 && (
        <Empty title={texts.shop.emptyTitle} text={texts.shop.emptyText}>
          <button type="button" class="button primary" onClick={retry}>
            {texts.shop.refresh}
          </button>
        </Empty>
      )}
      {answer.state === 'ready' && answer.value.length > 0 && (
        <ul class="shelf" onPointerDown={preloadCheckout} onFocusCapture={preloadCheckout}>
          {answer.value.map((offer, place) => (
            <OfferCard key={offer.id} offer={offer} eager={place < IN_SIGHT} />
          ))}
        </ul>
      )}
    </>
  )
}
