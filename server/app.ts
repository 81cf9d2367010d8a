import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
  LogController,
} from 'fastify'
import type { CampaignDesk } from './campaigns/open-round.ts'
import { stopRoutes } from './campaigns/stop.routes.ts'
import type { Config } from './config.ts'
import { deskRoutes } from './desk/desk.routes.ts'
import { discordWebhook } from './discord/webhook.ts'
import { answerError, answerNotFound, answerUnreadable, tooManyRequests } from './errors.ts'
import { mergesOf } from './integrations/tell-merge.ts'
import { shareRoomForLarge } from './large-bodies.ts'
import { lineWebhook } from './line/webhook.ts'
import { membershipRoutes } from './memberships/memberships.routes.ts'
import type { ProcedureDesk } from './memberships/open-procedure.ts'
import { shopIn } from './notifications/shop-in.ts'
import { countEvents } from './operations/count-events.ts'
import type { OpenMeter } from './operations/meter.ts'
import { operationsRoutes } from './operations/operations.routes.ts'
import { orderRoutes } from './orders/orders.routes.ts'
import type { OrderDesk } from './orders/reconcile-order.ts'
import { accountRoutes } from './people/accounts.routes.ts'
import { connectRoutes } from './people/connect.routes.ts'
import { readSessions, refuseStrangers, sessionOf } from './people/guard.ts'
import { LINK_PATHS, linkRoutes } from './people/links.routes.ts'
import { peopleRoutes } from './people/people.routes.ts'
import { openSetSession } from './people/set-session.ts'
import { portalRoutes } from './portal/portal.routes.ts'
import type { PortalHouse } from './portal/read-specs.ts'
import type {
  ChatChannel,
  Clock,
  RecordEvents,
  Store,
  StripeGateway,
  VerifyIdentity,
} from './ports.ts'
import { DISCORD_REACTIONS, LINE_REACTIONS, STRIPE_REACTIONS } from './reactions.ts'
import { pagePolicy, safeHeaders, tablePolicy } from './safe-headers.ts'
import type { Catalogue } from './shop/catalogue.ts'
import { pricingTableRoutes } from './shop/pricing-table.routes.ts'
import { shopRoutes } from './shop/shop.routes.ts'
import { shopPage } from './shop/shop-page.ts'
import { speakSign } from './signs/wish-sign.ts'
import { stripeWebhook } from './stripe/webhook.ts'

export type Rooms = {
  config: Config
  store: Store
  meter: OpenMeter
  channel: ChatChannel
  stripe: StripeGateway
  clock: Clock
  verifyIdentity: VerifyIdentity
  record: RecordEvents
  ring: () => void
  desk: OrderDesk
  catalogue: Catalogue
  procedures: ProcedureDesk
  portal: PortalHouse
  campaigns: CampaignDesk
  /** Where the built LIFF app lies */
  appDir: string
  log: FastifyBaseLogger
  /** What compiles the routes' schemas; Fastify's own where nothing is said */
  schemaController?: FastifyServerOptions['schemaController']
}

/** One webhook, in bytes */
const LETTER_LIMIT = 1_048_576

/** The floor plan: every room by name. Builds the app; does not listen. */
export async function buildApp(rooms: Rooms): Promise<FastifyInstance> {
  const { config, log } = rooms
  const safe = safeHeaders(isHttps(config))
  const app = fastify({
    loggerInstance: log,
    // Buyers' addresses hold LIFF's tokens, so requests are not logged one by one; failures are.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: 'loopback',
    bodyLimit: 65_536,
    // Fastify waits for the rest of a request without end; nobody of ours needs half a minute to ask.
    requestTimeout: 30_000,
    // Nor does anybody take a minute over reading one piece of an answer.
    connectionTimeout: 60_000,
    // Neither of the two passes a hook.
    frameworkErrors: (error, request, reply) => {
      reply.headers(safe)
      return answerError(error, request, reply)
    },
    clientErrorHandler: answerUnreadable(safe),
    routerOptions: { maxParamLength: 300 },
    schemaController: rooms.schemaController,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(answerNotFound)
  // A page of another site may send text without asking first; JSON it may not.
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(safe)
    done()
  })
  operationsRoutes(app, rooms)
  await app.register(letterboxes, rooms)
  await app.register(doors, rooms)
  log.debug({ publicUrl: config.publicUrl }, 'the house is built')
  return app
}

