import {
  type APIGuildMember,
  type APIMessage,
  type APIRole,
  type APIUser,
  ApplicationFlags,
  GuildMemberFlags,
  Locale,
  MessageFlags,
  MessageType,
} from 'discord-api-types/v10'
import type { DiscordState, HeldMessage, HeldRole, Person } from './discord-state.ts'
import { botOf } from './roles.ts'

/** Everything of the server's that is not said elsewhere is as Discord has it for a young server. */
export const SERVER_NAME = 'のれん茶房'

export function apiUser({ id, username, name, bot }: Person): APIUser {
  return {
    ...{ id, username, discriminator: '0', global_name: bot ? null : name, avatar: null },
    ...(bot && { bot }),
  }
}

export function apiMember(person: Person): APIGuildMember {
  const { roles, since, cameBack } = person.member ?? { roles: [], since: null, cameBack: false }
  return {
    ...{ user: apiUser(person), nick: null, avatar: null, banner: null, roles: [...roles] },
    ...{ joined_at: since, premium_since: null, deaf: false, mute: false, pending: false },
    ...{ communication_disabled_until: null, flags: cameBack ? GuildMemberFlags.DidRejoin : 0 },
  } as APIGuildMember
}

/** From the lowest up: Discord's own order is of no meaning, `position` tells. */
export function apiRoles(discord: DiscordState): APIRole[] {
  const everyone = {
    ...{ id: discord.guildId, name: '@everyone', permissions: discord.everyone },
    ...{ managed: false, colour: 0 },
  }
  const rising = [everyone, ...discord.ladder.toReversed()]
  return rising.map((role, position) => apiRole(discord, role, position))
}

function apiRole(discord: DiscordState, role: HeldRole, position: number): APIRole {
  const { id, name, colour, permissions, managed } = role
  const colors = { primary_color: colour, secondary_color: null, tertiary_color: null }
  return {
    ...{ id, name, position, color: colour, colors, hoist: false, icon: null, managed },
    ...{
      permissions: String(permissions),
      mentionable: false,
      flags: 0 as APIRole['flags'],
      unicode_emoji: null,
    },
    ...(managed && { tags: { bot_id: discord.applicationId } }),
  }
}

export function apiGuild(discord: DiscordState) {
  const owner = [...discord.people.values()].find(({ bot }) => !bot)
  return {
    ...{ id: discord.guildId, name: SERVER_NAME, owner_id: owner?.id ?? '', features: [] },
    ...{ icon: null, banner: null, description: null, vanity_url_code: null },
    ...{ preferred_locale: Locale.Japanese, roles: apiRoles(discord), verification_level: 1 },
    system_channel_id: discord.channelId,
  }
}

export function apiApplication(discord: DiscordState) {
  const intent = discord.seesMembers ? ApplicationFlags.GatewayGuildMembersLimited : 0
  return {
    ...{ id: discord.applicationId, name: 'Noren', description: '', icon: null },
    ...{ bot_public: true, bot_require_code_grant: false, verify_key: discord.publicKey },
    ...{ flags: intent, interactions_endpoint_url: discord.endpoint },
    bot: apiUser(botOf(discord)),
  }
}

/** As the API shows it: what a nonce was is told once only, in the answer to who sent it. */
export function apiMessage(discord: DiscordState, message: HeldMessage): APIMessage {
  const { id, channel, at, editedAt, content, embeds, components, onlyFor, thinking } = message
  const flags = (onlyFor ? MessageFlags.Ephemeral : 0) | (thinking ? MessageFlags.Loading : 0)
  return {
    ...{ id, channel_id: channel, author: apiUser(botOf(discord)), content, embeds, components },
    ...{ timestamp: dated(at), edited_timestamp: editedAt && dated(editedAt), flags },
    ...{ tts: false, pinned: false, mention_everyone: false, mentions: [], mention_roles: [] },
    ...{ attachments: [], type: message.answers ? MessageType.ChatInputCommand : 0 },
    ...(message.answers && { application_id: discord.applicationId }),
  }
}

/** Discord's times have microseconds and an offset. */
function dated(iso: string): string {
  return iso.replace('Z', '000+00:00')
}
