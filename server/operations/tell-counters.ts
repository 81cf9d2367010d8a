import { type Metric, Registry } from 'prom-client'
import type { Db } from '../ports.ts'
import { BUCKETS } from './meter.ts'

const HELP: Readonly<Record<string, string>> = {
  noren_events_total:
    'Events by type: received (repeats too), handled, dead; ignored by us or a person',
  noren_deliveries_total:
    'Messages by kind and channel that were taken (accepted) or given up (dead)',
  noren_outbound_total:
    'Webhooks to other systems: tries that were taken (delivered), failed (again), or were the last (dead)',
  noren_vendor_answers_total: 'Answers of vendors by endpoint and status (none: no answer)',
  noren_vendor_seconds: 'How long a vendor took to answer, its turn not counted',
}

type Told = { labels: Record<string, string>; value: number; metricName?: string }

/** What all processes counted, in Prometheus's words. Other names in the table are somebody's own. */
export async function tellCounters(db: Db): Promise<string> {
  const rows = await db
    .selectFrom('counters')
    .selectAll()
    .where('name', 'like', 'noren%')
    .orderBy('name')
    .orderBy('labels')
    .execute()
  const registry = new Registry()
  for (const [name, of] of Map.groupBy(rows, (row) => row.name)) {
    const told = of.map(({ labels, value }) => ({ labels: JSON.parse(labels), value }) as Told)
    const isHistogram = told.some(({ labels }) => labels['le'] !== undefined)
    register(registry, name, isHistogram ? histogramOf(name, told) : told, isHistogram)
  }
  return registry.metrics()
}

/** prom-client's own counters only count up from nothing; the table already holds the sums. */
function register(registry: Registry, name: string, values: Told[], isHistogram: boolean): void {
  const type = isHistogram ? 'histogram' : 'counter'
  const help = HELP[name] ?? 'Counted by all processes'
  const metric = { name, help, type, get: async () => ({ name, help, type, values }) }
  registry.registerMetric(metric as unknown as Metric)
}

/** Each answer stands in its own bucket in the table; Prometheus wants all up to a bound. */
function histogramOf(name: string, told: Told[]): Told[] {
  const places = Map.groupBy(told, ({ labels: { le: _le, ...place } }) => JSON.stringify(place))
  return [...places].flatMap(([key, of]) => {
    const place = JSON.parse(key) as Record<string, string>
    const at = new Map(of.map(({ labels, value }) => [labels['le'], value]))
    let count = 0
    const buckets = [...BUCKETS.map(String), '+Inf'].map((le): Told => {
      count += at.get(le) ?? 0
      return { metricName: `${name}_bucket`, labels: { ...place, le }, value: count }
    })
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: place, value: at.get('sum') ?? 0 },
      { metricName: `${name}_count`, labels: place, value: count },
    ]
  })
}