/** Vendors knock here: raw bytes and signatures, no cookies, no limits but the bodies' size. */
async function letterboxes(app: FastifyInstance, rooms: Rooms): Promise<void> {
  const { config, meter, clock } = rooms
  shareRoomForLarge(app, LETTER_LIMIT)
  const known = new Set(
    [STRIPE_REACTIONS, LINE_REACTIONS, DISCORD_REACTIONS].flatMap((all) => Object.keys(all)),
  )
  const record = countEvents(rooms.record, meter, known)
  await app.register(stripeWebhook, {
    secrets: config.stripe.webhookSecrets,
    bodyLimit: LETTER_LIMIT,
    livemode: config.stripe.livemode,
    record,
    clock,
    wanted: new Set(Object.keys(STRIPE_REACTIONS)),
  })
  await app.register(lineWebhook, {
    channelSecret: config.line.channelSecret,
    bodyLimit: LETTER_LIMIT,
    record,
    clock,
    wanted: new Set(Object.keys(LINE_REACTIONS)),
  })
  if (config.discord)
    await app.register(discordWebhook, {
      ...config.discord,
      ...{ record, clock },
      bodyLimit: LETTER_LIMIT,
      shop: (language) => shopIn(config.shop, language),
      language: config.shop.language ?? 'ja',
    })
}

/** People come in here: the page, and /api behind a cookie and limits. */
async function doors(app: FastifyInstance, rooms: Rooms): Promise<void> {
  const { config, store, clock, desk, catalogue } = rooms
  const https = isHttps(config)
  const setSession = openSetSession({
    clock,
    secret: config.sessionSecrets[0] ?? '',
    secure: https,
  })
  await app.register(helmet, {
    contentSecurityPolicy: pagePolicy(https),
    hsts: https,
    frameguard: { action: 'deny' },
  })
  // Helmet writes on the raw answer, and Fastify would put those of every answer over it.
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(reply.raw.getHeaders())
    done()
  })
  await app.register(shopPage, {
    appDir: rooms.appDir,
    catalogue,
    liffId: config.liff.id,
    isOnDiscord: config.discord !== null,
    tablePolicy: config.shop.pricingTables?.length ? tablePolicy(https) : null,
  })
  const { secrets } = rooms.campaigns
  await app.register(stopRoutes, { store, clock, shop: config.shop, secrets })
  await app.register(async (api) => {
    await api.register(cookie)
    readSessions(api, { secrets: config.sessionSecrets, clock })
    refuseStrangers(api, store.db, ['/api/session', ...LINK_PATHS])
    await api.register(rateLimit, {
      max: 300,
      timeWindow: 60_000,
      keyGenerator: (request) => sessionOf(request)?.personId ?? request.ip,
      errorResponseBuilder: tooManyRequests,
    })
    await api.register(peopleRoutes, {
      store,
      clock,
      verifyIdentity: rooms.verifyIdentity,
      setSession,
      whenSpoken: (tx, accountId, language) =>
        speakSign({ store, clock, shop: config.shop }, tx, accountId, language),
    })
    await api.register(linkRoutes, { store, clock, setSession })
    await api.register(connectRoutes, {
      ...{ store, clock, ring: rooms.ring },
      merges: mergesOf({ store, clock }),
    })
    await api.register(accountRoutes, {
      ...{ store, clock, ring: rooms.ring },
      merges: mergesOf({ store, clock }),
    })
    const { lookFirst } = rooms.procedures
    await api.register(membershipRoutes, { store, clock, shop: config.shop, lookFirst })
    await api.register(shopRoutes, { catalogue, procedures: rooms.procedures })
    await api.register(pricingTableRoutes, { procedures: rooms.procedures })
    await api.register(orderRoutes, { desk, ring: rooms.ring })
    await api.register(deskRoutes, { store, clock, shop: config.shop })
    await api.register(portalRoutes, { house: rooms.portal })
  })
}

const isHttps = (config: Config) => config.publicUrl.startsWith('https:')
