import { validateSignature, type webhook } from '@line/bot-sdk'
import type { FastifyPluginAsync } from 'fastify'
import { isLineUserId } from '../../shared/reference.ts'
import type { Clock, Doorbell, RecordEvents } from '../ports.ts'
import type { NewEvent } from '../store/tables.ts'

const BODY_LIMIT = 1_048_576

type Options = {
  channelSecret: string
  record: RecordEvents
  clock: Clock
  wanted: ReadonlySet<string>
}

/**
 * LINE's letterbox: raw bytes (some emoji come as \uXXXX escapes, so a re-serialised body has another
 * signature), verified, written down, answered within LINE's 2 s. An empty list is the console's
 * "Verify" button. 401 for a bad signature; texts are not kept, only who and when.
 */
export const lineWebhook: FastifyPluginAsync<Options> = async (app, options) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
    (_request, body, done) => done(null, body),
  )
  app.post('/webhooks/line', { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const signature = request.headers['x-line-signature']
    if (typeof signature !== 'string' || !validateSignature(body, options.channelSecret, signature))
      return reply
        .code(401)
        .send({ error: { code: 'bad_signature', message: 'x-line-signature does not fit.' } })
    const events = readEvents(body)
    if (!events)
      return reply
        .code(400)
        .send({ error: { code: 'bad_request', message: 'This body is no LINE webhook.' } })
    await options.record(events.map((event) => eventRow(event, options)))
    return reply.send({ received: true })
  })
}

function readEvents(body: Buffer): webhook.Event[] | null {
  try {
    const { events } = JSON.parse(body.toString('utf8')) as { events?: unknown }
    if (!Array.isArray(events)) return null
    return events.filter(isEvent)
  } catch {
    return null
  }
}

/** LINE adds kinds without notice; whatever has an id and a type is kept, the rest is nothing to us. */
function isEvent(event: unknown): event is webhook.Event {
  const { webhookEventId, type } = (event ?? {}) as Record<string, unknown>
  return typeof webhookEventId === 'string' && webhookEventId !== '' && typeof type === 'string'
}

/** Who did it, or null: groups, and anything that is not the id of a person on LINE. */
function userIdOf({ source }: webhook.Event): string | null {
  const id = source && 'userId' in source ? source.userId : null
  return typeof id === 'string' && isLineUserId(id) ? id : null
}

function eventRow(event: webhook.Event, { clock, wanted }: Options): NewEvent {
  const received_at = clock.now().toISOString()
  const doorbell: Doorbell = {
    from: 'line',
    userId: userIdOf(event),
    at: typeof event.timestamp === 'number' ? event.timestamp : 0,
    active: event.mode === 'active',
  }
  const ignored = !wanted.has(event.type) || doorbell.userId === null
  return {
    id: event.webhookEventId.slice(0, 64),
    source: 'line',
    type: event.type.slice(0, 64),
    doorbell: JSON.stringify(doorbell),
    received_at,
    handled_at: ignored ? received_at : null,
    outcome: ignored ? 'ignored' : null,
  }
}
