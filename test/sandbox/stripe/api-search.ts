import type { FastifyInstance } from 'fastify'
import type Stripe from 'stripe'
import { strictLimit } from '../strict-limit.ts'
import { ApiError, sendTooFast, unknownParameter } from './api-errors.ts'
import { type Form, textOf } from './parse-form.ts'
import { pathOf } from './serve-api.ts'
import { type State, seconds } from './state.ts'

/** https://docs.stripe.com/search: "under normal conditions, data is searchable in less than one minute". */
const LAG_SECONDS = 60
/** A limit of its own, whatever else the account may ask. */
const A_SECOND = 20
const KNOWN = new Set(['query', 'limit', 'page', 'expand'])

/** Stripe's search: by a query of its own language, late, a page by a token, and 20 times a second. */
export function serveSearch(app: FastifyInstance, state: State): void {
  const limit = strictLimit(A_SECOND)
  app.get('/customers/search', (request, reply) => {
    if (!limit.ask(performance.now())) return sendTooFast(reply, 'endpoint')
    const form = request.query as Form
    for (const key of Object.keys(form)) if (!KNOWN.has(key)) throw unknownParameter(key)
    const fits = readQuery(textOf(form['query']))
    const most = limitIn(form)
    const from = pageIn(form)
    const found = [...state.customers.newestFirst()].filter(
      (each) =>
        each.livemode === request.livemode &&
        !state.deleted.has(each.id) &&
        isFound(state, each, fits),
    )
    const has_more = found.length > from + most
    return {
      object: 'search_result',
      url: pathOf(request),
      data: found.slice(from, from + most),
      has_more,
      next_page: has_more ? Buffer.from(`page ${from + most}`).toString('base64') : null,
    } satisfies Omit<Stripe.ApiSearchResult<Stripe.Customer>, 'total_count'> & {
      next_page: unknown
    }
  })
}

type Seen = Pick<Stripe.Customer, 'email' | 'name' | 'phone' | 'metadata'>
type Fits = (customer: Seen) => boolean

/** As it was a minute ago; whoever is younger is not found at all. */
function isFound(state: State, customer: Stripe.Customer, fits: Fits): boolean {
  const then = seconds({ now: state.wall }) - LAG_SECONDS
  if (customer.created > then) return false
  const past = state.pastCustomers.get(customer.id)?.find(({ until }) => until > then)
  return fits(past?.was ?? customer)
}

const CLAUSE =
  /^(-?)(?:(email|name|phone)|metadata\[(?:'([^']+)'|"([^"]+)")\])\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(null))$/

/** Clauses of the exact kind, all of which must be true. Throws ApiError 400 for whatever else Stripe knows. */
function readQuery(query: string | undefined): Fits {
  if (!query)
    throw new ApiError(400, 'Missing required param: query.', {
      code: 'parameter_missing',
      param: 'query',
    })
  const clauses = query.split(/\s+AND\s+/).map(readClause)
  return (customer) => clauses.every((fits) => fits(customer))
}

function readClause(text: string): Fits {
  const found = CLAUSE.exec(text.trim())
  if (!found)
    throw new ApiError(400, `We were unable to parse your search query: ${text}`, {
      param: 'query',
    })
  const [, not, field, quoted, doubled, single, double] = found
  const key = quoted ?? doubled
  const wanted = (single ?? double)?.replace(/\\(.)/g, '$1') ?? null
  return (customer) => {
    const value = key ? customer.metadata[key] : customer[field as 'email' | 'name' | 'phone']
    const same =
      wanted === null ? !value : (value ?? '').toLowerCase() === wanted.toLowerCase() && !!value
    return not ? !same : same
  }
}

function limitIn(form: Form): number {
  const limit = form['limit'] === undefined ? 10 : Number(form['limit'])
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit
  throw new ApiError(400, 'Invalid limit: must be between 1 and 100', { param: 'limit' })
}

function pageIn(form: Form): number {
  const page = textOf(form['page'])
  if (page === undefined) return 0
  const at = /^page (\d+)$/.exec(Buffer.from(page, 'base64').toString('utf8'))?.[1]
  if (at) return Number(at)
  throw new ApiError(400, 'The page token is invalid.', { param: 'page' })
}
