import type Stripe from 'stripe'
import { emit } from './emit-event.ts'
import { must, type State } from './state.ts'

/** In these states a subscription grants its features. */
const GRANTING: ReadonlySet<string> = new Set(['active', 'trialing', 'past_due'])
/** A summary names no more than so many; the list knows them all. */
const MOST_IN_SUMMARY = 10

/** The features that its products carry now. */
export function featuresOf(state: State, subscription: Stripe.Subscription): string[] {
  return subscription.items.data.flatMap(({ price }) =>
    (state.productFeatures.get(String(price.product)) ?? []).map(
      ({ entitlement_feature }) => entitlement_feature.id,
    ),
  )
}

/** What the customer may use now; a feature that several subscriptions grant counts once. */
export function entitlementsOf(
  state: State,
  customer: string,
): Stripe.Entitlements.ActiveEntitlement[] {
  const before = state.entitled.get(customer) ?? []
  const granted = new Set<string>()
  for (const subscription of state.subscriptions.newestFirst({ group: customer })) {
    if (!GRANTING.has(subscription.status)) continue
    for (const id of state.subscriptionNotes.get(subscription.id)?.features ?? []) granted.add(id)
  }
  return [...granted].map((id) => {
    const feature = must(state.features, id)
    return before.find((one) => one.feature === id) ?? buildEntitlement(state, feature)
  })
}

/** Tells that somebody is entitled to more or less than they were last told; nothing when it is the same. */
export function tellEntitlements(state: State, customer: string): void {
  const before = state.entitled.get(customer) ?? []
  const now = entitlementsOf(state, customer)
  const keys = (list: typeof now) =>
    list
      .map(({ lookup_key }) => lookup_key)
      .sort()
      .join()
  if (keys(before) === keys(now)) return
  state.entitled.set(customer, now)
  const summary = {
    object: 'entitlements.active_entitlement_summary',
    customer,
    entitlements: firstOf(customer, now),
    livemode: false,
  } satisfies Stripe.Entitlements.ActiveEntitlementSummary
  emit(state, 'entitlements.active_entitlement_summary.updated', summary, {
    previous: { entitlements: firstOf(customer, before) },
  })
}

function firstOf(customer: string, list: Stripe.Entitlements.ActiveEntitlement[]) {
  return {
    object: 'list' as const,
    data: list.slice(0, MOST_IN_SUMMARY),
    has_more: list.length > MOST_IN_SUMMARY,
    url: `/v1/customer/${customer}/entitlements`,
  }
}

function buildEntitlement(
  state: State,
  feature: Stripe.Entitlements.Feature,
): Stripe.Entitlements.ActiveEntitlement {
  return {
    id: state.ids.id('ent_test_', 24),
    object: 'entitlements.active_entitlement',
    feature: feature.id,
    livemode: feature.livemode,
    lookup_key: feature.lookup_key,
  } satisfies Stripe.Entitlements.ActiveEntitlement
}
