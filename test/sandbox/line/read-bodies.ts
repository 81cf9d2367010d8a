import type { FastifyError, FastifyInstance } from 'fastify'
import { refuse } from './answer.ts'

/** LINE's limit for a request; 413 beyond. */
const MAX_BODY_BYTES = 2 * 1024 * 1024

/** JSON for the Messaging API, forms for the token endpoints, and LINE's words for everything else. */
export function acceptBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const options = { parseAs: 'string', bodyLimit: MAX_BODY_BYTES } as const
  app.addContentTypeParser('application/json', options, (_request, body: string, done) => {
    try {
      // the SDK says application/json also where it sends nothing
      done(null, body === '' ? null : JSON.parse(body))
    } catch {
      done(Object.assign(new Error(UNREADABLE), { statusCode: 400 }))
    }
  })
  app.addContentTypeParser('application/x-www-form-urlencoded', options, (_request, body, done) => {
    done(null, body)
  })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(refuse(404, 'Not found').body))
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500
    const words =
      status === 413
        ? 'The request body is larger than 2 MB'
        : status === 415
          ? `The content type, ${request.headers['content-type']}, is not supported`
          : error.message
    return reply.code(status).send(refuse(status, words).body)
  })
}

const UNREADABLE = 'The request body could not be parsed as JSON (line: -, column: -)'
