import type { MembershipPlan } from '../../shared/api.ts'
import { useInner } from '../app-context.ts'
import { planPrice, planSentences } from '../membership-words.ts'
import { Words } from './words.tsx'

/** What somebody is a member by, each with where it stands. */
export function PlanList({ plans }: { plans: readonly MembershipPlan[] }) {
  const { texts } = useInner()
  if (plans.length === 0) return null
  return (
    <section aria-labelledby="plans">
      <h2 id="plans">{texts.membership.plans}</h2>
      <ul class="slips">
        {plans.map((plan) => (
          <PlanSlip key={plan.id} plan={plan} />
        ))}
      </ul>
    </section>
  )
}

function PlanSlip({ plan }: { plan: MembershipPlan }) {
  const { texts, language } = useInner()
  return (
    <li class="card slip plan" data-state={plan.state}>
      <p class="slip-top">
        <span>{planPrice(plan, texts, language)}</span>
        <span class="badge" data-state={plan.state}>
          {texts.planState[plan.state]}
        </span>
      </p>
      <h3 dir="auto">
        <Words text={plan.name} />
      </h3>
      {planSentences(plan, texts, language).map((sentence) => (
        <p key={sentence} class="plan-text">
          {sentence}
        </p>
      ))}
    </li>
  )
}
