import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorResponse, PortalRequest, UrlResponse } from '../../shared/api.ts'
import { Refusal } from '../errors.ts'
import { requireSession } from '../people/guard.ts'
import { customerOf, findAccount } from '../people/people.store.ts'
import type { Store, StripeGateway } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'

type Options = { store: Store; stripe: StripeGateway; shop: ShopConfig; liffId: string }

/** Stripe's customer portal. The address dies after five minutes, so it is made on the tap. */
export const portalRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  app.post(
    '/api/portal',
    {
      schema: { body: PortalRequest, response: { 200: UrlResponse, '4xx': ErrorResponse } },
      // Nothing in it is required, so no body at all is fine.
      preValidation: async (request) => {
        request.body ??= {}
      },
    },
    async (request) => {
      const { personId, accountId } = requireSession(request)
      const customer = await customerOf(options.store.db, personId)
      if (!customer)
        throw new Refusal(404, 'no_customer', 'There is no subscription to manage for you here.')
      const account = await findAccount(options.store.db, accountId)
      const language = account?.language ?? options.shop.language ?? 'ja'
      const back = `https://liff.line.me/${options.liffId}`
      try {
        return { url: await options.stripe.openPortal(customer, back, language) }
      } catch (error) {
        request.log.error({ err: error }, 'the portal did not open')
        throw new Refusal(
          503,
          'stripe_unavailable',
          'Stripe does not answer. Please try again soon.',
        )
      }
    },
  )
}
