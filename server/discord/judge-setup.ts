import type { RESTPostAPIChatInputApplicationCommandsJSONBody as NewCommand } from 'discord-api-types/v10'
import type { ServerFound, SetupFound } from './check-setup.ts'
import { bad, type Finding, good } from './finding.ts'
import { judgeRole, type ShownRole } from './judge-roles.ts'
import { highestOf, mayManageRoles } from './may-manage.ts'
import { commandsBehind } from './register-commands.ts'

/** What should be so, by .env and shop.config.ts. */
export type SetupWanted = {
  applicationId: string
  publicKey: string
  guildId: string
  /** Where Discord brings what people ask */
  endpoint: string
  roles: readonly ShownRole[]
  invite: string | null
  commands: readonly NewCommand[]
}

/** Manage Roles, and nothing else (https://docs.discord.com/developers/topics/permissions). */
const MANAGE_ROLES = '268435456'
const PORTAL = 'https://discord.com/developers/applications'

/** Everything that Noren needs of Discord, one by one, and for what is missing what to click. */
export function judgeSetup(wanted: SetupWanted, found: SetupFound): Finding[] {
  const { application, server } = found
  const general = `${PORTAL}/${wanted.applicationId}/information`
  const bot = `${PORTAL}/${wanted.applicationId}/bot`
  if (!application)
    return [
      bad(
        'token',
        'Discord refuses DISCORD_BOT_TOKEN',
        `${bot} → Reset Token; paste the new one into .env and restart. Nothing else can be looked at before.`,
      ),
    ]
  return [
    good('token', `the token is ${application.name}'s`),
    application.id === wanted.applicationId
      ? good('application', 'DISCORD_APPLICATION_ID is the application of this token')
      : bad(
          'application',
          `DISCORD_APPLICATION_ID is not the application of the token, which is ${application.id}`,
          `both must be of one application: ${PORTAL} → yours → General Information → Application ID, and Bot → Reset Token`,
        ),
    application.publicKey.toLowerCase() === wanted.publicKey.toLowerCase()
      ? good('public_key', 'DISCORD_PUBLIC_KEY is right')
      : bad(
          'public_key',
          'DISCORD_PUBLIC_KEY is another application’s: whatever Discord sends would be refused',
          `${general} → Public Key → Copy; paste it into .env and restart`,
        ),
    application.endpoint === wanted.endpoint
      ? good('endpoint', `commands come to ${wanted.endpoint}`)
      : bad(
          'endpoint',
          application.endpoint
            ? `commands go to ${application.endpoint}`
            : 'commands go nowhere: no interactions endpoint is set',
          `${general} → Interactions Endpoint URL: ${wanted.endpoint} → Save Changes, while Noren runs there: Discord tries it at once`,
        ),
    ...(server ? onServer(wanted, server, bot) : [notThere(wanted)]),
    inviteFinding(wanted.invite),
  ]
}

function notThere({ applicationId, guildId }: SetupWanted): Finding {
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: 'bot applications.commands',
    permissions: MANAGE_ROLES,
    guild_id: guildId,
  })
  return bad(
    'server',
    'the bot is not on the server DISCORD_GUILD_ID',
    `open https://discord.com/oauth2/authorize?${query} → Continue → Authorize; or right-click your server → Copy Server ID, if the id is another's`,
  )
}

function onServer(wanted: SetupWanted, server: ServerFound, botPage: string): Finding[] {
  const { standing } = server
  const own = highestOf(standing)?.name ?? 'the bot’s role'
  const behind = commandsBehind(wanted.commands, server.commands).map(({ name }) => `/${name}`)
  return [
    good('server', `the bot is on ${server.name}`),
    mayManageRoles(standing)
      ? good('manage_roles', 'it may manage roles')
      : bad(
          'manage_roles',
          'the bot may not manage roles',
          `Server Settings → Roles → ${own} → Permissions → Manage Roles on → Save Changes`,
        ),
    ...wanted.roles.flatMap((role) => judgeRole(role, standing, own)),
    server.listsMembers
      ? good('members', 'it sees who is on the server')
      : bad(
          'members',
          'the bot does not see who is on the server: the daily look cannot see who came back',
          `${botPage} → Privileged Gateway Intents → Server Members Intent on → Save Changes`,
        ),
    behind.length === 0
      ? good('commands', `${wanted.commands.length} commands are in place`)
      : bad(
          'commands',
          `not in place, or of an older version: ${behind.join(' ')}`,
          'npm run noren -- discord register',
        ),
  ]
}

function inviteFinding(invite: string | null): Finding {
  // No fault: a server may be for those who are there.
  if (!invite)
    return good('invite', 'nobody is invited to the server (discord.invite in shop.config.ts)')
  if (/^https:\/\/(discord\.gg|discord\.com\/invite)\/[\w-]+$/.test(invite))
    return good('invite', `${invite} invites who is not there yet`)
  return bad(
    'invite',
    `discord.invite is no invitation like https://discord.gg/…: ${invite}`,
    'the server → Invite People → Edit invite link → Expire after: Never; paste it as discord.invite into shop.config.ts',
  )
}
