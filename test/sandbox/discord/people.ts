import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { DiscordSandbox, DiscordUser } from '../types.ts'
import type { DiscordState, Person } from './discord-state.ts'
import { botOf, requireRole } from './roles.ts'

export type UserSeed = Parameters<DiscordSandbox['addUser']>[0]

/** The bot, the server's owner, and the roles that a tea house has, from the highest down. */
export function furnishServer(discord: DiscordState): DiscordSandbox['roles'] {
  const { CreateInstantInvite, ManageRoles, SendMessages, ViewChannel } = PermissionFlagsBits
  discord.everyone = CreateInstantInvite | SendMessages | ViewChannel
  const add = (name: string, colour: number, permissions = 0n, managed = false) => {
    const id = discord.nextId()
    discord.ladder.push({ id, name, colour, permissions, managed })
    return id
  }
  const roles = {
    owner: add('店主', 0x8a5a2b, PermissionFlagsBits.Administrator),
    moderator: add('モデレーター', 0x2f6f8f, ManageRoles | PermissionFlagsBits.KickMembers),
    bot: add('Noren', 0, ManageRoles, true),
    premium: add('特別会員', 0xb8860b),
    member: add('会員', 0x3c7a3c),
    tea: add('お茶好き', 0x7c6a9c),
  }
  const bot = { id: discord.applicationId, name: 'Noren', roles: [roles.bot], bot: true }
  addPerson(discord, bot)
  addPerson(discord, { id: discord.nextId(), name: '店主', roles: [roles.owner] })
  return roles
}

/** Somebody new, on the server unless told otherwise. */
export function addPerson(
  discord: DiscordState,
  seed: UserSeed & { id: string; bot?: boolean },
): Person {
  const { id, name, bot = false } = seed
  for (const role of seed.roles ?? []) requireRole(discord, role)
  const member = { roles: new Set(seed.roles), since: discord.iso(), cameBack: false }
  const person: Person = {
    ...{ id, name, bot, locale: seed.locale ?? 'ja', dms: seed.dms ?? true },
    username: bot ? name : usernameOf(name, id),
    member: seed.away ? null : member,
  }
  discord.people.set(id, person)
  return person
}

/** Lower case and ASCII, as Discord has wanted it since 2023; what people read is the display name. */
function usernameOf(name: string, id: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9_.]/g, '')
  return `${plain || 'user'}_${id.slice(-6)}`
}

/** Throws for somebody that addUser never made: a slip in the test, not a case that Discord knows. */
export function requirePerson(discord: DiscordState, { id }: Pick<DiscordUser, 'id'>): Person {
  const person = discord.people.get(id)
  if (!person) throw new Error(`the Discord stand-in has no user ${id}; add one with addUser`)
  return person
}

/** Whoever is on the server with the bot, oldest account first, as the members' list has them. */
export function membersOf(discord: DiscordState): Person[] {
  return [...discord.people.values()].filter(({ member }) => member !== null)
}

/** Everything they had on the server is gone, roles first of all. */
export function leave(discord: DiscordState, user: DiscordUser): void {
  requirePerson(discord, user).member = null
}

export function comeBack(discord: DiscordState, user: DiscordUser): void {
  const person = requirePerson(discord, user)
  person.member ??= { roles: new Set(), since: discord.iso(), cameBack: true }
}

/** What the bot may; what is not said stays as it is. */
export function allow(
  discord: DiscordState,
  { manageRoles, serverMembers, inServer }: Parameters<DiscordSandbox['allow']>[0],
): void {
  if (serverMembers !== undefined) discord.seesMembers = serverMembers
  if (inServer !== undefined) discord.inServer = inServer
  if (manageRoles === undefined) return
  const bot = botOf(discord)
  for (const role of discord.ladder.filter(({ id }) => bot.member?.roles.has(id)))
    role.permissions = manageRoles
      ? role.permissions | PermissionFlagsBits.ManageRoles
      : role.permissions & ~PermissionFlagsBits.ManageRoles
}
