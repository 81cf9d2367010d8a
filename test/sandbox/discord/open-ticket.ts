import { randomBytes } from 'node:crypto'
import {
  ChannelType,
  InteractionContextType,
  type Locale,
  PermissionFlagsBits,
} from 'discord-api-types/v10'
import type { DiscordState, HeldMessage, Person, Ticket } from './discord-state.ts'
import { apiMember, apiUser } from './objects.ts'
import { permissionsOf } from './roles.ts'

const TOKEN_MS = 15 * 60_000
const ATTACHMENT_BYTES = 10 * 1_048_576

/** A new interaction, whose token answers it for 15 minutes. */
export function openTicket(
  discord: DiscordState,
  person: Person,
  at: { channel: string; typed?: string; pressed?: HeldMessage },
): Ticket {
  const id = discord.nextId()
  const secret = `interaction:${id}:${randomBytes(66).toString('base64url')}`
  const ticket: Ticket = {
    ...{ id, token: Buffer.from(secret).toString('base64url'), person, channel: at.channel },
    ...{ until: discord.now() + TOKEN_MS, typed: at.typed ?? null, pressed: at.pressed ?? null },
    ...{ original: null, answered: false },
  }
  discord.tickets.set(ticket.token, ticket)
  return ticket
}

/** What every interaction says: who, where, and in which language. */
export function common(discord: DiscordState, { id, token, person, channel }: Ticket) {
  const here = { id, token, application_id: discord.applicationId, version: 1 as const }
  const rest = { entitlements: [], attachment_size_limit: ATTACHMENT_BYTES }
  const locale = person.locale as Locale
  const rights = PermissionFlagsBits.SendMessages | PermissionFlagsBits.ViewChannel
  if (channel !== discord.channelId)
    return {
      ...{ ...here, ...rest, locale, channel_id: channel, user: apiUser(person) },
      ...{ channel: { id: channel, type: ChannelType.DM }, app_permissions: String(rights) },
      ...{ authorizing_integration_owners: { 0: '0' }, context: InteractionContextType.BotDM },
    }
  const member = { ...apiMember(person), permissions: String(permissionsOf(discord, person)) }
  return {
    ...{ ...here, ...rest, locale, guild_locale: 'ja', guild_id: discord.guildId, member },
    guild: { id: discord.guildId, locale: 'ja', features: [] },
    ...{ channel_id: channel, app_permissions: String(rights) },
    channel: { id: channel, type: ChannelType.GuildText, guild_id: discord.guildId },
    authorizing_integration_owners: { 0: discord.guildId },
    context: InteractionContextType.Guild,
  }
}
