import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode } from '../shared/api.ts'

/** The page need not explain these: only vendors knock at the letterboxes. */
export type LetterboxCode = 'bad_signature' | 'busy'

/** Seconds after which it is worth coming back. Stripe and LINE go by their own plan; others may heed it. */
const COME_BACK_SECONDS = 5

/** An answer that is not what was asked for: a stable code, and a sentence that says what to do. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly status: number
  readonly code: ErrorCode | LetterboxCode
  constructor(status: number, code: ErrorCode | LetterboxCode, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const TOO_MANY = 'Too many requests. Wait a minute and try again.'
const NOT_EXPECTED = 'The request is not what this address expects.'
const BY_STATUS: Record<number, [ErrorCode, string]> = {
  400: ['bad_request', NOT_EXPECTED],
  404: ['not_found', 'There is nothing at this address.'],
  408: ['bad_request', 'The request took too long to arrive. Send it again.'],
  413: ['bad_request', 'The request is too large.'],
  414: ['bad_request', 'The address is too long.'],
  415: ['bad_request', 'Send JSON, with the header content-type: application/json.'],
  429: ['too_many_requests', TOO_MANY],
  431: ['bad_request', 'The headers are too large.'],
}

export function tooManyRequests(): Refusal {
  return new Refusal(429, 'too_many_requests', TOO_MANY)
}

/**
 * The one way an error leaves the house. Nothing of it is copied but the status: a StripeError that
 * reaches Fastify carries Stripe's own headers and words, and Fastify would send both.
 */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const refusal = refusalOf(error)
  // A busy house says so once, in record-events.ts; a line for each letter would be a flood of its own.
  if (refusal.code === 'busy') reply.header('retry-after', COME_BACK_SECONDS)
  else if (refusal.status >= 500) request.log.error({ err: error }, 'a request failed')
  return reply.code(refusal.status).send(wordsOf(refusal))
}

function wordsOf({ code, message }: { code: string; message: string }) {
  return { error: { code, message } }
}

function refusalOf(error: FastifyError): Refusal {
  if (error instanceof Refusal) return error
  // Only Fastify's own errors may choose a status: a vendor's `statusCode` is about another request.
  const own = typeof error.code === 'string' && error.code.startsWith('FST_')
  const status = own || error.validation ? (error.statusCode ?? 500) : 500
  return isOurFault(status)
    ? new Refusal(
        500,
        'internal',
        'Something went wrong on our side. Please try again in a moment.',
      )
    : refusalBy(status)
}

const isOurFault = (status: number) => status < 400 || status >= 500

function refusalBy(status: number): Refusal {
  const [code, message] = BY_STATUS[status] ?? ['bad_request', NOT_EXPECTED]
  return new Refusal(status, code, message)
}

export function answerNotFound(_request: FastifyRequest, reply: FastifyReply) {
  return reply.code(404).send(wordsOf(refusalBy(404)))
}

/**
 * What is not even HTTP never reaches a route. Answered in the same shape, and the connection ends:
 * where one request stops and the next begins is no longer sure.
 */
export function answerUnreadable(headers: Record<string, string>) {
  return (error: Error & { code?: string }, socket: Socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return
    if (socket.writable) socket.write(rawAnswer(statusOfBroken(error.code), headers))
    socket.destroy(error)
  }
}

function statusOfBroken(code: string | undefined): number {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408
  return code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
}

function rawAnswer(status: number, headers: Record<string, string>): string {
  const body = JSON.stringify(wordsOf(refusalBy(status)))
  const all = {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n')
}
