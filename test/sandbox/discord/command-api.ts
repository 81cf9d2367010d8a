import type { APIApplicationCommand } from 'discord-api-types/v10'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Answer, give, NOTHING, ok, REFUSED, refuse } from './answer.ts'
import { commandFaults } from './check-command.ts'
import type { DiscordState } from './discord-state.ts'
import { invalidForm, under } from './form-faults.ts'
import { closedTo } from './guild-api.ts'

type Ids = { application: string; guild: string; command: string }
type Asked = FastifyRequest<{ Params: Ids; Querystring: Record<string, string> }>
type Wished = Partial<APIApplicationCommand>

const MAX_COMMANDS = 100

/** The application's commands on the server (https://docs.discord.com/developers/interactions/application-commands#endpoints). */
export function commandRoutes(api: FastifyInstance, discord: DiscordState): void {
  const guarded = (answer: (asked: Asked) => Answer) => (request: unknown) => {
    const asked = request as Asked
    if (asked.params.application !== discord.applicationId) return REFUSED.unknownApplication
    return closedTo(discord, asked.params.guild) ?? answer(asked)
  }
  const all = '/applications/:application/guilds/:guild/commands'
  const one = `${all}/:command`
  const list = guarded(({ query }) => listCommands(discord, query))
  const make = guarded(({ body }) => makeCommand(discord, body as Wished))
  const replace = guarded(({ body }) => replaceCommands(discord, body as Wished[]))
  const show = guarded(({ params }) => {
    const command = discord.commands.get(params.command)
    return command ? ok(command) : REFUSED.unknownCommand
  })
  const change = guarded(({ params, body }) =>
    changeCommand(discord, params.command, body as Wished),
  )
  const drop = guarded(({ params }) =>
    discord.commands.delete(params.command) ? NOTHING : REFUSED.unknownCommand,
  )
  api.get(all, async (request, reply) => give(reply, list(request)))
  api.post(all, async (request, reply) => give(reply, make(request)))
  api.put(all, async (request, reply) => give(reply, replace(request)))
  api.get(one, async (request, reply) => give(reply, show(request)))
  api.patch(one, async (request, reply) => give(reply, change(request)))
  api.delete(one, async (request, reply) => give(reply, drop(request)))
}

/** Without `with_localizations=true` the names in other languages are left out. */
function listCommands(discord: DiscordState, query: Record<string, string>): Answer {
  const all = [...discord.commands.values()]
  if (query['with_localizations'] === 'true') return ok(all)
  return ok(all.map(({ name_localizations: _n, description_localizations: _d, ...rest }) => rest))
}

/** Of the same name and type as one that is there, it takes its place. */
function makeCommand(discord: DiscordState, wished: Wished): Answer {
  const faults = commandFaults(wished)
  if (Object.keys(faults).length > 0) return invalidForm(faults)
  const { type = 1, name } = wished
  const known = [...discord.commands.values()].find((c) => c.name === name && c.type === type)
  if (!known && discord.commands.size >= MAX_COMMANDS)
    return refuse(400, 30032, 'Maximum number of application commands reached (100)')
  return ok(keep(discord, wished, known?.id), known ? 200 : 201)
}

function changeCommand(discord: DiscordState, id: string, wished: Wished): Answer {
  const known = discord.commands.get(id)
  if (!known) return REFUSED.unknownCommand
  const faults = commandFaults({ ...known, ...wished })
  if (Object.keys(faults).length > 0) return invalidForm(faults)
  return ok(keep(discord, { ...known, ...wished }, id))
}

/** All at once: what is not in the list is no command any more. */
function replaceCommands(discord: DiscordState, wished: Wished[]): Answer {
  const faults = Object.assign({}, ...wished.map((one, i) => under(`${i}`, commandFaults(one))))
  if (Object.keys(faults).length > 0) return invalidForm(faults)
  const before = [...discord.commands.values()]
  discord.commands.clear()
  for (const one of wished) keep(discord, one, before.find(({ name }) => name === one.name)?.id)
  return ok([...discord.commands.values()])
}

function keep(discord: DiscordState, wished: Wished, id = discord.nextId()): APIApplicationCommand {
  const before = discord.commands.get(id)
  const made = {
    ...{ type: 1, default_member_permissions: null, nsfw: false, integration_types: [0] },
    ...{ name_localizations: null, description_localizations: null, contexts: null },
    ...wished,
    ...{ id, application_id: discord.applicationId, guild_id: discord.guildId },
    version: before?.version ?? '',
  } as APIApplicationCommand
  // A command that did not change keeps its version.
  if (!before || JSON.stringify(before) !== JSON.stringify(made)) made.version = discord.nextId()
  discord.commands.set(id, made)
  discord.everRegistered = true
  return made
}
