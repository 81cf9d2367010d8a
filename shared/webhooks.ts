import { type Static, type TOptional, type TSchema, type TString, Type } from 'typebox'
import { ORDER_STATUSES } from './api.ts'
import { LANGUAGES } from './language.ts'
import { UTM_NAMES } from './utm.ts'

/**
 * What other systems are told, by the Standard Webhooks rules: `{type, timestamp, data}`, each the state
 * of that moment. docs/outbound.schema.json is made of this; what stands here is relied upon outside, so
 * fields are added and never change their meaning.
 */
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const OneOf = <const T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>(Type.Enum([...values]))
const Time = Type.String({ description: 'ISO 8601, UTC' })
const Amount = Type.Integer({ description: 'in the currency’s minor unit, as Stripe counts it' })

export const ORDER_EVENTS = ['order.paid', 'order.awaiting_payment', 'order.refunded'] as const
export const MEMBER_EVENTS = ['member.joined', 'member.left', 'member.changed'] as const
/** What an endpoint may ask for. `noren.test` is sent by hand alone. */
export const WEBHOOK_TYPES = [...ORDER_EVENTS, ...MEMBER_EVENTS, 'person.linked'] as const
export type WebhookType = (typeof WEBHOOK_TYPES)[number]

export const WebhookPerson = Type.Object({
  id: Type.String({ description: 'ours, the same on every channel' }),
  lineUserId: Nullable(Type.String()),
  discordUserId: Nullable(Type.String()),
  name: Nullable(
    Type.String({ description: 'as LINE or Discord shows it; people choose it freely' }),
  ),
  email: Nullable(Type.String()),
  language: Nullable(OneOf(LANGUAGES)),
  role: Type.String({ description: 'the role’s id in shop.config.ts, or guest' }),
})
export type WebhookPerson = Static<typeof WebhookPerson>

export const WebhookItem = Type.Object({
  product: Nullable(Type.String({ description: 'prod_…' })),
  price: Nullable(Type.String({ description: 'price_…' })),
  name: Type.String(),
  quantity: Type.Integer(),
  amount: Type.Integer({ description: 'of all of them together, before discounts' }),
  amountTotal: Type.Integer({ description: 'after discounts and with tax' }),
})

const WebhookUtm = Type.Object(
  Object.fromEntries(UTM_NAMES.map((name) => [name, Type.Optional(Type.String())])) as Record<
    (typeof UTM_NAMES)[number],
    TOptional<TString>
  >,
  { description: 'what stood behind the address as utm_source and so on' },
)

export const WebhookOrder = Type.Object({
  id: Type.String({ description: 'cs_…' }),
  number: Type.String({ description: 'short, for people' }),
  status: OneOf(ORDER_STATUSES),
  mode: Type.String({ description: 'payment, subscription or setup' }),
  currency: Type.String(),
  amount: Amount,
  subtotal: Amount,
  discount: Amount,
  shipping: Amount,
  tax: Amount,
  refunded: Amount,
  items: Type.Array(WebhookItem, { description: 'the first 100' }),
  itemCount: Type.Integer({ description: 'all of them' }),
  paymentMethod: Nullable(Type.String()),
  source: Nullable(Type.String({ description: 'where the sale came from' })),
  utm: Nullable(WebhookUtm),
  link: Nullable(Type.String({ description: 'plink_…' })),
  customer: Nullable(Type.String({ description: 'cus_…' })),
  person: Nullable(WebhookPerson),
  ownership: Nullable(
    Type.String({
      description:
        'how we know the person: sealed and claimed are proof, payer is a mailbox that was typed at the till, bare is a claim that anybody can make',
    }),
  ),
  createdAt: Time,
  paidAt: Nullable(Time),
})
export type WebhookOrder = Static<typeof WebhookOrder>

export const WebhookPlan = Type.Object({
  price: Type.String({ description: 'price_…' }),
  name: Type.String({ description: 'as Stripe calls it' }),
  amount: Nullable(Type.Integer({ description: 'for one interval' })),
  currency: Type.String(),
  interval: OneOf(['day', 'week', 'month', 'year']),
  intervalCount: Type.Integer(),
})
export type WebhookPlan = Static<typeof WebhookPlan>

