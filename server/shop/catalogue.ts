import type { Offer } from '../../shared/api.ts'
import { roleOfItems, roleOfOffer, rulesOf } from '../memberships/reasons.ts'
import type { Clock, ReadBudget, Store, StripeGateway, StripeOffer } from '../ports.ts'
import type { OfferDisplay, ShopConfig } from './define-shop.ts'
import { termsOf, termsVersion } from './terms-version.ts'

export type Catalogue = {
  store: Store
  stripe: StripeGateway
  clock: Clock
  shop: ShopConfig
  paymentLinks: readonly string[] | null
  reads: Pick<ReadBudget, 'allowance' | 'mayReadIdly'>
}

/**
 * Events refresh the list at once; its age is for shops that did not subscribe to them. Twenty offers
 * read every 300 s would be 180,000 reads a month where Stripe allows a small shop 10,000: what age
 * alone asks for stays within a quarter of the allowance, and stops when that is nearly used up.
 */
const FRESH_SECONDS = 300
const SHARE_OF_READS = 0.25
const MONTH_SECONDS = 30 * 86_400

/** An offer as the page sees it, and the address to pay at, which only the server hands out. */
export type Listed = { offer: Offer; url: string; told: StripeOffer }

/** The offers as they were kept last; asks nobody. null: none ever were. */
export async function keptCatalogue({
  store,
  shop,
}: Pick<Catalogue, 'store' | 'shop'>): Promise<Listed[] | null> {
  const row = await store.db
    .selectFrom('catalogue')
    .select('offers')
    .where('id', '=', 1)
    .executeTakeFirst()
  return row ? present(JSON.parse(row.offers) as StripeOffer[], shop) : null
}

/**
 * The offers, from the last answer of Stripe that was stored: the first paint waits for nobody, and a
 * shop stays open while Stripe is away. An old list is given out once more while a new one is fetched.
 * Throws when there is none yet and Stripe does not answer.
 */
export async function readCatalogue(
  catalogue: Catalogue,
  report: (error: unknown) => void,
): Promise<Listed[]> {
  const row = await catalogue.store.db
    .selectFrom('catalogue')
    .selectAll()
    .where('id', '=', 1)
    .executeTakeFirst()
  if (!row) return refreshOnce(catalogue)
  const offers = JSON.parse(row.offers) as StripeOffer[]
  // Kept before version 3: without what it sells nobody could become a member by it.
  if (offers.some(({ prices }) => !prices))
    return refreshOnce(catalogue).catch(() => present(offers, catalogue.shop))
  const age = (catalogue.clock.now().getTime() - Date.parse(row.fetched_at)) / 1_000
  if (age > FRESH_SECONDS) void refreshByAge(catalogue, age, offers.length).catch(report)
  return present(offers, catalogue.shop)
}

/** Nobody waits for this. A list costs about a read for each offer, and one or more for itself. */
async function refreshByAge(catalogue: Catalogue, age: number, offers: number): Promise<void> {
  const { reads, paymentLinks } = catalogue
  const cost = paymentLinks ? offers * 2 : offers + 1
  const refreshes = ((await reads.allowance()) * SHARE_OF_READS) / cost
  if (age > MONTH_SECONDS / refreshes && (await reads.mayReadIdly())) await refreshOnce(catalogue)
}

/** Fetches every offer from Stripe and stores it for all processes. */
export async function refreshCatalogue(catalogue: Catalogue): Promise<Listed[]> {
  const offers = await fetchOffers(catalogue)
  const fetched_at = catalogue.clock.now().toISOString()
  const row = { offers: JSON.stringify(offers), fetched_at }
  await catalogue.store.transaction((tx) =>
    tx
      .insertInto('catalogue')
      .values({ id: 1, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute(),
  )
  return present(offers, catalogue.shop)
}

/**
 * Without PAYMENT_LINKS every active link is an offer. One that the shopkeeper names in shop.config
 * stays on the shelf as sold out when Stripe has switched it off, instead of vanishing.
 */
async function fetchOffers({ stripe, shop, paymentLinks }: Catalogue): Promise<StripeOffer[]> {
  const offers = await stripe.listOffers(paymentLinks)
  if (paymentLinks) return offers
  const named = (shop.offers ?? []).flatMap((display) => display.link)
  const missing = named.filter((id) => !offers.some((offer) => offer.id === id))
  return missing.length > 0 ? [...offers, ...(await stripe.listOffers(missing))] : offers
}

const underWay = new WeakMap<Catalogue, Promise<Listed[]>>()

/** A hundred visitors of an old list, or of none yet, cause one request to Stripe, not a hundred. */
function refreshOnce(catalogue: Catalogue): Promise<Listed[]> {
  const running = underWay.get(catalogue)
  if (running) return running
  const started = refreshCatalogue(catalogue).finally(() => underWay.delete(catalogue))
  underWay.set(catalogue, started)
  return started
}

const afterwards = new WeakMap<Catalogue, Promise<Listed[]>>()

/**
 * For when Stripe told of a change. Renaming a hundred products rings a hundred times, and Stripe
 * allows 25 reads a second; whoever rings while a list is being fetched, which may have looked too
 * early, shares the one after it.
 */
export function refreshAgain(catalogue: Catalogue): Promise<Listed[]> {
  const running = underWay.get(catalogue)
  if (!running) return refreshOnce(catalogue)
  const planned = afterwards.get(catalogue)
  if (planned) return planned
  const next = running
    .catch(() => null)
    .then(() => {
      afterwards.delete(catalogue)
      return refreshOnce(catalogue)
    })
  afterwards.set(catalogue, next)
  return next
}

/** Lays the shopkeeper's own words and order over what Stripe says. */
function present(offers: readonly StripeOffer[], shop: ShopConfig): Listed[] {
  const displays = shop.offers ?? []
  const placeOf = (id: string) =>
    displays.findIndex((display) => [display.link].flat().includes(id))
  return offers
    .map((offer) => ({ offer, place: placeOf(offer.id) }))
    .toSorted((a, b) => rank(a.place) - rank(b.place))
    .map(({ offer, place }) => ({
      offer: shown(offer, displays[place], shop),
      url: offer.url,
      told: offer,
    }))
}

/** Subscribing to it, or buying it once; null: goods. */
function roleGivenBy({ id, interval, prices = [] }: StripeOffer, shop: ShopConfig): string | null {
  const rules = rulesOf(shop)
  if (interval) return roleOfItems(prices, rules)
  return roleOfOffer(id, rules)?.role ?? null
}

function rank(place: number): number {
  return place < 0 ? Number.MAX_SAFE_INTEGER : place
}

function shown(told: StripeOffer, display: OfferDisplay | undefined, shop: ShopConfig): Offer {
  const { url: _, prices: __, limited: ___, ...offer } = told
  return {
    ...offer,
    role: roleGivenBy(told, shop),
    terms: termsVersion(termsOf(shop, told)),
    names: display?.name ?? null,
    descriptions: display?.description ?? null,
    image: display?.image ?? offer.image,
    soldOut: offer.soldOut || display?.soldOut === true,
  }
}
