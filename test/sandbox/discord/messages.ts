import type {
  APIEmbed,
  APIMessageTopLevelComponent,
  RESTPostAPIChannelMessageJSONBody,
} from 'discord-api-types/v10'
import type { DiscordMessage } from '../types.ts'
import type { DiscordState, HeldMessage } from './discord-state.ts'
import { olderFirst } from './snowflakes.ts'

export type MessageBody = Pick<
  RESTPostAPIChannelMessageJSONBody,
  'content' | 'embeds' | 'components' | 'flags' | 'nonce' | 'enforce_nonce'
>
type Place = Pick<HeldMessage, 'channel' | 'onlyFor' | 'answers'>

/** Puts a message into a channel; without a body the bot is thinking. */
export function putMessage(
  discord: DiscordState,
  place: Place,
  body: MessageBody | null,
): HeldMessage {
  const message: HeldMessage = {
    ...{ id: discord.nextId(), at: discord.iso(), editedAt: null, ...place },
    ...{ thinking: body === null, content: '', embeds: [], components: [] },
  }
  discord.messages.set(message.id, message)
  if (body) fill(discord, message, body)
  return message
}

/** What the body does not name stays as it is. A message that was thinking has its answer now. */
export function editMessage(discord: DiscordState, message: HeldMessage, body: MessageBody): void {
  if (!message.thinking) message.editedAt = discord.iso()
  message.thinking = false
  fill(discord, message, body)
}

/** What answered something by it finds it no more. */
export function dropMessage(discord: DiscordState, message: HeldMessage): void {
  discord.messages.delete(message.id)
  for (const ticket of discord.tickets.values())
    if (ticket.original === message) ticket.original = null
}

function fill(discord: DiscordState, message: HeldMessage, body: MessageBody): void {
  const { content, embeds, components } = body
  if (content !== undefined) message.content = (content ?? '').trim()
  if (embeds !== undefined) message.embeds = (embeds ?? []).map(asKept)
  if (components !== undefined) message.components = numbered(components ?? [])
  const title = message.content || (message.embeds[0]?.title ?? message.embeds[0]?.description)
  const to = message.onlyFor ?? chatterIn(discord, message.channel)
  const detail = { to: to && discord.people.get(to)?.name, message: viewOf(message) }
  discord.watch({
    ...{ at: discord.now(), from: 'discord', to: 'buyer', title: title ?? 'message', detail },
  })
}

/** As Discord gives an embed back: texts trimmed, every field with its `inline`. */
function asKept(embed: APIEmbed): APIEmbed {
  const { title, description, fields, footer, author, timestamp } = embed
  return {
    ...structuredClone(embed),
    ...{ type: 'rich' as APIEmbed['type'] & string },
    ...(title !== undefined && { title: title.trim() }),
    ...(description !== undefined && { description: description.trim() }),
    ...(timestamp && { timestamp: new Date(timestamp).toISOString().replace('Z', '000+00:00') }),
    ...(footer && { footer: { ...footer, text: footer.text.trim() } }),
    ...(author && { author: { ...author, name: author.name.trim() } }),
    ...(fields && {
      fields: fields.map(({ name, value, inline = false }) => ({
        ...{ name: name.trim(), value: value.trim(), inline },
      })),
    }),
  }
}

/** Each component gets a number, in the order of reading, rows too. */
function numbered(components: readonly APIMessageTopLevelComponent[]) {
  let last = 0
  const number = <T extends object>(component: T): T => {
    const own = { ...structuredClone(component), id: ++last }
    if (!('components' in component) || !Array.isArray(component.components)) return own
    return { ...own, components: component.components.map(number) }
  }
  return components.map(number)
}

/** Whose chat with the bot this channel is; null: a channel of the server. */
export function chatterIn(discord: DiscordState, channel: string): string | null {
  return discord.chatters.get(channel) ?? null
}

/** The chat between the bot and this user; made when it is first asked for. */
export function chatWith(discord: DiscordState, user: string): string {
  const known = discord.chats.get(user)
  if (known) return known
  const made = discord.nextId()
  discord.chats.set(user, made)
  discord.chatters.set(made, user)
  return made
}

/** A copy: what Noren does later does not change it. */
export function viewOf(message: HeldMessage): DiscordMessage {
  const { editedAt: _, ...seen } = message
  return structuredClone(seen)
}

/** What the bot wrote to this user, oldest first; `all`: with what only they see, on the server and here. */
export function messagesFor(discord: DiscordState, user: string, all: boolean): DiscordMessage[] {
  const chat = discord.chats.get(user)
  return [...discord.messages.values()]
    .filter(({ channel, onlyFor }) => (onlyFor ? all && onlyFor === user : channel === chat))
    .sort((a, b) => olderFirst(a.id, b.id))
    .map(viewOf)
}
