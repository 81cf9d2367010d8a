import { bad, type Finding, good } from './finding.ts'
import { type BotStanding, type Misplaced, misplacedOn } from './may-manage.ts'

/** One of the shop's roles, with those on the server that show it. */
export type ShownRole = { id: string; discordRoles: readonly string[] }

/** Can the bot give each of them? `own`: what its own role is called. */
export function judgeRole(
  { id, discordRoles }: ShownRole,
  standing: BotStanding,
  own: string,
): Finding[] {
  // No fault: a shop may show some roles in LINE alone.
  if (discordRoles.length === 0)
    return [good('role', `"${id}" has no role on Discord (discordRoles in shop.config.ts)`)]
  return discordRoles.map((roleId) => {
    const misplaced = misplacedOn(standing, roleId)
    const name = standing.roles.find((role) => role.id === roleId)?.name ?? roleId
    if (!misplaced) return good('role', `"${id}" shows as ${name}`)
    return bad('role', ...MISPLACED[misplaced](id, name, own))
  })
}

/** What is wrong with a shop's role, and the click. */
const MISPLACED: Readonly<
  Record<Misplaced, (id: string, name: string, own: string) => [says: string, mend: string]>
> = {
  no_role: (id, name) => [
    `"${id}" names a role that the server does not have: ${name}`,
    'Server Settings → Roles → the role → ⋯ → Copy Role ID (User Settings → Advanced → Developer Mode shows it); paste it into discordRoles in shop.config.ts',
  ],
  everyone: (id) => [
    `"${id}" names @everyone, which everybody has`,
    'Server Settings → Roles → Create Role; name the new one in discordRoles in shop.config.ts',
  ],
  managed: (id, name) => [
    `"${id}" names ${name}, which belongs to a bot, to boosters or to another service, and can be given by nobody`,
    'Server Settings → Roles → Create Role; name the new one in discordRoles in shop.config.ts',
  ],
  above_bot: (id, name, own) => [
    `"${id}" names ${name}, which stands above ${own}: the bot can neither give nor take it`,
    `Server Settings → Roles → drag ${own} above ${name} → Save Changes`,
  ],
}
