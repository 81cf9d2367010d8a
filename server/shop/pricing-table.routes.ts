import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorResponse, PricingTableRequest, PricingTableResponse } from '../../shared/api.ts'
import { cleanSource } from '../../shared/reference.ts'
import { readUtm, sourceOfUtm } from '../../shared/utm.ts'
import { Refusal } from '../errors.ts'
import type { ProcedureDesk } from '../memberships/open-procedure.ts'
import { subscribesAlready } from '../memberships/subscribes-already.ts'
import { requireAccount } from '../people/guard.ts'
import { findAccount } from '../people/people.store.ts'
import { openTable } from './open-table.ts'
import { tablesOf } from './pricing-tables.ts'

type Options = { procedures: ProcedureDesk }

/** Stripe's own table of plans, for one person. Its page at Stripe is opened by Stripe, without us. */
export const pricingTableRoutes: FastifyPluginAsyncTypebox<Options> = async (
  app,
  { procedures },
) => {
  const { store, stripe, shop } = procedures
  app.post(
    '/api/pricing-table',
    {
      schema: {
        body: PricingTableRequest,
        response: { 200: PricingTableResponse, '4xx': ErrorResponse },
      },
      // Each may cost two questions to Stripe, which allows a small shop 10,000 reads a month.
      config: { rateLimit: { max: 60, timeWindow: 60_000 } },
    },
    async (request) => {
      const { accountId, personId } = await requireAccount(request, store.db)
      const account = await findAccount(store.db, accountId)
      if (!account) throw new Refusal(401, 'unauthorized', 'Please log in again.')
      const { id } = request.body
      const utm = readUtm(request.body.utm)
      const source = cleanSource(request.body.source ?? sourceOfUtm(utm))
      const table = tablesOf(shop, stripe.livemode).find((each) => each.id === id)
      if (!table)
        throw new Refusal(404, 'unknown_table', 'This shop does not have that pricing table.')
      try {
        if (!(await subscribesAlready(procedures, personId)))
          return await openTable(procedures, table, { account, personId, source, utm })
      } catch (error) {
        request.log.error({ err: error }, 'no pricing table could be shown')
        throw new Refusal(
          503,
          'stripe_unavailable',
          'Stripe does not answer. Please try again soon.',
        )
      }
      throw new Refusal(
        409,
        'already_subscribed',
        'You subscribe already. Your membership page shows it, and lets you change it.',
      )
    },
  )
}
