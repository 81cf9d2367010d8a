import {
  type APIInteractionResponse,
  type APIInteractionResponseCallbackData,
  MessageFlags,
  InteractionResponseType as Response,
} from 'discord-api-types/v10'
import type { DiscordMessage } from '../types.ts'
import { messageRefusal } from './check-message.ts'
import type { DiscordState, HeldMessage, Ticket } from './discord-state.ts'
import { editMessage, type MessageBody, putMessage, viewOf } from './messages.ts'
import type { PostedAnswer } from './send-interaction.ts'

const DID_NOT_RESPOND: MessageBody = { content: 'The application did not respond' }

/** Noren's first answer becomes what the user sees; without a good one Discord tells them so, and the token is dead. */
export function takeAnswer(
  discord: DiscordState,
  ticket: Ticket,
  what: string,
  { status, body }: PostedAnswer,
): DiscordMessage {
  const place = { channel: ticket.channel, answers: ticket.typed }
  const why = status === 200 ? faultOf(ticket, body) : `answered ${status || 'nothing in time'}`
  if (why) {
    discord.unanswered.push({ what, why })
    discord.tickets.delete(ticket.token)
    return viewOf(putMessage(discord, { ...place, onlyFor: ticket.person.id }, DID_NOT_RESPOND))
  }
  const original = shown(discord, ticket, body as APIInteractionResponse)
  if (!original) throw new Error('an answer that was found good shows nothing')
  Object.assign(ticket, { original, answered: true })
  return viewOf(original)
}

/** What is wrong with an answer; null for a good one. */
function faultOf({ pressed }: Ticket, body: unknown): string | null {
  const { type, data } = (body ?? {}) as { type?: unknown; data?: MessageBody }
  const fresh = type === Response.ChannelMessageWithSource
  const update = type === Response.UpdateMessage
  const deferred = type === Response.DeferredChannelMessageWithSource
  const later = type === Response.DeferredMessageUpdate
  if (!pressed && (update || later)) return `type ${type} answers only a button`
  if (deferred || later) return null
  if (!fresh && !update) return `type ${type} is no answer to a command or a button`
  const refusal = messageRefusal(data ?? {}, update ? pressed : null)
  return refusal ? JSON.stringify(refusal.body) : null
}

function shown(
  discord: DiscordState,
  { channel, typed, person, pressed }: Ticket,
  answer: APIInteractionResponse,
): HeldMessage | null {
  const data = 'data' in answer ? (answer.data as APIInteractionResponseCallbackData) : undefined
  const onlyFor = (data?.flags ?? 0) & MessageFlags.Ephemeral ? person.id : null
  const place = { channel, onlyFor, answers: typed }
  if (answer.type === Response.ChannelMessageWithSource)
    return putMessage(discord, place, data as MessageBody)
  if (answer.type === Response.DeferredChannelMessageWithSource)
    return putMessage(discord, place, null)
  if (answer.type === Response.UpdateMessage && pressed)
    editMessage(discord, pressed, (data ?? {}) as MessageBody)
  return pressed
}
