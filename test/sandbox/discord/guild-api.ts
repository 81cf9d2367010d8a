import type { RESTPatchAPIGuildMemberJSONBody } from 'discord-api-types/v10'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Answer, give, ok, REFUSED } from './answer.ts'
import type { DiscordState } from './discord-state.ts'
import { invalidForm } from './form-faults.ts'
import { apiApplication, apiGuild, apiMember, apiRoles, apiUser } from './objects.ts'
import { membersOf } from './people.ts'
import { botOf, changeRole, overwriteRoles } from './roles.ts'

type Ids = { guild: string; user: string; role: string }
type Asked = FastifyRequest<{ Params: Ids; Querystring: Record<string, string> }>

const MAX_REASON = 512

/** The bot itself, its application, and the server with its roles and members. */
export function guildRoutes(api: FastifyInstance, discord: DiscordState): void {
  const get = (url: string, answer: (asked: Asked) => Answer) =>
    api.get(url, async (request, reply) => give(reply, answer(request as Asked)))
  get('/users/@me', () => ok(apiUser(botOf(discord))))
  get('/users/:user', ({ params }) => {
    const person = discord.people.get(params.user)
    return person ? ok(apiUser(person)) : REFUSED.unknownUser
  })
  get('/applications/@me', () => ok(apiApplication(discord)))

  const inServer = (answer: (asked: Asked) => Answer) => (asked: Asked) =>
    closedTo(discord, asked.params.guild) ?? answer(asked)
  const onServer = (url: string, answer: (asked: Asked) => Answer) =>
    get(`/guilds/:guild${url}`, inServer(answer))
  onServer('', () => ok(apiGuild(discord)))
  onServer('/roles', () => ok(apiRoles(discord)))
  onServer('/members', ({ query }) => listMembers(discord, query))
  onServer('/members/:user', ({ params }) => {
    const person = discord.people.get(params.user)
    if (!person) return REFUSED.unknownUser
    return person.member ? ok(apiMember(person)) : REFUSED.unknownMember
  })

  const change = (gives: boolean) =>
    inServer((asked) => {
      const reason = reasonOf(asked)
      if (reason && reason.length > MAX_REASON)
        return invalidForm({ reason: ['BASE_TYPE_MAX_LENGTH', 'Must be 512 or fewer in length.'] })
      return changeRole(discord, { ...asked.params, gives, reason })
    })
  const held = '/guilds/:guild/members/:user/roles/:role'
  api.put(held, async (asked, reply) => give(reply, change(true)(asked as Asked)))
  api.delete(held, async (asked, reply) => give(reply, change(false)(asked as Asked)))
  const overwrite = inServer((asked) => {
    const { roles } = (asked.body ?? {}) as RESTPatchAPIGuildMemberJSONBody
    const done = overwriteRoles(discord, asked.params.user, roles ?? [], reasonOf(asked))
    return 'status' in done ? done : ok(apiMember(done))
  })
  api.patch('/guilds/:guild/members/:user', async (asked, reply) =>
    give(reply, overwrite(asked as Asked)),
  )
}

/** Why the bot has no business with this server; undefined when it has. */
export function closedTo(discord: DiscordState, guild: string): Answer | undefined {
  if (guild !== discord.guildId) return REFUSED.unknownGuild
  return discord.inServer ? undefined : REFUSED.missingAccess
}

/** A header is Latin: what the reason says is percent-encoded in it. */
function reasonOf({ headers }: FastifyRequest): string | null {
  const reason = headers['x-audit-log-reason']
  return typeof reason === 'string' ? decodeURIComponent(reason) : null
}

function listMembers(discord: DiscordState, query: Record<string, string>): Answer {
  if (!discord.seesMembers) return REFUSED.missingAccess
  const limit = Number(query['limit'] ?? 1)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    return invalidForm({
      limit: ['NUMBER_TYPE_MAX', 'int value should be less than or equal to 1000.'],
    })
  const after = BigInt(query['after'] ?? 0)
  const later = membersOf(discord).filter(({ id }) => BigInt(id) > after)
  const byId = later.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
  return ok(byId.slice(0, limit).map(apiMember))
}
