import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import type { Cast } from './cast.ts'
import type { Knock } from './knock.ts'
import { damaged, mutated, tagOf } from './wild.ts'

const IGNORED = ['charge.updated', 'customer.updated', 'payout.paid']
const WANTED = ['checkout.session.completed', 'charge.refunded', 'charge.dispute.created']
/** Each of these rings the worker, who asks Stripe; so most letters are of a kind that nobody wants. */
const typeOf = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...IGNORED) },
  { weight: 1, arbitrary: fc.constantFrom(...WANTED) },
)

const GOOD_TYPES = ['application/json', 'application/json; charset=utf-8', 'Application/JSON']
const BAD_TYPES = ['text/plain', 'application/jsonp', 'application/x-www-form-urlencoded', 'json']

const seconds = () => Math.floor(Date.now() / 1_000)
const macOf = (secret: string, text: string, body: Buffer) =>
  createHmac('sha256', secret).update(text).update(body).digest()

export function flipped(mac: Buffer, bit: number): Buffer {
  const copy = Buffer.from(mac)
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}

type Signed = { header: string | null; signed: boolean }

/** As Stripe signs, and in the ways in which somebody else would try. */
function stripeSignature(body: Buffer, secret: string, kind: number, bit: number): Signed {
  const t = seconds()
  const right = macOf(secret, `${t}.`, body).toString('hex')
  const wrong = flipped(Buffer.from(right, 'hex'), bit).toString('hex')
  const old = t - 301 - bit
  const later = t + 60
  const kinds: Signed[] = [
    { header: `t=${t},v1=${wrong}`, signed: false },
    { header: `t=${t},v1=${macOf('whsec_another', `${t}.`, body).toString('hex')}`, signed: false },
    { header: `t=${old},v1=${macOf(secret, `${old}.`, body).toString('hex')}`, signed: false },
    { header: `t=${t + 1},v1=${right}`, signed: false },
    { header: `t=${t},v0=${right}`, signed: false },
    { header: `t=${t},v1=${right.slice(0, -1)}`, signed: false },
    { header: `t=${t},v1=`, signed: false },
    { header: `v1=${right}`, signed: false },
    { header: `t=${t}`, signed: false },
    { header: right, signed: false },
    { header: null, signed: false },
    { header: `t=${t},v1=${wrong},v1=${right}`, signed: true },
    { header: `t=${t},v0=${wrong},v1=${right},v2=zz`, signed: true },
    // A clock a minute ahead is Stripe's own business: it signed the time.
    { header: `t=${later},v1=${macOf(secret, `${later}.`, body).toString('hex')}`, signed: true },
  ]
  return kinds[kind] ?? { header: `t=${t},v1=${right}`, signed: true }
}

function lineSignature(body: Buffer, secret: string, kind: number, bit: number): Signed {
  const mac = macOf(secret, '', body)
  const kinds: Signed[] = [
    { header: flipped(mac, bit).toString('base64'), signed: false },
    { header: macOf('another', '', body).toString('base64'), signed: false },
    { header: mac.toString('hex'), signed: false },
    { header: mac.subarray(0, 31).toString('base64'), signed: false },
    { header: '', signed: false },
    { header: null, signed: false },
  ]
  return kinds[kind] ?? { header: mac.toString('base64'), signed: true }
}

export const chosen = fc.record({
  tag: tagOf,
  // The first dozen are forgeries of one kind each, the others signed as they should be.
  kind: fc.noBias(fc.integer({ min: 0, max: 30 })),
  bit: fc.noBias(fc.integer({ min: 0, max: 255 })),
  type: fc.oneof(
    { weight: 15, arbitrary: fc.constantFrom(...GOOD_TYPES) },
    { weight: 1, arbitrary: fc.constantFrom(...BAD_TYPES) },
  ),
})

const snapshot = (cast: Cast) =>
  fc
    .record({
      tag: tagOf,
      type: typeOf,
      object: fc.oneof(
        tagOf.map((tag) => `cs_test_${tag}`),
        fc.constantFrom(...cast.players.map(({ order }) => order)),
      ),
    })
    .map(({ tag, type, object }) => ({
      id: `evt_${tag}`,
      object: 'event',
      type,
      livemode: false,
      data: { object: { id: object, object: 'checkout.session', payment_intent: `pi_${tag}` } },
    }))
