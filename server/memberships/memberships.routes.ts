import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorResponse, MembershipResponse } from '../../shared/api.ts'
import { requireSession } from '../people/guard.ts'
import { portalFor } from '../portal/portal-for.ts'
import type { Clock, Store } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { membershipView } from './membership-view.ts'

type Options = {
  store: Store
  clock: Clock
  shop: ShopConfig
  lookFirst(personId: string): Promise<void>
}

/** For so long a page waits for what nobody has asked Stripe yet; then it is shown without. */
const LOOK_MS = 3_000

/** What I am, by what, until when, and what I can do about it. */
export const membershipRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  const { store, clock, shop, lookFirst } = options
  app.get(
    '/api/membership',
    { schema: { response: { 200: MembershipResponse, '4xx': ErrorResponse } } },
    async (request) => {
      const { personId } = requireSession(request)
      // Otherwise it would offer a trial that was had, and no way to cancel what runs.
      const looked = lookFirst(personId).catch((error: unknown) => {
        request.log.warn({ err: error }, 'a customer could not be looked at')
      })
      await Promise.race([looked, wait(LOOK_MS, undefined, { ref: false })])
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
