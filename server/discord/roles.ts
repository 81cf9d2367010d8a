import {
  type APIGuildMember,
  type APIRole,
  RESTJSONErrorCodes as Codes,
  Routes,
} from 'discord-api-types/v10'
import { type Clock, Later, NeedsPerson, type RoleOutcome, type ServerRoles } from '../ports.ts'
import { PERSON_SECONDS } from '../retry-policy.ts'
import { codeOf, isRefusal, unanswered, wordsOf } from './judge-answer.ts'
import { type BotStanding, obstacleTo } from './may-manage.ts'
import type { AskDiscord } from './rest.ts'

/** As many as Discord lists at once */
const PAGE = 1_000
/** A thousand who are refused for one reason ask for it once. */
const STANDING_MS = 60_000

/** The account is not on the server, or no more at all. */
const AWAY: readonly number[] = [Codes.UnknownMember, Codes.UnknownUser]
/** The bot is not on the server: nothing at all can be told of who is. */
const NO_SERVER: readonly number[] = [Codes.UnknownGuild, Codes.MissingAccess]

export type RolesParts = {
  ask: AskDiscord
  clock: Clock
  guild: string
  /** Also the bot's own id as a user */
  applicationId: string
}

/** A Discord server's roles, each given and taken by a call of its own. */
export function openRoles({ ask, clock, guild, applicationId }: RolesParts): ServerRoles {
  let known: { standing: Promise<BotStanding>; until: number } | null = null

  /** What the bot may there, as of a minute ago at most. */
  function standing(): Promise<BotStanding> {
    const now = clock.now().getTime()
    if (known && now < known.until) return known.standing
    const read = readStanding(ask, guild, applicationId)
    known = { standing: read, until: now + STANDING_MS }
    read.catch(() => {
      known = null
    })
    return read
  }

  async function change(
    method: 'PUT' | 'DELETE',
    address: string,
    role: string,
    reason: string,
  ): Promise<RoleOutcome> {
    try {
      await ask({ method, path: Routes.guildMemberRole(guild, address, role), reason })
      return { state: 'done' }
    } catch (error) {
      const code = codeOf(error) ?? 0
      if (AWAY.includes(code)) return { state: 'away' }
      if (NO_SERVER.includes(code)) throw notThere(error)
      if (!isRefusal(error)) throw unanswered(error)
      const words = wordsOf(error)
      if (code === Codes.UnknownRole) return { state: 'refused', why: 'no_role', words }
      if (code !== Codes.MissingPermissions) return { state: 'refused', why: 'other', words }
      return { state: 'refused', why: await whyOf(role), words }
    }
  }

  async function whyOf(role: string) {
    try {
      const why = obstacleTo(role, await standing())
      return why === 'everyone' || why === 'managed' || why === null ? 'other' : why
    } catch (error) {
      if (error instanceof Later) throw error
      return 'other'
    }
  }

  async function rolesOf(address: string): Promise<string[] | null> {
    try {
      const path = Routes.guildMember(guild, address)
      return (await ask<APIGuildMember>({ method: 'GET', path })).roles
    } catch (error) {
      if (AWAY.includes(codeOf(error) ?? 0)) return null
      throw NO_SERVER.includes(codeOf(error) ?? 0) ? notThere(error) : unanswered(error)
    }
  }

  return {
    guild,
    give: (address, role, reason) => change('PUT', address, role, reason),
    take: (address, role, reason) => change('DELETE', address, role, reason),
    rolesOf,
    async membersBehind(address) {
      try {
        const query = { limit: String(PAGE), after: address }
        const path = Routes.guildMembers(guild)
        const listed = await ask<APIGuildMember[]>({ method: 'GET', path, query })
        const members = listed.map(({ user, roles }) => ({ address: user.id, roles }))
        return { members, isLast: listed.length < PAGE }
      } catch (error) {
        if (!isRefusal(error)) throw unanswered(error)
        // Discord says the same of a server that the bot is not on, as of a list that it may not see.
        await rolesOf(applicationId)
        if (error.status === 403) return null
        throw unanswered(error)
      }
    },
  }
}

export async function readStanding(
  ask: AskDiscord,
  guild: string,
  applicationId: string,
): Promise<BotStanding> {
  const roles = await ask<APIRole[]>({ method: 'GET', path: Routes.guildRoles(guild) })
  const path = Routes.guildMember(guild, applicationId)
  const { roles: own } = await ask<APIGuildMember>({ method: 'GET', path })
  return { guild, roles, own }
}

function notThere(error: unknown): NeedsPerson {
  const words = `${wordsOf(error)}; the bot is not on the server, or DISCORD_GUILD_ID is another's`
  return new NeedsPerson(PERSON_SECONDS, words)
}
