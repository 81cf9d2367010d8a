import { isDeepStrictEqual } from 'node:util'
import {
  type APIApplicationCommand,
  type RESTPostAPIChatInputApplicationCommandsJSONBody as NewCommand,
  Routes,
} from 'discord-api-types/v10'
import { unanswered } from './judge-answer.ts'
import type { AskDiscord } from './rest.ts'

/** An application on a server. */
export type CommandPlace = { applicationId: string; guildId: string }

/** The server's commands of this application, in all their languages. */
export function listCommands(
  ask: AskDiscord,
  { applicationId, guildId }: CommandPlace,
): Promise<APIApplicationCommand[]> {
  const path = Routes.applicationGuildCommands(applicationId, guildId)
  return ask({ method: 'GET', path, query: { with_localizations: 'true' } })
}

/**
 * Puts a command in place; of the same name as one that is there, it takes its place. Other commands stay.
 * A server's own are there at once (https://docs.discord.com/developers/interactions/application-commands).
 */
export async function registerCommand(
  ask: AskDiscord,
  { applicationId, guildId }: CommandPlace,
  command: NewCommand,
): Promise<void> {
  const path = Routes.applicationGuildCommands(applicationId, guildId)
  await ask({ method: 'POST', path, body: command }).catch((error: unknown) => {
    throw unanswered(error)
  })
}

/** Those that are not there, or say something else than they should. */
export function commandsBehind(
  wanted: readonly NewCommand[],
  there: readonly APIApplicationCommand[],
): NewCommand[] {
  return wanted.filter((command) => {
    const held = there.find(({ name, type }) => name === command.name && type === 1)
    return !held || !isSaid(command, held) || !hasSameOptions(command, held)
  })
}

/** Does it say all that it should? Discord adds much of its own beside it, and `false` where nothing stood. */
function isSaid(wanted: unknown, held: unknown): boolean {
  if (wanted === false && held === undefined) return true
  if (Array.isArray(wanted))
    return (
      Array.isArray(held) &&
      held.length === wanted.length &&
      wanted.every((each, at) => isSaid(each, held[at]))
    )
  if (typeof wanted !== 'object' || wanted === null) return isDeepStrictEqual(wanted, held)
  if (typeof held !== 'object' || held === null) return false
  return Object.entries(wanted).every(([name, value]) =>
    isSaid(value, (held as Record<string, unknown>)[name]),
  )
}

function hasSameOptions({ options = [] }: NewCommand, held: APIApplicationCommand): boolean {
  return options.length === (held.options ?? []).length
}
