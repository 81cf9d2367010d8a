import {
  type APIApplication,
  type APIApplicationCommand,
  type APIGuild,
  type APIGuildMember,
  RESTJSONErrorCodes as Codes,
  Routes,
} from 'discord-api-types/v10'
import { codeOf, isRefusal, isTokenRefused, unanswered } from './judge-answer.ts'
import type { BotStanding } from './may-manage.ts'
import { listCommands } from './register-commands.ts'
import type { AskDiscord } from './rest.ts'

/** What Discord says of the bot and its server. */
export type SetupFound = {
  /** null: the token is refused */
  application: { id: string; name: string; publicKey: string; endpoint: string | null } | null
  server: ServerFound | null
}

export type ServerFound = {
  name: string
  standing: BotStanding
  /** Does Discord show the bot who is on the server? */
  listsMembers: boolean
  commands: APIApplicationCommand[]
}

/** Reads all that judge-setup.ts judges, and changes nothing. Throws when Discord does not answer, and Later. */
export async function readSetup(ask: AskDiscord, guildId: string): Promise<SetupFound> {
  try {
    const path = Routes.currentApplication()
    const { id, name, verify_key, interactions_endpoint_url } = await ask<APIApplication>({
      method: 'GET',
      path,
    })
    const endpoint = interactions_endpoint_url ?? null
    const application = { id, name, publicKey: verify_key, endpoint }
    return { application, server: await readServer(ask, guildId, id) }
  } catch (error) {
    if (isTokenRefused(error)) return { application: null, server: null }
    throw unanswered(error)
  }
}

/** null: the bot is not there, or there is no such server. */
async function readServer(
  ask: AskDiscord,
  guildId: string,
  applicationId: string,
): Promise<ServerFound | null> {
  const get = <T>(path: `/${string}`) => ask<T>({ method: 'GET', path })
  try {
    const { name, roles } = await get<APIGuild>(Routes.guild(guildId))
    const bot = await get<APIGuildMember>(Routes.guildMember(guildId, applicationId))
    return {
      name,
      standing: { guild: guildId, roles, own: bot.roles },
      listsMembers: await listsMembers(ask, guildId),
      commands: await listCommands(ask, { applicationId, guildId }),
    }
  } catch (error) {
    const gone: readonly number[] = [Codes.UnknownGuild, Codes.MissingAccess, Codes.UnknownMember]
    if (gone.includes(codeOf(error) ?? 0)) return null
    throw error
  }
}

async function listsMembers(ask: AskDiscord, guildId: string): Promise<boolean> {
  try {
    await ask({ method: 'GET', path: Routes.guildMembers(guildId), query: { limit: '1' } })
    return true
  } catch (error) {
    if (isRefusal(error) && error.status === 403) return false
    throw error
  }
}
