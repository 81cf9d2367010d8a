import type { Clock, CommandChannel, Meter, ServerRoles } from '../ports.ts'
import { openDiscordChannel } from './channel.ts'
import { type AskDiscord, openRest } from './rest.ts'
import { openRoles } from './roles.ts'

export type Discord = { ask: AskDiscord; channel: CommandChannel; roles: ServerRoles }

export type DiscordParts = {
  applicationId: string
  botToken: string
  guildId: string
  apiBase: URL
  clock: Clock
  meter: Pick<Meter, 'answered'>
}

/** Discord as a channel and as a server with roles, under one bot's limits. */
export function openDiscord(parts: DiscordParts): Discord {
  const ask = openRest(parts)
  const { applicationId, clock, guildId: guild } = parts
  return {
    ask,
    channel: openDiscordChannel({ ask, clock, applicationId }),
    roles: openRoles({ ask, clock, guild, applicationId }),
  }
}
