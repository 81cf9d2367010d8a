import type { Offer, RoleView } from '../../shared/api.ts'
import { useInner } from '../app-context.ts'
import { AlreadyMember } from '../components/already-member.tsx'
import { Benefits } from '../components/benefits.tsx'
import { Empty } from '../components/empty.tsx'
import { Go } from '../components/go.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Price } from '../components/price.tsx'
import { ProblemNotice } from '../components/problem-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { Words } from '../components/words.tsx'
import { subscribes } from '../membership-words.ts'
import { isPlan, offerDescription, offerName } from '../offer-words.ts'
import type { Route } from '../route.ts'
import { useKnownMembership } from '../use-known-membership.ts'
import { useOffers } from '../use-offers.ts'
import { Checkout } from './checkout.tsx'

/** The ways to become a member. Where there is only one, its terms stand here at once. */
export function Join({ route }: { route: Route }) {
  const { boot, texts } = useInner()
  const { answer, retry } = useOffers()
  const plans = answer.state === 'ready' ? answer.value.filter(isPlan) : []
  const [only, second] = plans
  if (only && !second) return <Checkout route={{ ...route, id: only.id }} />
  return (
    <>
      <PageHeading text={texts.join.heading} />
      {answer.state === 'waiting' && <Waiting />}
      {answer.state === 'failed' && <ProblemNotice error={answer.error} retry={retry} />}
      {answer.state === 'ready' && <Choice plans={plans} roles={boot.shop.roles} />}
    </>
  )
}

/** From the lowest rank up: most begin there. */
export function Choice({ plans, roles }: { plans: readonly Offer[]; roles: readonly RoleView[] }) {
  const { boot, texts } = useInner()
  const membership = useKnownMembership()
  if (plans.length === 0 && boot.shop.tables.length > 0) {
    return (
      <Empty title={texts.plans.heading} text={texts.plans.lead}>
        <Go to="/plans" class="button primary">
          {texts.plans.open}
        </Go>
      </Empty>
    )
  }
  if (plans.length === 0) {
    return (
      <Empty title={texts.join.noneTitle} text={texts.join.noneText}>
        <Go to="/" class="button primary">
          {texts.shell.backToShop}
        </Go>
      </Empty>
    )
  }
  const offered = roles
    .map((role) => ({ role, plans: plans.filter((plan) => plan.role === role.id) }))
    .filter(({ plans }) => plans.length > 0)
    .reverse()
  return (
    <>
      {membership && subscribes(membership) && <AlreadyMember />}
      <p class="lead">{texts.join.lead}</p>
      {offered.map(({ role, plans }) => (
        <section key={role.id} class="card role" aria-labelledby={`role-${role.id}`}>
          <h2 id={`role-${role.id}`}>
            <Words text={role.title} />
          </h2>
          <Benefits role={role} />
          <ul class="plans">
            {plans.map((plan) => (
              <PlanChoice key={plan.id} offer={plan} />
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

function PlanChoice({ offer }: { offer: Offer }) {
  const { texts, language } = useInner()
  const name = offerName(offer, language)
  const description = offerDescription(offer, language)
  return (
    <li class="plan-choice">
      <h3 dir="auto">{name}</h3>
      {description && (
        <p class="description" dir="auto">
          {description}
        </p>
      )}
      <Price offer={offer} />
      <Go
        to={`/join/${encodeURIComponent(offer.id)}`}
        class="button primary stretch"
        aria-label={`${texts.join.choose}: ${name}`}
      >
        {texts.join.choose}
      </Go>
    </li>
  )
}
