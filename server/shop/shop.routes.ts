import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CheckoutRequest, ErrorResponse, OffersResponse, UrlResponse } from '../../shared/api.ts'
import { Refusal } from '../errors.ts'
import { requireSession } from '../people/guard.ts'
import { findAccount } from '../people/people.store.ts'
import { type Catalogue, type Listed, readCatalogue } from './catalogue.ts'
import { checkoutUrl } from './open-checkout.ts'

type Options = { catalogue: Catalogue; referenceStyle: 'sealed' | 'bare'; referenceSecret: string }

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

  app.post(
    '/api/checkout',
    {
      schema: { body: CheckoutRequest, response: { 200: UrlResponse, '4xx': ErrorResponse } },
    },
    async (request) => {
      const { accountId } = requireSession(request)
      const account = await findAccount(catalogue.store.db, accountId)
      if (!account) throw new Refusal(401, 'unauthorized', 'Please log in with LINE again.')
      const { url } = chosen(await list(), request.body.offer)
      const buyer = {
        userId: account.address,
        email: account.email,
        language: account.language ?? catalogue.shop.language ?? 'ja',
      }
      const rules = {
        style: options.referenceStyle,
        secret: options.referenceSecret,
        source: request.body.source,
        now: catalogue.clock.now(),
      }
      return { url: checkoutUrl(url, buyer, rules) }
    },
  )
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
    throw new Refusal(503, 'stripe_unavailable', 'Stripe does not answer. Please try again soon.')
  }
}
