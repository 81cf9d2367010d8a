import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorResponse, MembershipResponse } from '../../shared/api.ts'
import { requireSession } from '../people/guard.ts'
import { portalFor } from '../portal/portal-for.ts'
import type { Clock, Store } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { membershipView } from './membership-view.ts'

type Options = { store: Store; clock: Clock; shop: ShopConfig }

/** What I am, by what, until when, and what I can do about it. */
export const membershipRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  const { store, clock, shop } = options
  app.get(
    '/api/membership',
    { schema: { response: { 200: MembershipResponse, '4xx': ErrorResponse } } },
    async (request) => {
      const { personId } = requireSession(request)
      const portal = await portalFor(store.db, shop, personId)
      const membership = await membershipView(
        { db: store.db, shop, now: clock.now() },
        personId,
        portal,
      )
      return { membership }
    },
  )
}
