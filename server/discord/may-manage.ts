import { type APIRole, PermissionFlagsBits } from 'discord-api-types/v10'
import type { RoleTrouble } from '../ports.ts'

/** A server's roles, and those that the bot has there. */
export type BotStanding = {
  guild: string
  roles: readonly Pick<APIRole, 'id' | 'name' | 'position' | 'permissions' | 'managed'>[]
  /** Ids of the bot's own roles, without @everyone, which all have */
  own: readonly string[]
}

/** Why this role can be given by no bot, or by none that stands where ours does. */
export type Misplaced = 'no_role' | 'everyone' | 'managed' | 'above_bot'

/** What keeps the bot from giving a role; null: nothing. */
export function obstacleTo(
  roleId: string,
  standing: BotStanding,
): Misplaced | Extract<RoleTrouble, 'no_permission'> | null {
  const misplaced = misplacedOn(standing, roleId)
  if (misplaced && misplaced !== 'above_bot') return misplaced
  return mayManageRoles(standing) ? misplaced : 'no_permission'
}

/**
 * A bot gives roles below its own highest, and none that belongs to a bot, to boosters or to everybody
 * (https://docs.discord.com/developers/topics/permissions#permission-hierarchy).
 */
export function misplacedOn(standing: BotStanding, roleId: string): Misplaced | null {
  const role = standing.roles.find(({ id }) => id === roleId)
  if (!role) return 'no_role'
  if (role.id === standing.guild) return 'everyone'
  if (role.managed) return 'managed'
  return isBelow(role, highestOf(standing)) ? null : 'above_bot'
}

export function mayManageRoles({ guild, roles, own }: BotStanding): boolean {
  const enough = PermissionFlagsBits.ManageRoles | PermissionFlagsBits.Administrator
  return roles.some(
    ({ id, permissions }) =>
      (id === guild || own.includes(id)) && (BigInt(permissions) & enough) !== 0n,
  )
}

/** The bot's highest role; null: it has only @everyone. */
export function highestOf({ roles, own }: BotStanding) {
  const [highest = null] = roles
    .filter(({ id }) => own.includes(id))
    .sort((one, other) => (isBelow(one, other) ? 1 : -1))
  return highest
}

type Placed = Pick<APIRole, 'id' | 'position'>

/** Of two at one position the older stands higher. */
function isBelow(role: Placed, top: Placed | null): boolean {
  if (!top) return false
  if (role.position !== top.position) return role.position < top.position
  return BigInt(role.id) > BigInt(top.id)
}
