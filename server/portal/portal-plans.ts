import type { PortalSpec, StripeOffer } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'

/** Stripe takes no more into one portal configuration. */
const MOST_PRODUCTS = 10

/**
 * What a member may change to: offers on the shelf that sell one subscription, and give a role by it.
 * Never one of which only so many may be sold, since Stripe counts them on the link's own page alone.
 * Of one product Stripe takes a single price for each interval: the one that stands first in the shop.
 * null: nothing to choose among.
 */
export function plansOf(shop: ShopConfig, offers: readonly StripeOffer[]): PortalSpec['plans'] {
  const gives = whatGivesRoles(shop)
  const places = new Map(
    (shop.offers ?? []).flatMap(({ link }, place) => [link].flat().map((id) => [id, place])),
  )
  const placeOf = ({ id }: StripeOffer) => places.get(id) ?? places.size
  const plans = new Map<string, Map<string, string>>()
  for (const offer of offers.toSorted((a, b) => placeOf(a) - placeOf(b))) {
    const plan = planOf(shop, offer)
    if (!plan || !(gives.has(plan.product) || gives.has(plan.price))) continue
    const prices = plans.get(plan.product) ?? new Map<string, string>()
    if (prices.size === 0 && plans.size === MOST_PRODUCTS) continue
    if (!prices.has(plan.interval)) prices.set(plan.interval, plan.price)
    plans.set(plan.product, prices)
  }
  const all = [...plans].map(([product, prices]) => ({ product, prices: [...prices.values()] }))
  return all.flatMap(({ prices }) => prices).length > 1 ? all : null
}

/** Products and prices that make somebody something by being subscribed to. */
export function whatGivesRoles(shop: ShopConfig): Set<string> {
  const grants = (shop.roles ?? []).flatMap((role) => role.grants ?? [])
  return new Set(
    grants.flatMap((grant) => {
      if ('product' in grant) return grant.product
      return 'price' in grant ? grant.price : []
    }),
  )
}

/** null: bought once, a set of several things (which the portal cannot change), or not to be had. */
function planOf(
  shop: ShopConfig,
  offer: StripeOffer,
): { product: string; price: string; interval: string } | null {
  const display = shop.offers?.find(({ link }) => [link].flat().includes(offer.id))
  const [sold, ...more] = offer.prices ?? []
  if (!offer.active || offer.soldOut || offer.limited || display?.soldOut) return null
  if (!offer.interval || !sold || more.length > 0 || sold.quantity !== 1) return null
  const interval = `${offer.intervalCount} ${offer.interval}`
  return { product: sold.product, price: sold.price, interval }
}
