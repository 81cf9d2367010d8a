import { validateSignature, type webhook } from '@line/bot-sdk'
import type { FastifyPluginAsync } from 'fastify'
import { isLineUserId } from '../../shared/reference.ts'
import { Refusal } from '../errors.ts'
import type { ChatBell, ChatCommand, Clock, Doorbell, RecordEvents } from '../ports.ts'
import type { NewEvent } from '../store/tables.ts'
import { commandOf, commandOfPostback } from './chat-commands.ts'

type Options = {
  channelSecret: string
  bodyLimit: number
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
  const { bodyLimit } = options
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
    done(null, body),
  )
  app.post('/webhooks/line', { bodyLimit }, async (request, reply) => {
    const events = open(request.body, request.headers['x-line-signature'], options.channelSecret)
    request.body = null
    await options.record(events.map((event) => eventRow(event, options)))
    return reply.send({ received: true })
  })
}

/** Throws a refusal when it is not signed, or no webhook. */
function open(body: unknown, signature: unknown, secret: string): webhook.Event[] {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
  if (typeof signature !== 'string' || !validateSignature(bytes, secret, signature))
    throw new Refusal(
      401,
      'bad_signature',
      'The x-line-signature header does not fit this body. Check LINE_CHANNEL_SECRET.',
    )
  const events = readEvents(bytes)
  if (!events) throw new Refusal(400, 'bad_request', 'This body is no LINE webhook.')
  return events
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
  return isId(webhookEventId) && isId(type)
}

/** Visible ASCII, as all of LINE's: Postgres keeps no NUL, and no engine half a surrogate pair. */
function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]{1,255}$/.test(value)
}

/** What they ask of us, if it is one of our words or buttons. */
function chatBellOf(event: webhook.Event): ChatBell | null {
  const command = commandIn(event)
  const { replyToken } = event as { replyToken?: unknown }
  if (!command || !isId(replyToken)) return null
  return { command, replyToken, group: event.source?.type !== 'user' }
}

function commandIn(event: webhook.Event): ChatCommand | null {
  if (event.type === 'message') {
    const { text } = (event.message ?? {}) as { text?: unknown }
    return typeof text === 'string' ? commandOf(text) : null
  }
  if (event.type !== 'postback') return null
  const { data } = (event.postback ?? {}) as { data?: unknown }
  return typeof data === 'string' ? commandOfPostback(data) : null
}

/** Who did it, or null: groups, and anything that is not the id of a person on LINE. */
function userIdOf({ source }: webhook.Event): string | null {
  const id = (source as { userId?: unknown } | null | undefined)?.userId
  return typeof id === 'string' && isLineUserId(id) ? id : null
}

function eventRow(event: webhook.Event, { clock, wanted }: Options): NewEvent {
  const received_at = clock.now().toISOString()
  const chat = chatBellOf(event)
  const doorbell: Doorbell = {
    from: 'line',
    userId: userIdOf(event),
    // Whole milliseconds: a fraction, or what JSON.parse made of 1e999, fits no column.
    at: Number.isSafeInteger(event.timestamp) ? event.timestamp : 0,
    active: event.mode === 'active',
    ...(chat ? { chat } : {}),
  }
  // What people say to the shop is between them and the staff; only a word of ours is answered.
  const said = event.type === 'message' || event.type === 'postback'
  const ignored = !wanted.has(event.type) || doorbell.userId === null || (said && !chat)
  return {
    id: event.webhookEventId,
    source: 'line',
    type: event.type,
    doorbell: JSON.stringify(doorbell),
    received_at,
    handled_at: ignored ? received_at : null,
    outcome: ignored ? 'ignored' : null,
  }
}
