import { PermissionFlagsBits } from 'discord-api-types/v10'
import { type Answer, NOTHING, REFUSED } from './answer.ts'
import type { DiscordState, HeldRole, Person } from './discord-state.ts'

/** The bot's own user, whose id is its application's. */
export function botOf(discord: DiscordState): Person {
  const bot = discord.people.get(discord.applicationId)
  if (!bot) throw new Error('the Discord stand-in has no bot')
  return bot
}

/** Throws for an id that the server's roles do not have: a slip in the test. */
export function requireRole(discord: DiscordState, id: string): HeldRole {
  const role = discord.ladder.find((one) => one.id === id)
  if (!role) throw new Error(`the Discord stand-in has no role ${id}`)
  return role
}

/** What everybody may on the server, and what their own roles add to it. */
export function permissionsOf(discord: DiscordState, { member }: Person): bigint {
  const own = discord.ladder.filter(({ id }) => member?.roles.has(id))
  return own.reduce((all, { permissions }) => all | permissions, discord.everyone)
}

/** Whether the bot may put this role on somebody and take it off (https://docs.discord.com/developers/topics/permissions#permission-hierarchy). */
function mayManage(discord: DiscordState, role: HeldRole): boolean {
  const bot = botOf(discord)
  const rights = permissionsOf(discord, bot)
  if (!(rights & (PermissionFlagsBits.ManageRoles | PermissionFlagsBits.Administrator)))
    return false
  const highest = discord.ladder.findIndex(({ id }) => bot.member?.roles.has(id))
  return !role.managed && highest >= 0 && discord.ladder.indexOf(role) > highest
}

type Change = { user: string; role: string; gives: boolean; reason: string | null }

/** PUT and DELETE /guilds/…/members/…/roles/…: the rules in Discord's order. */
export function changeRole(discord: DiscordState, change: Change): Answer {
  const { user, role: id, gives, reason } = change
  if (id === discord.guildId) return REFUSED.missingPermissions
  const role = discord.ladder.find((one) => one.id === id)
  if (!role) return REFUSED.unknownRole
  const person = discord.people.get(user)
  if (!person?.member) return REFUSED.unknownMember
  if (!mayManage(discord, role)) return REFUSED.missingPermissions
  const roles = new Set(person.member.roles)
  if (gives) roles.add(id)
  else roles.delete(id)
  putRoles(discord, person, roles, { by: botOf(discord).name, reason })
  return NOTHING
}

/** PATCH /guilds/…/members/…: a whole list at once, whoever gave what stood there before. */
export function overwriteRoles(
  discord: DiscordState,
  user: string,
  wished: readonly string[],
  reason: string | null,
): Answer | Person {
  const person = discord.people.get(user)
  if (!person?.member) return REFUSED.unknownMember
  const before = person.member.roles
  const moved = [...new Set([...wished, ...before])].filter(
    (id) => !(before.has(id) && wished.includes(id)),
  )
  const known = moved.map((id) => discord.ladder.find((role) => role.id === id))
  if (known.some((role) => !role)) return REFUSED.unknownRole
  if (known.some((role) => role && !mayManage(discord, role))) return REFUSED.missingPermissions
  putRoles(discord, person, new Set(wished), { by: botOf(discord).name, reason })
  return person
}

/** Sets somebody's roles and writes into the audit log what changed, if anything did. */
export function putRoles(
  discord: DiscordState,
  { id, member }: Person,
  roles: Set<string>,
  { by, reason }: { by: string; reason: string | null },
): void {
  if (!member) throw new Error(`${id} is not on the server and can have no role there`)
  const gave = [...roles].filter((role) => !member.roles.has(role))
  const took = [...member.roles].filter((role) => !roles.has(role))
  member.roles = roles
  if (gave.length + took.length === 0) return
  discord.audit.push({ at: discord.iso(), by, user: id, gave, took, reason })
  const named = (ids: string[]) => ids.map((role) => requireRole(discord, role).name)
  const detail = {
    user: discord.people.get(id)?.name,
    gave: named(gave),
    took: named(took),
    reason,
  }
  const title = [...named(gave).map((n) => `+${n}`), ...named(took).map((n) => `-${n}`)].join(' ')
  discord.watch({ at: discord.now(), from: 'discord', to: 'buyer', title, detail })
}

/** Drags a role to just above or just below another. */
export function moveRole(
  discord: DiscordState,
  id: string,
  where: 'above' | 'below',
  other: string,
): void {
  const role = requireRole(discord, id)
  discord.ladder = discord.ladder.filter((one) => one !== role)
  const place = discord.ladder.indexOf(requireRole(discord, other))
  discord.ladder.splice(where === 'above' ? place : place + 1, 0, role)
}

export function deleteRole(discord: DiscordState, id: string): void {
  const role = requireRole(discord, id)
  discord.ladder = discord.ladder.filter((one) => one !== role)
  for (const { member } of discord.people.values()) member?.roles.delete(id)
}
