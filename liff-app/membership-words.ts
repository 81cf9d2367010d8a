import type { Membership, MembershipPlan, RoleView, ShopView } from '../shared/api.ts'
import { formatJapanDay, formatJapanDeadline } from '../shared/japan-time.ts'
import type { Language } from '../shared/language.ts'
import { formatMoney } from '../shared/money.ts'
import type { AllTexts } from './app-context.ts'

/** null: a guest, or a role that is no longer in shop.config.ts. */
export function roleOf(shop: ShopView, id: string | null): RoleView | null {
  return shop.roles.find((role) => role.id === id) ?? null
}

/** Whoever subscribes already changes the plan at Stripe instead of paying for a second one. */
export function subscribes({ plans }: Membership): boolean {
  return plans.some(({ kind, state }) => kind === 'subscription' && state !== 'ended')
}

/** Something could not be charged, so a new card comes before everything else. */
export function owes({ plans }: Membership): boolean {
  return plans.some(({ state }) => state === 'past_due' || state === 'lapsed')
}

/** "¥1,280/月", or where it came from when nothing is paid again. */
export function planPrice(plan: MembershipPlan, texts: AllTexts, language: Language): string {
  if (plan.kind === 'gift') return texts.membership.gift
  const { amount, currency, interval } = plan
  const price = amount === null || currency === null ? '' : formatMoney(amount, currency, language)
  if (interval && price) return price + texts.price.per[interval](plan.intervalCount)
  return price || (plan.kind === 'purchase' ? texts.membership.once : '')
}

/** Where the plan stands, in one sentence or two. */
export function planSentences(
  plan: MembershipPlan,
  { planText }: AllTexts,
  language: Language,
): string[] {
  const day = plan.at === null ? null : formatJapanDay(new Date(plan.at), language)
  const due =
    plan.due === null || plan.currency === null
      ? planText.dueOpen
      : planText.due(formatMoney(plan.due, plan.currency, language))
  switch (plan.state) {
    case 'active':
      return [day ? planText.active(day) : planText.activeOpen]
    case 'trial':
      return [day ? planText.trial(day) : planText.trialOpen]
    case 'leaving':
      return [day ? planText.leaving(day) : planText.leavingOpen]
    case 'paused':
      return [day ? planText.paused(day) : planText.pausedOpen]
    case 'past_due':
      return [
        due,
        plan.at ? planText.past_due(formatJapanDeadline(plan.at, language)) : planText.past_dueOpen,
      ]
    case 'lapsed':
      return plan.due === null ? [planText.lapsed] : [due, planText.lapsed]
    case 'disputed':
      return [planText.disputed]
    case 'ended':
      return [day ? planText.ended(day) : planText.endedOpen]
    case 'unending':
      return [planText.unending]
    case 'until':
      return [day ? planText.until(day) : planText.activeOpen]
  }
}
