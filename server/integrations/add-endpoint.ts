import { randomBytes } from 'node:crypto'
import { isWebhookPattern, WEBHOOK_TYPES } from '../../shared/webhooks.ts'
import type { Clock, Outbound, Store } from '../ports.ts'
import type { EndpointRow, WebhookFormat } from '../store/tables.ts'
import { insertEndpoint } from './endpoints.store.ts'
import { newSecret } from './secrets.ts'

export const FORMATS: readonly WebhookFormat[] = ['standard', 'slack', 'discord']

/** Writes down an address that is told of what happens from now on. Throws a sentence for what cannot be one. */
export async function addEndpoint(
  { store, clock, outbound }: { store: Store; clock: Clock; outbound: Outbound },
  ask: { url: string; events?: string[]; format?: string; id?: string },
): Promise<EndpointRow> {
  const { url, events = ['*'], format = 'standard', id = randomId() } = ask
  const fault = outbound.fault(url)
  if (fault) throw new Error(fault)
  const stranger = events.find((each) => !isWebhookPattern(each))
  if (stranger !== undefined || events.length === 0)
    throw new Error(
      `There is no event "${stranger ?? ''}". There are ${WEBHOOK_TYPES.join(', ')}, and patterns like order.* and *.`,
    )
  if (!isFormat(format)) throw new Error(`A format is one of ${FORMATS.join(', ')}.`)
  if (!/^[a-z0-9-]{1,32}$/.test(id))
    throw new Error('An id is up to 32 of a-z, 0-9 and -, like zapier.')
  const row: EndpointRow = {
    id,
    url: new URL(url).href,
    secret: format === 'standard' ? newSecret() : null,
    old_secret: null,
    old_secret_until: null,
    events: JSON.stringify(events),
    format,
    state: 'on',
    failing_since: null,
    off_reason: null,
    off_at: null,
    created_at: clock.now().toISOString(),
  }
  if (!(await insertEndpoint(store.db, row)))
    throw new Error(`There is an endpoint "${id}" already; give this one another --id.`)
  return row
}

function isFormat(text: string): text is WebhookFormat {
  return (FORMATS as readonly string[]).includes(text)
}

function randomId(): string {
  return `ep-${randomBytes(4).toString('hex')}`
}
