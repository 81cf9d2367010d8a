import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Registry } from 'prom-client'
import type { ChatChannel, Clock, Store } from '../ports.ts'
import { openQuota } from './line-quota.ts'
import { measureHouse } from './measure-house.ts'
import type { OpenMeter } from './meter.ts'
import { tellCounters } from './tell-counters.ts'

type Parts = { store: Store; meter: OpenMeter; channel: ChatChannel; clock: Clock }

/**
 * For the operator: /healthz (the process answers), /readyz (the store is there and at this version),
 * /metrics (Prometheus). Nothing here names a person. A function and no plugin, to be called before
 * the rooms are registered: a plugin's hooks would count its own three routes and nothing else.
 */
export function operationsRoutes(app: FastifyInstance, parts: Parts): void {
  const { store, meter, clock } = parts
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const report = (error: unknown) => app.log.warn({ err: error }, 'LINE did not tell its quota')
  const quota = openQuota({ channel: parts.channel, clock, report })
  const measure = measureHouse(registry, { store, clock, quota })
  const answers = new Counter({
    name: 'noren_http_answers_total',
    help: 'Answers by route and status, of this process alone',
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
  app.get('/metrics', async (_request, reply) => {
    await Promise.all([measure(), meter.flush()])
    // Without a database the rest is still worth telling: `noren_store_up` says why this is missing.
    const counted = await tellCounters(store.db).catch(() => '')
    return reply.type(registry.contentType).send(`${await registry.metrics()}${counted}`)
  })
}
