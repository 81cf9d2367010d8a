import type Stripe from 'stripe'
import type { PortalSpec } from '../ports.ts'

type Configuration = Stripe.BillingPortal.Configuration
type Features = Stripe.BillingPortal.ConfigurationCreateParams.Features

/** How ours are found again: https://docs.stripe.com/api/customer_portal/configurations has no names to search by. */
const OURS = 'noren_view'
/** Stripe leaves the plans out of a list unless they are asked for. */
const PLANS = 'data.features.subscription_update.products'

/** All that carry our mark, switched off or not, newest first as Stripe lists them. */
export async function listPortalConfigurations(
  stripe: Stripe,
): Promise<{ id: string; view: string; active: boolean; spec: PortalSpec }[]> {
  const all = await stripe.billingPortal.configurations
    .list({ limit: 100, expand: [PLANS] })
    .autoPagingToArray({ limit: 1_000 })
  return all.flatMap((each) => {
    const view = each.metadata?.[OURS]
    return view ? [{ id: each.id, view, active: each.active, spec: readSpec(view, each) }] : []
  })
}

/** Makes one (the same `key` makes no second), or brings an older one to the spec. Returns its id. */
export async function writePortalConfiguration(
  stripe: Stripe,
  spec: PortalSpec,
  place: { id: string } | { key: string },
): Promise<string> {
  const params = {
    name: `Noren: ${spec.view}`,
    metadata: { [OURS]: spec.view },
    business_profile: { headline: spec.headline ?? '' },
    default_return_url: spec.returnUrl,
  }
  const features = featuresOf(spec)
  const written =
    'id' in place
      ? await stripe.billingPortal.configurations.update(place.id, {
          ...params,
          active: true,
          // Left out where it is not wanted, a pause that somebody has switched on would stay.
          features: { subscription_pause: { enabled: false }, ...features },
        })
      : await stripe.billingPortal.configurations.create(
          { ...params, features },
          { idempotencyKey: place.key },
        )
  return written.id
}

/**
 * A change of plan is charged or credited at once, since the role changes at once, and a free trial goes
 * on. `subscription_pause` is only named where it is wanted: Stripe has it in its newer portal alone.
 */
function featuresOf({ details, card, invoices, cancel, pause, plans }: PortalSpec): Features {
  return {
    customer_update:
      details.length > 0 ? { enabled: true, allowed_updates: details } : { enabled: false },
    payment_method_update: { enabled: card },
    invoice_history: { enabled: invoices },
    subscription_cancel: cancel
      ? { enabled: true, mode: cancel === 'now' ? 'immediately' : 'at_period_end' }
      : { enabled: false },
    ...(pause ? { subscription_pause: { enabled: true, duration: durationOf(pause) } } : {}),
    subscription_update: plans
      ? {
          enabled: true,
          default_allowed_updates: ['price'],
          products: plans,
          proration_behavior: 'always_invoice',
          trial_update_behavior: 'continue_trial',
        }
      : { enabled: false },
  }
}

function durationOf(
  pause: number[] | 'open',
): Stripe.BillingPortal.ConfigurationCreateParams.Features.SubscriptionPause.Duration {
  if (pause === 'open') return { type: 'indefinite' }
  const months = pause.map((count) => ({ interval: 'month', interval_count: count }) as const)
  return { type: 'interval_options', interval_options: months }
}

/** What it says in our words; anything that we would not have written reads as something that we did not ask for. */
function readSpec(view: string, { features, business_profile, default_return_url }: Configuration) {
  const { customer_update: customer, subscription_cancel: cancel } = features
  const now = cancel.mode === 'immediately'
  return {
    view,
    headline: business_profile.headline || null,
    invoices: features.invoice_history.enabled,
    card: features.payment_method_update.enabled,
    details: customer.enabled ? (customer.allowed_updates as PortalSpec['details']) : [],
    cancel: cancel.enabled ? (now ? 'now' : 'period_end') : null,
    pause: readPause(features.subscription_pause),
    plans: readPlans(features.subscription_update),
    returnUrl: default_return_url ?? '',
  } satisfies PortalSpec
}

function readPause(
  pause: Stripe.BillingPortal.Configuration.Features.SubscriptionPause | undefined,
): PortalSpec['pause'] {
  if (!pause?.enabled) return null
  if (pause.duration.type === 'indefinite') return 'open'
  return pause.duration.interval_options.map(({ interval, interval_count: count }) =>
    interval === 'month' ? count : 0,
  )
}

function readPlans(
  update: Stripe.BillingPortal.Configuration.Features.SubscriptionUpdate,
): PortalSpec['plans'] {
  if (!update.enabled) return null
  const onlyPrices = update.default_allowed_updates.join() === 'price'
  return onlyPrices
    ? (update.products ?? []).map(({ product, prices }) => ({ product, prices }))
    : []
}
