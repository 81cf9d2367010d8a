import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { ClaimRequest, ErrorResponse, OrderResponse, OrdersResponse } from '../../shared/api.ts'
import { readUtm } from '../../shared/utm.ts'
import { Refusal } from '../errors.ts'
import { requireAccount, requireSession } from '../people/guard.ts'
import type { OrderRow } from '../store/tables.ts'
import { claimOrder } from './claim-order.ts'
import { keepUtm } from './keep-utm.ts'
import { listOrders } from './list-orders.ts'
import { findOrder, itemsOf, orderView } from './orders.store.ts'
import type { OrderDesk } from './reconcile-order.ts'

type Options = {
  desk: OrderDesk
  /** Tells the worker that there is something to deliver */
  ring: () => void
}

/**
 * Anything else is no order, must not reach Stripe as part of an address, and would be a 500 on
 * Postgres, which takes no NUL.
 */
const SESSION_ID = /^cs_\w{1,200}$/

/** What a person sees of their own orders at once; older ones keep their own address. */
const MOST_LISTED = 100

export const orderRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { desk, ring }) => {
  const { db } = desk.post.store
  const view = async (row: OrderRow) =>
    orderView(row, (await itemsOf(db, [row.id])).get(row.id) ?? [])

  app.get(
    '/api/orders',
    { schema: { response: { 200: OrdersResponse, '4xx': ErrorResponse } } },
    async (request) => {
      return { orders: await listOrders(db, requireSession(request).personId, MOST_LISTED) }
    },
  )

  app.get(
    '/api/orders/:id',
    {
      schema: {
        params: Type.Object({ id: Type.String({ maxLength: 255 }) }),
        response: { 200: OrderResponse, '4xx': ErrorResponse },
      },
    },
    async (request) => {
      const { personId } = requireSession(request)
      const { id } = request.params
      const row = SESSION_ID.test(id) ? await findOrder(db, id) : undefined
      // Somebody else's order looks exactly like one that does not exist.
      if (row?.person_id !== personId)
        throw new Refusal(404, 'not_found', 'There is no such order of yours.')
      return { order: await view(row) }
    },
  )

  app.post(
    '/api/orders/claim',
    {
      schema: { body: ClaimRequest, response: { 200: OrderResponse, '4xx': ErrorResponse } },
      config: { rateLimit: { max: 30, timeWindow: 60_000, keyGenerator: (r) => `claim ${r.ip}` } },
    },
    async (request) => {
      const session = await requireAccount(request, db)
      const claimed = await claimNow(desk, request.body.session, session)
      if (claimed === 'unknown')
        throw new Refusal(404, 'unknown_session', 'This payment is not known to this shop (yet).')
      if (claimed === 'taken')
        throw new Refusal(409, 'already_claimed', 'This order belongs to another account.')
      const utm = readUtm(request.body.utm)
      if (utm) await desk.post.store.single((db) => keepUtm(db, claimed.id, utm))
      ring()
      return { order: await view(claimed) }
    },
  )
}

async function claimNow(desk: OrderDesk, id: string, session: Parameters<typeof claimOrder>[2]) {
  if (!SESSION_ID.test(id)) return 'unknown' as const
  try {
    return await claimOrder(desk, id, session)
  } catch (error) {
    desk.report(error)
    throw new Refusal(503, 'stripe_unavailable', 'Stripe does not answer. Please try again soon.')
  }
}
