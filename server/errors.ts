import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode } from '../shared/api.ts'

/** An answer that is not what was asked for: a stable code, and a sentence that says what to do. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly status: number
  readonly code: ErrorCode
  constructor(status: number, code: ErrorCode, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const BY_STATUS: Record<number, [ErrorCode, string]> = {
  400: ['bad_request', 'The request is not what this address expects.'],
  404: ['not_found', 'There is nothing at this address.'],
  413: ['bad_request', 'The request is too large.'],
  415: ['bad_request', 'Send JSON, with the header content-type: application/json.'],
  429: ['too_many_requests', 'Too many requests. Wait a minute and try again.'],
}

/**
 * The one way an error leaves the house. Nothing of it is copied but the status: a StripeError that
 * reaches Fastify carries Stripe's own headers and words, and Fastify would send both.
 */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const refusal = refusalOf(error)
  if (refusal.status >= 500) request.log.error({ err: error }, 'a request failed')
  return reply
    .code(refusal.status)
    .send({ error: { code: refusal.code, message: refusal.message } })
}

function refusalOf(error: FastifyError): Refusal {
  if (error instanceof Refusal) return error
  // Only Fastify's own errors may choose a status: a vendor's `statusCode` is about another request.
  const own = typeof error.code === 'string' && error.code.startsWith('FST_')
  const status = own || error.validation ? (error.statusCode ?? 500) : 500
  const [code, message] = BY_STATUS[status] ?? [
    'internal',
    'Something went wrong on our side. Please try again in a moment.',
  ]
  return new Refusal(BY_STATUS[status] ? status : 500, code, message)
}

export function answerNotFound(_request: FastifyRequest, reply: FastifyReply) {
  const [code, message] = BY_STATUS[404] as [ErrorCode, string]
  return reply.code(404).send({ error: { code, message } })
}
