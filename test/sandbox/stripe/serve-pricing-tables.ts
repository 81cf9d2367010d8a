import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type Stripe from 'stripe'
import { customerBehind } from './api-customer-sessions.ts'
import { openFromTable, TableRefused } from './open-from-table.ts'
import { type Form, textOf } from './parse-form.ts'
import { idOf, must, type PricingTable, type State } from './state.ts'

type ById = { Params: { id: string } }

const FILES = join(import.meta.dirname, 'table-page')
const TYPES: Record<string, string> = {
  'pricing-table.js': 'text/javascript; charset=utf-8',
  'pricing-table-app.js': 'text/javascript; charset=utf-8',
  'pricing-table-app.css': 'text/css; charset=utf-8',
  'pricing-table-app.html': 'text/html; charset=utf-8',
}

/** What js.stripe.com has for a pricing table: the element for the shop's page, and the page in its frame. */
export function servePricingTables(app: FastifyInstance, state: State, key: string): void {
  for (const [name, type] of Object.entries(TYPES))
    app.get(`/v3/${name}`, (_request, reply) => reply.type(type).send(fileNamed(name)))

  app.get<ById>('/v3/pricing-table/:id', (request, reply) => {
    const query = request.query as Form
    const table = state.pricingTables.get(request.params.id)
    if (!table || textOf(query['key']) !== key) return refuse(reply, 'no such table')
    const secret = textOf(query['customer_session'])
    if (secret && !customerBehind(state, secret)) return refuse(reply, 'the session is over')
    return { offers: table.prices.map((row) => offerOf(state, row)) }
  })

  app.post<ById>('/v3/pricing-table/:id/sessions', (request, reply) => {
    const form = (request.body ?? {}) as Form
    const given = (name: string) => textOf(form[name]) || undefined
    if (given('key') !== key) return refuse(reply, 'no such table')
    const [reference, email, customerSession] = [
      given('reference'),
      given('email'),
      given('customer_session'),
    ]
    try {
      const session = openFromTable(state, request.params.id, {
        price: given('price') ?? '',
        ...(reference && { reference }),
        ...(email && { email }),
        ...(customerSession && { customerSession }),
      })
      state.watch({
        at: state.now().getTime(),
        from: 'buyer',
        to: 'stripe',
        title: 'chooses a plan in the pricing table',
        detail: { session: session.id, reference: session.client_reference_id },
      })
      return { url: session.url }
    } catch (error) {
      if (!(error instanceof TableRefused)) throw error
      return refuse(reply, error.message)
    }
  })
}

function fileNamed(name: string): string {
  return readFileSync(join(FILES, name), 'utf8')
}

function refuse(reply: FastifyReply, error: string) {
  return reply.code(400).send({ error })
}

type Interval = NonNullable<Stripe.Price['recurring']>['interval']
type Shown = {
  price: string
  product: string
  name: string
  description: string | null
  amount: number
  currency: string
  interval: Interval | null
  trialDays: number
}

function offerOf(state: State, row: PricingTable['prices'][number]): Shown {
  const price = must(state.prices, row.price)
  const product = must(state.products, idOf(price.product))
  return {
    price: price.id,
    product: product.id,
    name: product.name,
    description: product.description,
    amount: price.unit_amount ?? 0,
    currency: price.currency,
    interval: price.recurring?.interval ?? null,
    trialDays: row.trialDays,
  }
}
