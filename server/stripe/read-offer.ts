import type Stripe from 'stripe'
import type { Conditions, StripeOffer } from '../ports.ts'
import { idOf } from './id-of.ts'

/** One Payment Link as an offer: its name is its products' names, since a link has none of its own. */
export async function readOffer(stripe: Stripe, link: Stripe.PaymentLink): Promise<StripeOffer> {
  const { data: items } = await stripe.paymentLinks.listLineItems(link.id, {
    limit: 20,
    expand: ['data.price.product'],
  })
  const products = await Promise.all(items.map((item) => productOf(stripe, item.price)))
  const recurring = items.find((item) => item.price?.recurring)?.price?.recurring
  const limit = link.restrictions?.completed_sessions
  return {
    id: link.id,
    url: link.url,
    name: items
      .map((item, at) => timesOver(products[at]?.name ?? item.description ?? '', item.quantity))
      .filter(Boolean)
      .join(' + '),
    description: products.find((product) => product?.description)?.description ?? null,
    image: products.flatMap((product) => product?.images ?? [])[0] ?? null,
    amount: amountOf(items),
    currency: link.currency,
    interval: (recurring?.interval ?? null) as StripeOffer['interval'],
    intervalCount: recurring?.interval_count ?? 1,
    ...conditionsOf(link, items),
    active: link.active,
    soldOut: limit ? limit.count >= limit.limit : false,
    limited: limit != null,
  }
}

export function conditionsOf(
  link: Stripe.PaymentLink,
  items: readonly Stripe.LineItem[],
): Conditions {
  return {
    prices: items.flatMap(({ price, quantity }) => {
      const product = idOf(price?.product)
      return price && product ? [{ price: price.id, product, quantity: quantity ?? 1 }] : []
    }),
    trialDays: link.subscription_data?.trial_period_days ?? 0,
    shipping: (link.shipping_options ?? []).map(({ shipping_amount }) => shipping_amount),
  }
}

/** The price is that of all of them, so the name says how many they are. */
function timesOver(name: string, quantity: number | null): string {
  return name && quantity !== null && quantity > 1 ? `${name} ×\u00a0${quantity}` : name
}

/** Usually expanded in the same answer; where it is not, the picture is worth a question. */
async function productOf(
  stripe: Stripe,
  price: Stripe.Price | null,
): Promise<Stripe.Product | null> {
  const named = price?.product
  const product = typeof named === 'string' ? await stripe.products.retrieve(named) : named
  return product && !product.deleted ? product : null
}

/** null when the buyer names the amount (custom_unit_amount) or a price has no whole minor unit. */
function amountOf(items: Stripe.LineItem[]): number | null {
  const amounts = items.map((item) =>
    item.price?.unit_amount == null ? null : item.price.unit_amount * (item.quantity ?? 1),
  )
  if (amounts.length === 0 || amounts.includes(null)) return null
  return amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0)
}
