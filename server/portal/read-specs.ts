import type { Clock, PortalSpec, Store, StripeGateway } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { keptOffers } from './portal.store.ts'
import { plansOf, whatGivesRoles } from './portal-plans.ts'
import { portalSpecs } from './portal-views.ts'

export type PortalHouse = {
  /** Customers of a person whom nobody has looked at yet are looked at now */
  lookFirst(personId: string): Promise<boolean>
  store: Store
  stripe: StripeGateway
  shop: ShopConfig
  clock: Clock
  publicUrl: string
  paymentLinks: readonly string[] | null
  /** Where it is said that a view is not quite what shop.config wants */
  report: (error: unknown) => void
}

/** Every view as it should be. Only a shop that has no list of its offers yet costs Stripe a question. */
export async function readSpecs(house: PortalHouse): Promise<PortalSpec[]> {
  const { shop, stripe, store, publicUrl, paymentLinks } = house
  const plans =
    whatGivesRoles(shop).size > 0
      ? plansOf(shop, (await keptOffers(store.db)) ?? (await stripe.listOffers(paymentLinks)))
      : null
  return portalSpecs(shop, { plans, returnUrl: membershipPage(publicUrl) })
}

/**
 * Our own address and not LIFF's: inside LINE it stays in the window that LIFF has opened, and who came
 * by a one-time link has no LINE there to log in with.
 */
export function membershipPage(publicUrl: string): string {
  return `${publicUrl}/membership`
}
