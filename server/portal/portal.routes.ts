import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorResponse, PortalRequest, UrlResponse } from '../../shared/api.ts'
import { Refusal } from '../errors.ts'
import { requireSession } from '../people/guard.ts'
import { findAccount } from '../people/people.store.ts'
import { chooseCustomer, taskFor } from './choose-customer.ts'
import { openAs, viewsOf } from './choose-view.ts'
import { keepsItsOwn, openAsSaved, openPortal } from './open-portal.ts'
import { readPortalPerson } from './portal.store.ts'
import { standingOf } from './portal-for.ts'
import { membershipPage, type PortalHouse, readSpecs } from './read-specs.ts'

type Options = { house: PortalHouse }

/**
 * Stripe's customer portal, as it fits who asks. The address dies after five minutes, so it is made on
 * the tap. Which view and whose customer is decided here, from what we hold at that moment.
 */
export const portalRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  const { house } = options
  const { store, shop } = house
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
      const session = requireSession(request)
      // Who cannot be looked at sees what a member does: whoever can subscribe can cancel.
      await house.lookFirst(session.personId).catch((error: unknown) => {
        request.log.warn({ err: error }, 'a customer could not be looked at')
      })
      const [person, account] = await Promise.all([
        readPortalPerson(store.db, session.personId),
        findAccount(store.db, session.accountId),
      ])
      const customer = chooseCustomer(person.customers, request.body.customer)
      const specs = await orUnavailable(request.log, () => readSpecs(house))
      const standing = standingOf(person, [customer])
      // Still unknown: they could not be looked at, and may subscribe to something.
      if (customer.unknown) standing.subscribes = true
      const views = viewsOf(shop, specs, standing)
      const { spec, task } = openAs(request.body.view, views, specs)
      const visit = {
        customer: customer.id,
        returnUrl: membershipPage(house.publicUrl),
        language: account?.language ?? shop.language ?? 'ja',
        task: taskFor(customer, task),
      }
      const oursFirst = task !== null && visit.task === null
      // What staff chose for somebody is one of our views.
      const open = keepsItsOwn(shop) && person.override === null ? openAsSaved : openPortal
      const url = await orUnavailable(request.log, () =>
        open(house, spec, visit, request.log, oursFirst),
      )
      return { url }
    },
  )
}

async function orUnavailable<T>(
  log: { error(what: object, words: string): void },
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    log.error({ err: error }, 'the portal did not open')
    throw new Refusal(503, 'stripe_unavailable', 'Stripe does not answer. Please try again soon.')
  }
}