const SNAPSHOT_KEYS = [
  'id',
  'object',
  'type',
  'livemode',
  'account',
  'data',
  'data.object',
  'data.object.id',
  'data.object.payment_intent',
]

const thin = fc.record({ tag: tagOf, type: typeOf }).map(({ tag, type }) => ({
  id: `evt_${tag}`,
  object: 'v2.core.event',
  type: `v1.${type}`,
  livemode: false,
  snapshot_event: `evt_${tag}snap`,
  related_object: { id: `cs_test_${tag}`, type: 'checkout.session', url: '/v1/x' },
}))
const THIN_KEYS = [
  'id',
  'type',
  'context',
  'snapshot_event',
  'related_object',
  'related_object.id',
  'object',
]

export function stripeLetters(cast: Cast): fc.Arbitrary<Knock> {
  const text = fc.oneof(
    { weight: 4, arbitrary: mutated(snapshot(cast), SNAPSHOT_KEYS) },
    { weight: 1, arbitrary: mutated(thin, THIN_KEYS) },
    { weight: 1, arbitrary: fc.json() },
  )
  const body = damaged(text.map((each) => Buffer.from(each)))
  return fc.tuple(body, chosen).map(([bytes, { tag, kind, bit, type }]) => {
    const { header, signed } = stripeSignature(bytes, cast.stripeSecret, kind, bit)
    return letter(
      'stripe',
      bytes,
      { tag, signed, readable: GOOD_TYPES.includes(type) },
      {
        'content-type': type,
        'x-tag': tag,
        ...(header === null ? {} : { 'stripe-signature': header }),
      },
    )
  })
}

const lineEvent = (cast: Cast) =>
  fc
    .record({
      tag: tagOf,
      type: fc.constantFrom('message', 'message', 'postback', 'follow', 'follow', 'somethingNew'),
      userId: fc.oneof(
        fc.noBias(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })).map((n) => {
          return `U${n.toString(16).padStart(32, '0')}`
        }),
        fc.constantFrom(...cast.players.map(({ userId }) => userId)),
      ),
      timestamp: fc.oneof(fc.integer(), fc.double(), fc.constant(Date.now())),
    })
    .map(({ tag, type, userId, timestamp }) => ({
      type,
      mode: 'active',
      timestamp,
      source: { type: 'user', userId },
      webhookEventId: `01${tag}`,
      deliveryContext: { isRedelivery: false },
    }))
const LINE_KEYS = ['type', 'mode', 'timestamp', 'source', 'source.userId', 'webhookEventId']

export function lineLetters(cast: Cast): fc.Arbitrary<Knock> {
  const events = fc.array(mutated(lineEvent(cast), LINE_KEYS, 2), { maxLength: 4 })
  const text = fc.oneof(
    {
      weight: 6,
      arbitrary: events.map((each) => `{"destination":"U","events":[${each.join(',')}]}`),
    },
    { weight: 1, arbitrary: fc.json() },
  )
  const body = damaged(text.map((each) => Buffer.from(each)))
  return fc.tuple(body, chosen).map(([bytes, { tag, kind, bit, type }]) => {
    const { header, signed } = lineSignature(bytes, cast.lineSecret, kind, bit)
    // LINE's letterbox reads any type that is one.
    return letter(
      'line',
      bytes,
      { tag, signed, readable: type.includes('/') },
      {
        'content-type': type,
        'x-tag': tag,
        ...(header === null ? {} : { 'x-line-signature': header }),
      },
    )
  })
}

export function letter(
  from: NonNullable<Knock['letter']>['from'],
  body: Buffer,
  { tag, ...known }: Omit<NonNullable<Knock['letter']>, 'from'> & { tag: string },
  headers: Record<string, string>,
): Knock {
  const path = `/webhooks/${from}`
  const kind = { from, ...known }
  return { door: path, method: 'POST', path, headers, body, tag, who: null, letter: kind }
}
