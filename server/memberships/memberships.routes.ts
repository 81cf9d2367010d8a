import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorResponse, MembershipResponse } from '../../shared/api.ts'
import { requireSession } from '../people/guard.ts'
import { portalFor } from '../portal/portal-for.ts'
import { type Clock, type Log, NeedsPerson, type Store } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { membershipView } from './membership-view.ts'

type Options = {
  store: Store
  clock: Clock
  shop: ShopConfig
  lookFirst(personId: string): Promise<boolean>
}

/** For so long a page waits for what nobody has asked Stripe yet; then it is shown without. */
const LOOK_MS = 3_000
/** A key that may not look is not asked again by each page; somebody has to mend it. */
const REFUSED_MS = 600_000

/** What I am, by what, until when, and what I can do about it. */
export const membershipRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  const { store, clock, shop, lookFirst } = options
  let lookAgainAt = 0

  async function look(personId: string, log: Pick<Log, 'warn'>): Promise<void> {
    if (clock.now().getTime() < lookAgainAt) return
    const allowed = await lookFirst(personId).catch((error: unknown) => {
      log.warn({ err: error }, 'a customer could not be looked at')
      return !(error instanceof NeedsPerson)
    })
    if (!allowed) lookAgainAt = clock.now().getTime() + REFUSED_MS
  }
  app.get(
    '/api/membership',
    { schema: { response: { 200: MembershipResponse, '4xx': ErrorResponse } } },
    async (request) => {
      const { personId } = requireSession(request)
      // Otherwise it would offer a trial that was had, and no way to cancel what runs.
      const looked = look(personId, request.log)
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
