import { MessageFlags } from 'discord-api-types/v10'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Answer, give, NOTHING, ok, REFUSED } from './answer.ts'
import { messageRefusal } from './check-message.ts'
import type { DiscordState, HeldMessage, Ticket } from './discord-state.ts'
import { dropMessage, editMessage, type MessageBody, putMessage } from './messages.ts'
import { apiMessage } from './objects.ts'

type Ids = { application: string; token: string; message: string }
type Asked = FastifyRequest<{ Params: Ids }>

/**
 * What an interaction's token opens, for 15 minutes: its first answer, and answers after it. Until Discord has
 * the first answer in hand, a token is of no webhook that it knows (404 10015); afterwards, when it is too old, it
 * is a bad one (401 50027), which counts as an invalid request.
 */
export function interactionRoutes(api: FastifyInstance, discord: DiscordState): void {
  const answering = (answer: (ticket: Ticket, asked: Asked) => Answer) => (request: unknown) => {
    const asked = request as Asked
    const { application, token } = asked.params
    const ticket = discord.tickets.get(token)
    if (application !== discord.applicationId) return REFUSED.unknownWebhook
    if (!ticket || ticket.until <= discord.now()) return REFUSED.badWebhookToken
    return ticket.answered ? answer(ticket, asked) : REFUSED.unknownWebhook
  }
  const base = '/webhooks/:application/:token'
  const one = `${base}/messages/:message`
  const follow = answering((ticket, { body }) => followUp(discord, ticket, body as MessageBody))
  const show = answering((ticket, { params }) => {
    const message = meant(discord, ticket, params.message)
    return message ? ok(apiMessage(discord, message)) : REFUSED.unknownMessage
  })
  const edit = answering((ticket, { params, body }) => {
    const message = meant(discord, ticket, params.message)
    if (!message) return REFUSED.unknownMessage
    const refusal = messageRefusal(body as MessageBody, message)
    if (refusal) return refusal
    editMessage(discord, message, body as MessageBody)
    return ok(apiMessage(discord, message))
  })
  const drop = answering((ticket, { params }) => {
    const message = meant(discord, ticket, params.message)
    if (!message) return REFUSED.unknownMessage
    dropMessage(discord, message)
    return NOTHING
  })
  api.post(base, async (request, reply) => give(reply, follow(request)))
  api.get(one, async (request, reply) => give(reply, show(request)))
  api.patch(one, async (request, reply) => give(reply, edit(request)))
  api.delete(one, async (request, reply) => give(reply, drop(request)))
}

function meant(discord: DiscordState, ticket: Ticket, id: string): HeldMessage | null {
  return id === '@original' ? ticket.original : (discord.messages.get(id) ?? null)
}

/** The first one after "is thinking" takes that one's place, whatever its flags say: so it was, and still is. */
function followUp(discord: DiscordState, ticket: Ticket, body: MessageBody): Answer {
  const refusal = messageRefusal(body)
  if (refusal) return refusal
  if (ticket.original?.thinking) {
    editMessage(discord, ticket.original, body)
    return ok(apiMessage(discord, ticket.original))
  }
  const onlyFor = (body.flags ?? 0) & MessageFlags.Ephemeral ? ticket.person.id : null
  const place = { channel: ticket.channel, onlyFor, answers: ticket.typed }
  return ok(apiMessage(discord, putMessage(discord, place, body)))
}
