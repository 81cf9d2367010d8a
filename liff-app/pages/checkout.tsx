import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Offer, RoleView } from '../../shared/api.ts'
import { useInner } from '../app-context.ts'
import { Benefits } from '../components/benefits.tsx'
import { Empty } from '../components/empty.tsx'
import { Go } from '../components/go.tsx'
import { JoinBar } from '../components/join-bar.tsx'
import { OfferPicture } from '../components/offer-picture.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { PayBar } from '../components/pay-bar.tsx'
import { Price } from '../components/price.tsx'
import { ProblemNotice } from '../components/problem-notice.tsx'
import { Terms } from '../components/terms.tsx'
import { Waiting } from '../components/waiting.tsx'
import { Words } from '../components/words.tsx'
import { roleOf } from '../membership-words.ts'
import { canBeBought, isPlan, offerName } from '../offer-words.ts'
import type { Route } from '../route.ts'
import { useMembership } from '../use-membership.ts'
import { useOffers } from '../use-offers.ts'

/**
 * The hand-over: what will be bought, from whom and on which terms, before Stripe's page takes over. What
 * makes a member is handed over here too, whether it was found on the shelf or among the plans.
 */
export function Checkout({ route }: { route: Route }) {
  const { texts } = useInner()
  const { answer, retry } = useOffers()
  const [renewed, setRenewed] = useState(false)
  const offer = answer.state === 'ready' ? answer.value.find(({ id }) => id === route.id) : null
  const renew = () => {
    setRenewed(true)
    retry()
    window.scrollTo(0, 0)
  }
  return (
    <>
      <PageHeading text={texts.checkout.heading} />
      {renewed && (
        <p class="notice changed" role="alert">
          {texts.join.changed}
        </p>
      )}
      {answer.state === 'waiting' && <Waiting />}
      {answer.state === 'failed' && <ProblemNotice error={answer.error} retry={retry} />}
      {answer.state === 'ready' && (
        <Counter
          offer={offer ?? null}
          renew={renew}
          choice={answer.value.filter(isPlan).length > 1}
        />
      )}
    </>
  )
}

type CounterProps = { offer: Offer | null; renew: () => void; choice: boolean }

function Counter({ offer, renew, choice }: CounterProps) {
  if (!offer || !canBeBought(offer)) return <NotToBeHad offer={offer} />
  if (offer.role || offer.interval) return <PlanCounter {...{ offer, renew, choice }} />
  return (
    <HandOver offer={offer} choice={choice}>
      <PayBar key={keyOf(offer)} offer={offer} renew={renew} />
    </HandOver>
  )
}

function PlanCounter({ offer: listed, renew, choice }: CounterProps & { offer: Offer }) {
  const membership = useMembership()
  const { answer, refresh } = membership
  // Who has had their trial must not read of another one before they pay.
  const hadTrial = answer.state === 'ready' && answer.value.trialUsed
  const offer = hadTrial ? { ...listed, trialDays: 0 } : listed
  // What has changed may be the offer, or what is known of who buys it.
  const renewBoth = () => {
    refresh()
    renew()
  }
  return (
    <HandOver offer={offer} choice={choice}>
      <JoinBar key={keyOf(offer)} {...{ offer, membership }} renew={renewBoth} />
    </HandOver>
  )
}

/** On other terms it is another deal: nothing of the old one's address may stay. */
const keyOf = ({ id, terms }: Offer) => `${id} ${terms}`

type HandOverProps = { offer: Offer; choice: boolean; children: ComponentChildren }

function HandOver({ offer, choice, children }: HandOverProps) {
  const { boot, texts } = useInner()
  const { checkout } = texts
  const role = roleOf(boot.shop, offer.role)
  return (
    <>
      <Wares offer={offer} role={role} />
      {role && choice && (
        <p>
          <Go to="/join" class="sideways">
            {texts.join.more}
          </Go>
        </p>
      )}
      <Terms offer={offer} />
      <section class="steps">
        <h2>{checkout.howHeading}</h2>
        <ol>
          <li>{checkout.howStripe}</li>
          <li>{role ? texts.join.howWelcome : checkout.howReceipt}</li>
        </ol>
      </section>
      {children}
    </>
  )
}

function NotToBeHad({ offer }: { offer: Offer | null }) {
  const { checkout, shell } = useInner().texts
  const [title, text] = !offer
    ? [checkout.unknownTitle, checkout.unknownText]
    : offer.soldOut
      ? [checkout.soldOutTitle, checkout.soldOutText]
      : [checkout.inactiveTitle, checkout.inactiveText]
  return (
    <Empty title={title} text={text}>
      <Go to="/" class="button primary">
        {shell.backToShop}
      </Go>
    </Empty>
  )
}

function Wares({ offer, role }: { offer: Offer; role: RoleView | null }) {
  const { language } = useInner()
  const name = offerName(offer, language)
  return (
    <section class="card wares">
      <OfferPicture image={offer.image} name={name} eager />
      <div>
        {role && (
          <p class="wares-role">
            <Words text={role.title} />
          </p>
        )}
        <h2 dir="auto">{name}</h2>
        <Price offer={offer} />
      </div>
      {role && <Benefits role={role} />}
    </section>
  )
}
