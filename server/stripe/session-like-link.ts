import type Stripe from 'stripe'
import { idOf } from './id-of.ts'

type Params = Stripe.Checkout.SessionCreateParams
type Link = Stripe.PaymentLink

/**
 * The parts of a session that come from its link, so that a member meets the same page as everybody
 * else: what is sold, what is asked for, what is said. Connect's parts are left out, since Noren sells
 * for one account. `trial` false: without the link's free days.
 */
export function sessionLike(
  link: Link,
  items: readonly Stripe.LineItem[],
  rules: { trial: boolean },
): Params {
  const subscribes = items.some((item) => item.price?.recurring)
  return {
    line_items: items.map(lineItem),
    optional_items: filled(link.optional_items),
    allow_promotion_codes: link.allow_promotion_codes || undefined,
    // Sessions take no `payment_method_types` any more; this filter says the same.
    allowed_payment_method_types: filled(link.payment_method_types),
    payment_method_options: given(link.payment_method_options),
    submit_type: link.submit_type,
    ...asksFor(link),
    ...(subscribes ? subscribing(link, rules.trial) : buyingOnce(link)),
  }
}

function lineItem({ price, quantity, adjustable_quantity: adjustable }: Stripe.LineItem) {
  return {
    price: price?.id,
    quantity: quantity ?? 1,
    adjustable_quantity: adjustable?.enabled ? given(adjustable) : undefined,
  } satisfies Stripe.Checkout.SessionCreateParams.LineItem
}

function asksFor(link: Link): Params {
  const countries = link.shipping_address_collection?.allowed_countries
  return {
    automatic_tax: link.automatic_tax.enabled ? { enabled: true } : undefined,
    billing_address_collection: link.billing_address_collection,
    consent_collection: consent(link.consent_collection),
    custom_fields: filled(
      link.custom_fields.map((field) => ({
        ...field,
        label: { type: 'custom' as const, custom: field.label.custom ?? field.key },
      })),
    ),
    custom_text: given(link.custom_text),
    name_collection: given(link.name_collection),
    phone_number_collection: link.phone_number_collection.enabled ? { enabled: true } : undefined,
    shipping_address_collection: countries && { allowed_countries: countries },
    shipping_options: filled(
      link.shipping_options?.map(({ shipping_rate }) => ({
        shipping_rate: idOf(shipping_rate) ?? undefined,
      })),
    ),
    tax_id_collection: link.tax_id_collection.enabled ? link.tax_id_collection : undefined,
  }
}

/** Links say `none` for what they do not ask; some of it Stripe does not take from every country at all. */
function consent(asked: Link['consent_collection']): Params['consent_collection'] {
  if (!asked) return undefined
  const { terms_of_service: terms, promotions } = asked
  return {
    terms_of_service: terms === 'none' ? undefined : (terms ?? undefined),
    promotions: promotions === 'none' ? undefined : (promotions ?? undefined),
    payment_method_reuse_agreement: given(asked.payment_method_reuse_agreement),
  }
}

function subscribing(link: Link, trial: boolean): Params {
  const data = link.subscription_data
  const days = trial ? data?.trial_period_days : null
  return {
    mode: 'subscription',
    payment_method_collection: link.payment_method_collection,
    subscription_data: data
      ? {
          description: data.description ?? undefined,
          metadata: data.metadata,
          // How a trial ends is refused where there is none.
          ...(days ? { trial_period_days: days, trial_settings: given(data.trial_settings) } : {}),
        }
      : undefined,
  }
}

function buyingOnce(link: Link): Params {
  return {
    mode: 'payment',
    payment_intent_data: given(link.payment_intent_data),
    invoice_creation: link.invoice_creation?.enabled ? { enabled: true } : undefined,
  }
}

/** A list that has something in it, as a parameter; undefined for one that has not. */
function filled<T>(list: T[] | null | undefined): Given<T[]> | undefined {
  return list && list.length > 0 ? given(list) : undefined
}

/** Strings first: Stripe's own are also objects to the compiler. */
type Given<T> = T extends string
  ? T
  : T extends (infer Each)[]
    ? Given<Each>[]
    : T extends object
      ? { [Key in keyof T]: Given<Exclude<T[Key], null>> | OrNothing<T[Key]> }
      : T
type OrNothing<T> = null extends T ? undefined : never

/** What Stripe answers with null it wants left out when it is asked. */
function given<T>(answer: T): Given<Exclude<T, null>> | undefined {
  return stripped(answer) as Given<Exclude<T, null>> | undefined
}

function stripped(value: unknown): unknown {
  if (value === null) return undefined
  if (Array.isArray(value)) return value.map(stripped)
  if (typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, stripped(each)]))
}
