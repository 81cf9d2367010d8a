import type { FastifyReply } from 'fastify'

/** An answer as Stripe words it: {error: {type, code, message, param}}. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly body: { type: string; code?: string; message: string; param?: string }

  constructor(
    status: number,
    message: string,
    more: { type?: string; code?: string; param?: string } = {},
  ) {
    super(message)
    this.status = status
    this.body = { type: 'invalid_request_error', message, ...more }
  }
}

export function noSuch(kind: string, id: string, param = 'id'): ApiError {
  return new ApiError(404, `No such ${kind}: '${id}'`, { code: 'resource_missing', param })
}

export function unknownParameter(param: string): ApiError {
  return new ApiError(400, `Received unknown parameter: ${param}`, {
    code: 'parameter_unknown',
    param,
  })
}

/** No Retry-After: Stripe gives none, only which limit it was. */
export function sendTooFast(reply: FastifyReply, over: 'endpoint' | 'global') {
  reply.header('stripe-rate-limited-reason', `${over}-rate`)
  const message =
    'Request rate limit exceeded. You can learn more about rate limits here: https://docs.stripe.com/rate-limits.'
  return sendError(reply, new ApiError(429, message, { code: 'rate_limit' }))
}

export function sendError(reply: FastifyReply, error: ApiError) {
  return reply.code(error.status).send({ error: error.body })
}
