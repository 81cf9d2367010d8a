import type { DiscordUser } from '../types.ts'
import type { DemoControls } from './actions.ts'
import type { DemoDiscord, DemoOptions, ServerRole } from './state.ts'

/** Older ones have scrolled away. */
const MESSAGES_SHOWN = 30

/** The server as whoever holds the phone sees it. */
export function readDiscord(
  { discord, line }: DemoOptions,
  { discord: switches }: DemoControls,
): DemoDiscord | null {
  if (!discord) return null
  const { sandbox, users, browserUrl } = discord
  const me = users.get(line.holder ?? '') ?? null
  const dms = me ? sandbox.dms(me) : []
  const talk = me ? sandbox.seen(me).filter(({ id }) => !dms.some((dm) => dm.id === id)) : []
  return {
    me,
    onServer: me !== null && switches.onServer(me),
    takesDms: me !== null && switches.takesDms(me),
    botBelow: switches.botBelow(),
    members: sandbox
      .users()
      .filter((user) => switches.onServer(user))
      .map((user) => ({ id: user.id, name: user.name, roles: rolesOf(user) })),
    talk: talk.slice(-MESSAGES_SHOWN),
    dms: dms.slice(-MESSAGES_SHOWN),
    commands: sandbox.commands().map((command) => ({
      id: command.id,
      name: command.name,
      name_localizations: command.name_localizations,
      description: command.description,
      description_localizations: command.description_localizations,
      options: command.options,
    })),
    browserUrl,
  }

  /** Their names for the page, the highest first. */
  function rolesOf(user: DiscordUser): ServerRole[] {
    const given = sandbox.rolesOf(user)
    const names = Object.entries(sandbox.roles) as [ServerRole, string][]
    return names.filter(([, id]) => given.includes(id)).map(([name]) => name)
  }
}
