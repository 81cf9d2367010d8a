import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CheckoutRequest, ErrorResponse, OffersResponse, UrlResponse } from '../../shared/api.ts'
import type { Language } from '../../shared/language.ts'
import { cleanSource } from '../../shared/reference.ts'
import { readUtm, sourceOfUtm, type Utm } from '../../shared/utm.ts'
import { Refusal, tooManyRequests } from '../errors.ts'
import { openProcedure, type ProcedureDesk } from '../memberships/open-procedure.ts'
import { keepTerms } from '../memberships/procedures.store.ts'
import { requireAccount, requireSession } from '../people/guard.ts'
import { findAccount, holderOf } from '../people/people.store.ts'
import { keepVisit } from '../people/visits.store.ts'
import { type Conditions, OutOfDate, type StripeOffer } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { type Catalogue, type Listed, readCatalogue, refreshAgain } from './catalogue.ts'
import { checkoutUrl } from './open-checkout.ts'
import { termsOf } from './terms-version.ts'

type Options = { catalogue: Catalogue; procedures: ProcedureDesk }

export const shopRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  const { catalogue } = options
  const list = () =>
    offersNow(catalogue, (error) => app.log.warn({ err: error }, 'old offers stay'))

  app.get(
    '/api/offers',
    { schema: { response: { 200: OffersResponse, '4xx': ErrorResponse } } },
    async (request) => {
      requireSession(request)
      return { offers: (await list()).map(({ offer }) => offer) }
    },
  )

  // A subscription's page asks Stripe each time, which allows a small shop 10,000 reads a month.
  const countOpening = app.createRateLimit({ max: 60, timeWindow: 60_000 })
  app.post(
    '/api/checkout',
    {
      schema: { body: CheckoutRequest, response: { 200: UrlResponse, '4xx': ErrorResponse } },
    },
    async (request) => {
      const { accountId, personId } = await requireAccount(request, catalogue.store.db)
      const account = await findAccount(catalogue.store.db, accountId)
      if (!account) throw new Refusal(401, 'unauthorized', 'Please log in again.')
      const listed = chosen(await list(), request.body.offer)
      if (request.body.terms !== undefined && request.body.terms !== listed.offer.terms)
        throw termsChanged()
      const language = account.language ?? catalogue.shop.language ?? 'ja'
      const utm = readUtm(request.body.utm)
      const source = cleanSource(request.body.source ?? sourceOfUtm(utm))
      const buyer = { account, personId, language, source, utm }
      if (listed.offer.interval) {
        const counted = await countOpening(request)
        if (!counted.isAllowed && counted.isExceeded) throw tooManyRequests()
      }
      const session = await toSubscribe(options, listed, buyer, request.body.trialDays ?? null)
      if (session) return session
      const { referenceStyle, referenceSecret: secret } = options.procedures
      // A bare id is a claim, and would never make a member of who pays by it.
      const style = listed.offer.role ? 'sealed' : referenceStyle
      const payer = { userId: holderOf(accountId), email: account.email, language }
      const issuedAt = Math.floor(catalogue.clock.now().getTime() / 1_000)
      await keepVisit(options.procedures, {
        accountId,
        issuedAt,
        source,
        offer: listed.offer.id,
        utm,
      })
      return { url: checkoutUrl(listed.url, payer, { style, secret, source, issuedAt, utm }) }
    },
  )
}

type Buyer = {
  account: AccountRow
  personId: string
  language: Language
  source: string
  utm: Utm | null
}

/** null: the Payment Link is the way. Throws 409 for who subscribes already, 503 when Stripe is away. */
async function toSubscribe(
  { catalogue, procedures }: Options,
  { offer, told }: Listed,
  { account, personId, language, source, utm }: Buyer,
  trialDays: number | null,
): Promise<{ url: string } | null> {
  if (!offer.interval) return null
  const { store, clock, shop } = catalogue
  const words = JSON.stringify(termsOf(shop, told))
  await store.single((db) => keepTerms(db, offer.terms, words, clock.now()))
  const asked = {
    personId,
    account,
    language,
    source,
    utm,
    terms: offer.terms,
    offer: {
      id: offer.id,
      role: offer.role,
      shown: shownOf(told),
      trialDays,
      limited: told.limited ?? false,
    },
  }
  const led = await openProcedure(procedures, asked).catch(async (error: unknown) => {
    // The event that tells of it is late or lost: what is shown next is what is sold.
    if (error instanceof OutOfDate)
      throw await refreshAgain(catalogue).then(termsChanged, unavailable)
    procedures.log.error({ err: error }, 'no way to subscribe could be opened')
    throw unavailable()
  })
  if (led === 'shown otherwise') throw termsChanged()
  if (led === 'subscribed')
    throw new Refusal(
      409,
      'already_subscribed',
      'You subscribe to this already. Your membership page shows it, and lets you change it.',
    )
  return led
}

/** A list from before version 3 did not say what it sells. */
function shownOf({ prices, trialDays, shipping }: StripeOffer): Conditions | null {
  return prices ? { prices, trialDays, shipping } : null
}

function termsChanged(): Refusal {
  const why =
    'What this offer costs, or its conditions, have changed since the page was opened. Read them again.'
  return new Refusal(409, 'terms_changed', why)
}

function unavailable(): Refusal {
  return new Refusal(503, 'stripe_unavailable', 'Stripe does not answer. Please try again soon.')
}

function chosen(list: readonly Listed[], id: string): Listed {
  const listed = list.find(({ offer }) => offer.id === id)
  if (!listed) throw new Refusal(404, 'unknown_offer', 'This shop does not have that offer.')
  if (!listed.offer.active || listed.offer.soldOut)
    throw new Refusal(409, 'offer_unavailable', 'This offer cannot be bought at the moment.')
  return listed
}

async function offersNow(
  catalogue: Catalogue,
  report: (error: unknown) => void,
): Promise<Listed[]> {
  try {
    return await readCatalogue(catalogue, report)
  } catch (error) {
    report(error)
    throw unavailable()
  }
}
