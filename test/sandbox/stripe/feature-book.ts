import type Stripe from 'stripe'
import type { State } from './state.ts'

/** The feature with this key; made when the shop has none yet. */
export function featureNamed(
  state: State,
  lookupKey: string,
  name = lookupKey,
  metadata: Stripe.Metadata = {},
): Stripe.Entitlements.Feature {
  for (const feature of state.features.newestFirst()) {
    if (feature.lookup_key === lookupKey) return feature
  }
  return state.features.put({
    id: state.ids.id('feat_test_', 24),
    object: 'entitlements.feature',
    active: true,
    livemode: false,
    lookup_key: lookupKey,
    metadata,
    name,
  } satisfies Stripe.Entitlements.Feature)
}

/** From now on a product carries exactly these. Subscriptions that run hear of it with their next period. */
export function carryFeatures(
  state: State,
  product: string,
  features: readonly Stripe.Entitlements.Feature[],
): Stripe.ProductFeature[] {
  const before = state.productFeatures.get(product) ?? []
  const carried = features.map(
    (feature) =>
      before.find(({ entitlement_feature }) => entitlement_feature.id === feature.id) ??
      ({
        id: state.ids.id('prodft_', 14),
        object: 'product_feature',
        entitlement_feature: feature,
        livemode: feature.livemode,
      } satisfies Stripe.ProductFeature),
  )
  state.productFeatures.set(product, carried)
  return carried
}
