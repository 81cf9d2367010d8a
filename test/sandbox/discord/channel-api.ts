import { ChannelType } from 'discord-api-types/v10'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Answer, give, ok, REFUSED } from './answer.ts'
import { messageRefusal } from './check-message.ts'
import type { DiscordState } from './discord-state.ts'
import { collected, invalidForm, textFault } from './form-faults.ts'
import { chatterIn, chatWith, type MessageBody, putMessage } from './messages.ts'
import { apiMessage, apiUser } from './objects.ts'
import { olderFirst } from './snowflakes.ts'

/** "A few minutes" in Discord's words; the shortest that this can be taken for. */
const NONCE_MS = 2 * 60_000

type Asked = FastifyRequest<{ Params: { channel: string }; Querystring: Record<string, string> }>

/** Chats with one user, and what is written into them. */
export function channelRoutes(api: FastifyInstance, discord: DiscordState): void {
  api.post('/users/@me/channels', async ({ body }, reply) => {
    const { recipient_id } = (body ?? {}) as { recipient_id?: unknown }
    const person = discord.people.get(String(recipient_id))
    // Discord opens a chat with anybody; whether they are let in shows when something is written.
    if (!person || person.bot) return give(reply, REFUSED.badRecipient)
    return give(reply, showChannel(discord, chatWith(discord, person.id)))
  })
  const known = (answer: (asked: Asked) => Answer) => (asked: unknown) =>
    isChannel(discord, (asked as Asked).params.channel)
      ? answer(asked as Asked)
      : REFUSED.unknownChannel
  const show = known(({ params }) => showChannel(discord, params.channel))
  const list = known(({ params, query }) => listMessages(discord, params.channel, query))
  const send = known(({ params, body }) =>
    sendMessage(discord, params.channel, (body ?? {}) as MessageBody),
  )
  api.get('/channels/:channel', async (asked, reply) => give(reply, show(asked)))
  api.get('/channels/:channel/messages', async (asked, reply) => give(reply, list(asked)))
  api.post('/channels/:channel/messages', async (asked, reply) => give(reply, send(asked)))
}

function isChannel(discord: DiscordState, channel: string): boolean {
  return channel === discord.channelId || chatterIn(discord, channel) !== null
}

function showChannel(discord: DiscordState, id: string): Answer {
  const person = discord.people.get(chatterIn(discord, id) ?? '')
  if (!person)
    return ok({ id, type: ChannelType.GuildText, guild_id: discord.guildId, name: 'ご案内' })
  return ok({ id, type: ChannelType.DM, last_message_id: null, recipients: [apiUser(person)] })
}

/** Newest first. What only one person sees is not in the list. */
function listMessages(
  discord: DiscordState,
  channel: string,
  { limit = '50', after, before }: Record<string, string>,
): Answer {
  const most = Number(limit)
  if (!Number.isInteger(most) || most < 1 || most > 100)
    return invalidForm({
      limit: ['NUMBER_TYPE_MAX', 'int value should be less than or equal to 100.'],
    })
  const there = [...discord.messages.values()]
    .filter((message) => message.channel === channel && !message.onlyFor)
    .filter(({ id }) => !after || olderFirst(after, id) < 0)
    .filter(({ id }) => !before || olderFirst(id, before) < 0)
    .sort((a, b) => olderFirst(b.id, a.id))
  // With `after` alone the page begins there, not at the newest.
  const page = after && !before ? there.slice(-most) : there.slice(0, most)
  return ok(page.map((message) => apiMessage(discord, message)))
}

function sendMessage(discord: DiscordState, channel: string, body: MessageBody): Answer {
  const { nonce, enforce_nonce } = body
  const fault = collected({ nonce: textFault(nonce === undefined ? nonce : String(nonce), 25) })
  if (Object.keys(fault).length > 0) return invalidForm(fault)
  const refusal = messageRefusal(body) ?? closedChat(discord, channel)
  if (refusal) return refusal
  const key = `${channel} ${nonce}`
  const earlier = discord.nonces.get(key)
  const same = enforce_nonce && earlier && earlier.until > discord.now()
  const known = same ? discord.messages.get(earlier.message) : undefined
  const message = known ?? putMessage(discord, { channel, onlyFor: null, answers: null }, body)
  if (nonce !== undefined && !known)
    discord.nonces.set(key, { message: message.id, until: discord.now() + NONCE_MS })
  return ok({ ...apiMessage(discord, message), ...(nonce !== undefined && { nonce }) })
}

/** Why nothing may be written here; undefined when it may. */
function closedChat(discord: DiscordState, channel: string): Answer | undefined {
  const person = discord.people.get(chatterIn(discord, channel) ?? '')
  if (!person) return discord.inServer ? undefined : REFUSED.missingAccess
  if (!person.member || !discord.inServer) return REFUSED.noSharedServer
  return person.dms ? undefined : REFUSED.dmsClosed
}
