import type { FastifyReply } from 'fastify'

/** What the Messaging API says, before it becomes HTTP. */
export type Answer = { status: number; body: object; headers?: Record<string, string> }

export function ok(body: object = {}): Answer {
  return { status: 200, body }
}

export function give(reply: FastifyReply, { status, body, headers = {} }: Answer): FastifyReply {
  return reply.code(status).headers(headers).send(body)
}

/** LINE's error shape: `{message, details?}`. */
export function refuse(status: number, message: string, more: object = {}): Answer {
  return { status, body: { message, ...more } }
}