export const WebhookMember = Type.Object({
  person: WebhookPerson,
  role: Type.Object({ before: Type.String(), after: Type.String() }),
  change: OneOf(['role', 'plan', 'status']),
  kind: Nullable(OneOf(['subscription', 'purchase', 'gift'])),
  since: Nullable(Time),
  status: Nullable(
    Type.String({ description: 'active, trial, leaving, past_due, paused, lapsed, ended …' }),
  ),
  plan: Nullable(WebhookPlan),
  planBefore: Nullable(WebhookPlan),
  currentPeriodEnd: Nullable(Time),
  endsAt: Nullable(Time),
  subscription: Nullable(Type.String({ description: 'sub_…' })),
  customer: Nullable(Type.String({ description: 'cus_…' })),
})
export type WebhookMember = Static<typeof WebhookMember>

export const WebhookLink = Type.Object({
  person: WebhookPerson,
  account: Nullable(
    Type.Object(
      { channel: OneOf(['line', 'discord', 'mail']), address: Type.String() },
      {
        description: 'the account by which the person is known now',
      },
    ),
  ),
  customers: Type.Array(Type.String(), { description: 'all cus_… of this person' }),
  how: Type.String({ description: 'checkout, claim, or whatever else proved it' }),
  was: Nullable(
    Type.String({
      description:
        'the person whose the customers were until now, where two turned out to be one, or two again',
    }),
  ),
  order: Nullable(Type.String({ description: 'cs_…' })),
})
export type WebhookLink = Static<typeof WebhookLink>

const eventOf = <const T extends string, D extends TSchema>(type: T, data: D) =>
  Type.Object({ type: Type.Literal(type), timestamp: Time, data }, { title: type })

const Refund = Type.Object({
  id: Type.String({ description: 're_…' }),
  amount: Type.Integer({ description: 'this refund’s own' }),
})

export const WebhookEvent = Type.Union([
  eventOf('order.paid', WebhookOrder),
  eventOf('order.awaiting_payment', WebhookOrder),
  eventOf('order.refunded', Type.Intersect([WebhookOrder, Type.Object({ refund: Refund })])),
  eventOf('member.joined', WebhookMember),
  eventOf('member.left', WebhookMember),
  eventOf('member.changed', WebhookMember),
  eventOf('person.linked', WebhookLink),
  eventOf('noren.test', Type.Object({ message: Type.String() })),
])
export type WebhookEvent = Static<typeof WebhookEvent>

/** Named parts, so that docs/outbound.schema.json says each once. */
const DEFINITIONS = {
  Person: WebhookPerson,
  Item: WebhookItem,
  Order: WebhookOrder,
  Plan: WebhookPlan,
  Member: WebhookMember,
  Link: WebhookLink,
}

/** As docs/outbound.schema.json has it. */
export function webhookSchema(): object {
  const parts = Object.entries(DEFINITIONS)
  const named = (part: unknown, within?: unknown): unknown => {
    if (Array.isArray(part)) return part.map((each) => named(each))
    if (typeof part !== 'object' || part === null) return part
    const name = part !== within && parts.find(([, schema]) => schema === part)?.[0]
    if (name) return { $ref: `#/$defs/${name}` }
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, named(value)]))
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What Noren tells other systems',
    ...(named(WebhookEvent) as object),
    $defs: Object.fromEntries(parts.map(([name, schema]) => [name, named(schema, schema)])),
  }
}

/** May an endpoint ask for it? A type, `order.*`, or `*`. */
export function isWebhookPattern(pattern: string): boolean {
  return WEBHOOK_TYPES.some((type) => wantsWebhook([pattern], type))
}

export function wantsWebhook(patterns: readonly string[], type: string): boolean {
  return patterns.some(
    (pattern) =>
      pattern === '*' ||
      pattern === type ||
      (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1))),
  )
}
