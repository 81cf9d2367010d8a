import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { IS_OPEN } from '../notifications/deliveries.store.ts'
import type { Store } from '../ports.ts'

/**
 * For the operator: /healthz (the process answers), /readyz (the store is there and at this version),
 * /metrics (Prometheus). Nothing here names a person. A function and no plugin, to be called before
 * the rooms are registered: a plugin's hooks would count its own three routes and nothing else.
 */
export function operationsRoutes(app: FastifyInstance, store: Store): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  measureStore(registry, store)
  const answers = new Counter({
    name: 'noren_http_answers_total',
    help: 'Answers by route and status',
    labelNames: ['route', 'status'],
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    answers.inc({ route: request.routeOptions.url ?? 'unknown', status: reply.statusCode })
  })

  app.get('/healthz', async () => ({ ok: true }))
  app.get('/readyz', async (_request, reply) => {
    const ready = await store.isMigrated().catch(() => false)
    return reply.code(ready ? 200 : 503).send({ ok: ready })
  })
  app.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
}

/** Counted when asked; only open rows, which indexes keep few. */
function measureStore(registry: Registry, store: Store): void {
  const { db } = store
  new Gauge({
    name: 'noren_jobs',
    help: 'Jobs waiting or in hand',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      this.set({ state: 'open' }, await store.openJobs())
    },
  })
  new Gauge({
    name: 'noren_deliveries_open',
    help: 'Messages on their way, and messages that wait for the buyer to add the shop',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      for (const state of ['pending', 'waiting'] as const) {
        const { count } = await db
          .selectFrom('deliveries')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .where(IS_OPEN)
          .where('state', '=', state)
          .executeTakeFirstOrThrow()
        this.set({ state }, Number(count))
      }
    },
  })
}
