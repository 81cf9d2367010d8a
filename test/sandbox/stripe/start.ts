import fastify, { type FastifyInstance } from 'fastify'
import type { StripeSandbox, Watch } from '../types.ts'
import { serveClocks } from './api-clocks.ts'
import { serveCustomerSessions } from './api-customer-sessions.ts'
import { serveCustomers } from './api-customers.ts'
import { serveEntitlements } from './api-entitlements.ts'
import { serveEvents, serveThinEvents } from './api-events.ts'
import { serveNewSubscriptions } from './api-new-subscription.ts'
import { seedDefaultConfiguration, servePortalApi } from './api-portal.ts'
import { serveReads } from './api-reads.ts'
import { serveSearch } from './api-search.ts'
import { serveSessions } from './api-sessions.ts'
import { serveSubscriptions } from './api-subscriptions.ts'
import { serveWrites } from './api-writes.ts'
import { buyerVerbs } from './buyer-verbs.ts'
import { dashboardVerbs } from './dashboard-verbs.ts'
import { type Carry, createWebhooks } from './deliver-webhooks.ts'
import { memberVerbs } from './member-verbs.ts'
import { parseForm } from './parse-form.ts'
import { createControls, guardApi } from './serve-api.ts'
import { serveInvoicePages } from './serve-invoice-pages.ts'
import { servePayPages } from './serve-pay-pages.ts'
import { servePortalPages } from './serve-portal-pages.ts'
import { servePricingTables } from './serve-pricing-tables.ts'
import { serveVoucherPages } from './serve-voucher-pages.ts'
import { postVerbs, shopVerbs } from './shop-verbs.ts'
import { createState, type State } from './state.ts'
import { tableVerbs } from './table-verbs.ts'

export type StripeSandboxOptions = {
  /** 0 (the default): any free port */
  port?: number
  watch?: Watch
  latencyMs?: number
  /** The same seed and the same calls give the same ids */
  seed?: string | number
  now?: () => Date
  /** First pause before a webhook is tried again; doubles each time. Default 100 */
  retryBaseMs?: number
  /** Takes each letter out of Stripe's hands: sends it twice, late, or not at all */
  carry?: Carry
  /** Keeps only the newest events and requests, so that millions of orders fit into memory */
  bench?: boolean
  /** The seller's name on the hosted pages */
  shopName?: string
}

/** The stand-in with what only its own tests ask of it. */
export type StripeStandIn = StripeSandbox & ReturnType<typeof memberVerbs>

/**
 * Starts our stand-in for Stripe on 127.0.0.1: API, hosted pay pages, signed webhooks. The real SDK
 * talks to it unchanged. Throws when the port is taken.
 */
export async function createStripeSandbox(
  options: StripeSandboxOptions = {},
): Promise<StripeStandIn> {
  const state = createState(options)
  const closing = new AbortController()
  const controls = createControls(options.latencyMs ?? 0, closing.signal)
  const key = state.ids.id('', 32)
  const keys = { test: `sk_test_${key}`, live: `sk_live_${key}` }
  const publishableKey = `pk_test_${state.ids.id('', 24)}`
  const webhookSecret = state.ids.id('whsec_', 32)
  const webhooks = createWebhooks(state, options)
  seedDefaultConfiguration(state)
  const verbs = buyerVerbs(state, webhooks)

  const app = buildApp()
  const guard = (api: FastifyInstance) => guardApi(api, state, keys, controls, closing.signal)
  app.register((api) => serveV1(api, state, guard), { prefix: '/v1' })
  app.register((api) => serveV2(api, state, guard), { prefix: '/v2' })
  app.register(async (pages) => {
    const hosted = { state, webhooks, verbs }
    servePayPages(pages, hosted)
    serveVoucherPages(pages, hosted)
    servePortalPages(pages, hosted)
    serveInvoicePages(pages, hosted)
    servePricingTables(pages, state, publishableKey)
  })
  state.url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })

  return {
    url: state.url,
    secretKey: keys.test,
    publishableKey,
    webhookSecret,
    ...shopVerbs(state),
    ...verbs,
    ...tableVerbs(state),
    ...memberVerbs(state, webhooks),
    ...dashboardVerbs(state),
    get dunning() {
      return state.dunning
    },
    set dunning(policy) {
      state.dunning = policy
    },
    get upcomingDays() {
      return state.upcomingDays
    },
    set upcomingDays(days) {
      state.upcomingDays = days
    },
    ...postVerbs(state, webhooks, webhookSecret),
    get latencyMs() {
      return controls.latencyMs
    },
    set latencyMs(milliseconds) {
      controls.latencyMs = milliseconds
    },
    limitRate: controls.rate.set,
    rateSeen: controls.rate.seen,
    addFault: controls.faults.add,
    clearFaults: controls.faults.clear,
    requests: controls.requests,
    async close() {
      closing.abort()
      await webhooks.close()
      await app.close()
    },
  }
}

type Guard = (api: FastifyInstance) => void

async function serveV1(api: FastifyInstance, state: State, guard: Guard): Promise<void> {
  guard(api)
  serveReads(api, state)
  serveSearch(api, state)
  serveWrites(api, state)
  serveSessions(api, state)
  serveCustomers(api, state)
  serveCustomerSessions(api, state)
  serveSubscriptions(api, state)
  serveNewSubscriptions(api, state)
  servePortalApi(api, state)
  serveClocks(api, state)
  serveEntitlements(api, state)
  serveEvents(api, state)
}

async function serveV2(api: FastifyInstance, state: State, guard: Guard): Promise<void> {
  guard(api)
  serveThinEvents(api, state)
}

/** Connections are cut on close: a hanging fault must not hold a test up. */
function buildApp(): FastifyInstance {
  const app = fastify({
    forceCloseConnections: true,
    // A HEAD that opened a session would be a visit that nobody made.
    exposeHeadRoutes: false,
    bodyLimit: 1_048_576,
    routerOptions: { querystringParser: parseForm, maxParamLength: 500 },
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, parseForm(String(body))),
  )
  return app
}
