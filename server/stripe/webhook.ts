import type { FastifyPluginAsync } from 'fastify'
import Stripe from 'stripe'
import { Refusal } from '../errors.ts'
import type { Clock, RecordEvents } from '../ports.ts'
import type { NewEvent } from '../store/tables.ts'
import { isId, isObject, readBell, type StripeBell } from './read-bell.ts'

type Options = {
  secrets: readonly string[]
  bodyLimit: number
  livemode: boolean
  record: RecordEvents
  clock: Clock
  /** Event types that somebody reacts to; the others are kept as ignored and cost no job. */
  wanted: ReadonlySet<string>
}

/**
 * The letterbox: raw bytes, verified against each configured secret, written down, answered. Nothing
 * else happens inside the request, since Checkout keeps the buyer waiting for our answer (up to 10 s).
 * Snapshot events and thin notifications ring the same bell.
 *
 * 200 recorded, seen before or not ours; 400 signature or body; 413 over 1 MiB; 415 not JSON;
 * 500 when it could not be written and 503 when that would take too long, so that Stripe comes back.
 * Encapsulated on purpose (no fastify-plugin): the raw parser must not reach /api.
 */
export const stripeWebhook: FastifyPluginAsync<Options> = async (app, options) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: options.bodyLimit },
    (_request, body, done) => done(null, body),
  )
  const { bodyLimit } = options
  app.post('/webhooks/stripe', { bodyLimit }, async (request, reply) => {
    const rang = open(request.body, request.headers['stripe-signature'], options)
    // Thousands may wait for a slow disk; the row is all of it that is still needed.
    request.body = null
    await options.record([eventRow(rang, options)])
    return reply.send({ received: true })
  })
}

/** Throws a refusal when it is not signed, or no event. */
function open(body: unknown, signature: unknown, options: Options): Rang {
  if (
    !Buffer.isBuffer(body) ||
    typeof signature !== 'string' ||
    !isSigned(body, signature, options)
  )
    throw new Refusal(
      400,
      'bad_signature',
      'The Stripe-Signature header does not fit this body. Check STRIPE_WEBHOOK_SECRET.',
    )
  const rang = readEvent(body)
  if (!rang) throw new Refusal(400, 'bad_request', 'This body is no Stripe event.')
  return rang
}

/** Signed by any of our secrets, within Stripe's own tolerance of 300 s. */
function isSigned(body: Buffer, header: string, { secrets, clock }: Options): boolean {
  const now = clock.now().getTime()
  return secrets.some((secret) => {
    try {
      return Stripe.webhooks.signature?.verifyHeader(body, header, secret, 300, undefined, now)
    } catch {
      return false
    }
  })
}

type Rang = {
  id: string
  type: string
  doorbell: StripeBell
  connect: boolean
  /** Nothing but metadata was changed: by us, or for others to read */
  noteOnly: boolean
}

function readEvent(body: Buffer): Rang | null {
  const json = parse(body)
  if (!isObject(json) || !isId(json['id']) || !isId(json['type'])) return null
  const livemode = json['livemode'] === true
  if (json['object'] === 'v2.core.event') {
    const related = isObject(json['related_object']) ? json['related_object'] : {}
    // The twin snapshot's id, where Stripe names one: both are configured while a shop changes over.
    // Not from a notification that names no object: it can do nothing, and its twin still can.
    const twin = isId(related['id']) && isId(json['snapshot_event']) ? json['snapshot_event'] : null
    return {
      id: twin ?? json['id'],
      type: json['type'].replace(/^v1\./, ''),
      doorbell: readBell(related, livemode),
      connect: typeof json['context'] === 'string',
      noteOnly: false,
    }
  }
  if (json['object'] !== 'event' || !isObject(json['data'])) return null
  const object = isObject(json['data']['object']) ? json['data']['object'] : {}
  return {
    id: json['id'],
    type: json['type'],
    doorbell: readBell(object, livemode),
    connect: typeof json['account'] === 'string',
    noteOnly: json['type'] === 'customer.updated' && isOfMetadata(json['data']),
  }
}

/** Each note of ours beside a customer comes back as an event, and would cost the questions of a real change. */
function isOfMetadata({ previous_attributes: before }: Record<string, unknown>): boolean {
  return isObject(before) && Object.keys(before).join() === 'metadata'
}

function eventRow(rang: Rang, options: Options): NewEvent {
  const received_at = options.clock.now().toISOString()
  // Another mode's or another account's events are normal on a shared endpoint, and none of ours.
  const ours = rang.doorbell.livemode === options.livemode && !rang.connect
  const ignored = !ours || rang.noteOnly || !options.wanted.has(rang.type)
  return {
    id: rang.id,
    source: 'stripe',
    type: rang.type,
    doorbell: JSON.stringify(rang.doorbell),
    received_at,
    handled_at: ignored ? received_at : null,
    outcome: ignored ? 'ignored' : null,
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}
