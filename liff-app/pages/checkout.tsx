import type { Offer } from '../../shared/api.ts'
import { useInner } from '../app-context.ts'
import { Empty } from '../components/empty.tsx'
import { Go } from '../components/go.tsx'
import { OfferPicture } from '../components/offer-picture.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { PayBar } from '../components/pay-bar.tsx'
import { Price } from '../components/price.tsx'
import { ProblemNotice } from '../components/problem-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { Words } from '../components/words.tsx'
import { canBeBought, offerName } from '../offer-words.ts'
import { purchaseTerms } from '../purchase-terms.ts'
import type { Route } from '../route.ts'
import { useOffers } from '../use-offers.ts'

/** The hand-over: what will be bought, from whom and on which terms, before Stripe's page takes over. */
export function Checkout({ route }: { route: Route }) {
  const { texts } = useInner()
  const { answer, retry } = useOffers()
  const offer = answer.state === 'ready' ? answer.value.find(({ id }) => id === route.id) : null
  return (
    <>
      <PageHeading text={texts.checkout.heading} />
      {answer.state === 'waiting' && <Waiting />}
      {answer.state === 'failed' && <ProblemNotice error={answer.error} retry={retry} />}
      {answer.state === 'ready' && <Counter offer={offer ?? null} />}
    </>
  )
}

function Counter({ offer }: { offer: Offer | null }) {
  const { checkout, shell } = useInner().texts
  const back = (
    <Go to="/" class="button primary">
      {shell.backToShop}
    </Go>
  )
  if (!offer) {
    return (
      <Empty title={checkout.unknownTitle} text={checkout.unknownText}>
        {back}
      </Empty>
    )
  }
  if (!canBeBought(offer)) {
    const { soldOut } = offer
    return (
      <Empty
        title={soldOut ? checkout.soldOutTitle : checkout.inactiveTitle}
        text={soldOut ? checkout.soldOutText : checkout.inactiveText}
      >
        {back}
      </Empty>
    )
  }
  return (
    <>
      <Wares offer={offer} />
      <Terms offer={offer} />
      <section class="steps">
        <h2>{checkout.howHeading}</h2>
        <ol>
          <li>{checkout.howStripe}</li>
          <li>{checkout.howReceipt}</li>
        </ol>
      </section>
      <PayBar offer={offer} />
    </>
  )
}

function Wares({ offer }: { offer: Offer }) {
  const { language } = useInner()
  const name = offerName(offer, language)
  return (
    <section class="card wares">
      <OfferPicture image={offer.image} name={name} eager />
      <div>
        <h2 dir="auto">{name}</h2>
        <Price offer={offer} />
      </div>
    </section>
  )
}

function Terms({ offer }: { offer: Offer }) {
  const { boot, texts, language } = useInner()
  const terms = purchaseTerms(offer, boot.shop, { texts, language, now: new Date() })
  return (
    <section aria-labelledby="terms">
      <h2 id="terms">{texts.checkout.termsHeading}</h2>
      <dl class="terms card">
        {terms.map(({ name, says }) => (
          <div key={name}>
            <dt>{texts.checkout[name]}</dt>
            <dd>
              {says.map((text, place) => (
                <p key={place} class={name === 'total' && place === 0 ? 'term strong' : 'term'}>
                  <Words text={text} />
                </p>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <p>
        <Go to="/legal">{texts.checkout.legalLink}</Go>
      </p>
    </section>
  )
}
