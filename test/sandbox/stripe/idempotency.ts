import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from './api-errors.ts'

/** Stripe keeps keys for a day; so many are enough for a sandbox. */
const MOST_KEYS = 10_000

/**
 * A repeated POST under the same Idempotency-Key gets the first answer again, and the same key with
 * other parameters is refused (https://docs.stripe.com/api/idempotent_requests).
 * `replay` belongs before the handler, `remember` where its answer leaves.
 */
export function createIdempotency() {
  const answers = new Map<string, { fingerprint: string; status: number; payload: unknown }>()
  const toRemember = new WeakMap<FastifyRequest, { key: string; fingerprint: string }>()

  return {
    async replay(request: FastifyRequest, reply: FastifyReply) {
      const key = request.headers['idempotency-key']
      if (request.method !== 'POST' || typeof key !== 'string') return
      const fingerprint = `${request.url}\n${JSON.stringify(request.body)}`
      const known = answers.get(key)
      if (!known) {
        toRemember.set(request, { key, fingerprint })
        return
      }
      if (known.fingerprint !== fingerprint) {
        throw new ApiError(
          400,
          'Keys for idempotent requests can only be used with the same parameters they were first used with.',
          { type: 'idempotency_error' },
        )
      }
      reply.header('idempotent-replayed', 'true').type('application/json; charset=utf-8')
      return reply.code(known.status).send(known.payload)
    },

    remember(request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
      const entry = toRemember.get(request)
      if (!entry) return
      const { key, fingerprint } = entry
      answers.set(key, { fingerprint, status: reply.statusCode, payload })
      if (answers.size > MOST_KEYS) answers.delete(answers.keys().next().value!)
    },
  }
}
