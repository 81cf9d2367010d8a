import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import Stripe from 'stripe'
import { createRateLimit, type RateLimiter } from '../strict-limit.ts'
import { ApiError, sendError, sendTooFast } from './api-errors.ts'
import { createFaults, type Faults } from './faults.ts'
import { createIdempotency } from './idempotency.ts'
import type { State } from './state.ts'

/** The status under which the timeline shows a request that got no answer. */
const NO_ANSWER = 0

export type ApiControls = {
  latencyMs: number
  requests: string[]
  faults: Faults
  rate: RateLimiter
}

declare module 'fastify' {
  interface FastifyRequest {
    /** True when the caller's key is a live one: it sees live objects and no test ones */
    livemode: boolean
    began: number
  }
}

export function createControls(latencyMs: number, signal: AbortSignal): ApiControls {
  return { latencyMs, requests: [], faults: createFaults(signal), rate: createRateLimit() }
}

/**
 * What is true for every call of the API, whatever it asks: logged, delayed, spoiled where a fault
 * waits for it, refused without a key, answered in Stripe's words.
 */
export function guardApi(
  app: FastifyInstance,
  state: State,
  keys: { test: string; live: string },
  controls: ApiControls,
  signal: AbortSignal,
): void {
  app.decorateRequest('livemode', false)
  app.decorateRequest('began', 0)
  app.addHook('onRequest', async (request, reply) => {
    request.began = performance.now()
    const line = lineOf(request)
    note(controls.requests, line, state.keep)
    reply.header('request-id', state.ids.id('req_', 14))
    reply.header('stripe-version', Stripe.API_VERSION)
    // Asked at the door, before anybody waits: Stripe counts when a call comes.
    const over = controls.rate.meet(`${request.method} ${request.routeOptions.url}`)
    if (controls.latencyMs > 0) {
      await wait(controls.latencyMs, undefined, { signal }).catch(() => {})
    }
    if (over) return sendTooFast(reply, over)
    const met = await controls.faults.meet(line, request, reply)
    if (met === 'silent') report(state, request, NO_ANSWER)
    if (met !== 'through') return reply
    request.livemode = checkKey(request, keys)
  })
  const idempotency = createIdempotency()
  app.addHook('preHandler', idempotency.replay)
  app.addHook('preHandler', async (request, reply) => controls.faults.failBegun(request, reply))
  app.addHook('onSend', async (request, reply, payload) => {
    idempotency.remember(request, reply, payload)
    if (controls.faults.dropAfter(request, reply)) report(state, request, NO_ANSWER)
    await controls.faults.hangAfter(request)
  })
  app.addHook('onResponse', async (request, reply) => report(state, request, reply.statusCode))
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof ApiError) return sendError(reply, error)
    const message = error instanceof Error ? error.message : String(error)
    return sendError(reply, new ApiError(500, `sandbox: ${message}`, { type: 'api_error' }))
  })
  app.setNotFoundHandler((request, reply) =>
    sendError(
      reply,
      new ApiError(
        404,
        `Unrecognized request URL (${request.method}: ${pathOf(request)}). The sandbox does not know it.`,
      ),
    ),
  )
}

/** "GET /v1/checkout/sessions/cs_…": without the query */
function lineOf(request: FastifyRequest): string {
  return `${request.method} ${pathOf(request)}`
}

export function pathOf(request: FastifyRequest): string {
  const end = request.url.indexOf('?')
  return end === -1 ? request.url : request.url.slice(0, end)
}

function note(requests: string[], line: string, keep: number): void {
  requests.push(line)
  if (requests.length > keep * 2) requests.splice(0, requests.length - keep)
}

/** Stripe takes the key as a bearer token or as the user name of basic authentication. */
function checkKey(request: FastifyRequest, keys: { test: string; live: string }): boolean {
  const [scheme, given = ''] = (request.headers.authorization ?? '').split(' ')
  const key =
    scheme === 'Basic' ? Buffer.from(given, 'base64').toString('utf8').split(':')[0] : given
  if (key === keys.test) return false
  if (key === keys.live) return true
  const message = key
    ? `Invalid API Key provided: ${key.slice(0, 8)}****`
    : 'You did not provide an API key.'
  throw new ApiError(401, message)
}

function report(state: State, request: FastifyRequest, status: number): void {
  state.watch({
    at: state.now().getTime(),
    from: 'noren',
    to: 'stripe',
    title: lineOf(request).replace(/([a-z]+_(?:test_|live_)?\w{6})\w{10,}/g, '$1…'),
    status,
    milliseconds: Math.round(performance.now() - request.began),
  })
}
