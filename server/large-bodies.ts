import type { FastifyInstance } from 'fastify'
import { Refusal } from './errors.ts'

/** Vendors' letters are 2 to 30 KB. One that says so is let in, however many large ones are on their way. */
const SMALL = 65_536
/** Together; 32 letters of the largest kind. */
const MOST_BYTES = 33_554_432

/**
 * A letter is read before its signature can be checked, so a thousand strangers with a megabyte each
 * would be a gigabyte. Large ones share a fixed room, and one too many is asked to come back. They
 * count with what they announce (with `limit` where they announce nothing), until they are answered
 * or gone.
 */
export function shareRoomForLarge(app: FastifyInstance, limit: number): void {
  let taken = 0
  app.addHook('onRequest', (request, reply, done) => {
    const size = announced(request.headers, limit)
    if (size <= SMALL) return done()
    if (taken + size > MOST_BYTES) {
      // What is still coming would have to be read to its end, only to be thrown away.
      reply.header('connection', 'close')
      return done(new Refusal(503, 'busy', 'Too many large letters at once. Please send it again.'))
    }
    taken += size
    reply.raw.once('close', () => {
      taken -= size
    })
    done()
  })
}

function announced(headers: Record<string, unknown>, limit: number): number {
  if (headers['transfer-encoding'] !== undefined) return limit
  // What is over the limit is refused before a byte of it is kept.
  return Math.min(Number(headers['content-length']) || 0, limit)
}
