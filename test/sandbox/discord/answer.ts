import type { FastifyReply } from 'fastify'

/** What Discord says, before it becomes HTTP. */
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> }

export const NOTHING: Answer = { status: 204 }

export function ok(body: unknown, status = 200): Answer {
  return { status, body }
}

/** Discord's error shape. `errors` tells the faults of a form, nested as the form is. */
export function refuse(status: number, code: number, message: string, errors?: object): Answer {
  return { status, body: { message, code, ...(errors && { errors }) } }
}

export function give(reply: FastifyReply, { status, body, headers = {} }: Answer): FastifyReply {
  return reply.code(status).headers(headers).send(body)
}

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
export const REFUSED = {
  badToken: refuse(401, 0, '401: Unauthorized'),
  noSuchRoute: refuse(404, 0, '404: Not Found'),
  /** What an unknown User-Agent hears */
  badAgent: refuse(403, 40333, 'internal network error'),
  badJson: refuse(400, 50109, 'The request body contains invalid JSON.'),
  unknownApplication: refuse(404, 10002, 'Unknown Application'),
  unknownChannel: refuse(404, 10003, 'Unknown Channel'),
  unknownGuild: refuse(404, 10004, 'Unknown Guild'),
  unknownMember: refuse(404, 10007, 'Unknown Member'),
  unknownMessage: refuse(404, 10008, 'Unknown Message'),
  unknownRole: refuse(404, 10011, 'Unknown Role'),
  unknownUser: refuse(404, 10013, 'Unknown User'),
  unknownWebhook: refuse(404, 10015, 'Unknown Webhook'),
  unknownCommand: refuse(404, 10063, 'Unknown application command'),
  missingAccess: refuse(403, 50001, 'Missing Access'),
  emptyMessage: refuse(400, 50006, 'Cannot send an empty message'),
  dmsClosed: refuse(403, 50007, 'Cannot send messages to this user'),
  missingPermissions: refuse(403, 50013, 'Missing Permissions'),
  badWebhookToken: refuse(401, 50027, 'Invalid Webhook Token'),
  badRecipient: refuse(400, 50033, 'Invalid Recipient(s)'),
  noSharedServer: refuse(
    403,
    50278,
    'Cannot send messages to this user due to having no mutual guilds',
  ),
} satisfies Record<string, Answer>
