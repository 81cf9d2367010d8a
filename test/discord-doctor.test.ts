import { Routes } from 'discord-api-types/v10'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { doctorDiscord, registerDiscord } from '../server/commands/discord.ts'
import type { Config } from '../server/config.ts'
import type { Finding } from '../server/discord/finding.ts'
import { runCommand } from '../server/noren.ts'
import { sandboxEnv } from './sandbox/sandbox-env.ts'
import { type ClubWithDiscord, openClub } from './support/club.ts'
import { runHere } from './support/run-noren.ts'

let club: ClubWithDiscord
const ENDPOINT = 'http://localhost:3000/webhooks/discord'

beforeAll(async () => {
  club = await openClub({ discord: true })
  await club.settle()
  club.discord.showEndpoint(ENDPOINT)
})

afterAll(() => club.close())

const doctor = (config: Config = club.config) => doctorDiscord([], {}, async () => config)
/** A shop whose settings or whose file say something else. */
function shopWith(discord: object, shop: object = {}): Config {
  const { config } = club
  return {
    ...config,
    discord: { ...config.discord, ...discord } as Config['discord'],
    shop: { ...config.shop, ...shop },
  }
}

test('commands are put in place beside those of others, and a second time nothing changes', async () => {
  const { url, applicationId, guildId, botToken } = club.discord
  const others = await fetch(
    `${url}/api/v10${Routes.applicationGuildCommands(applicationId, guildId)}`,
    {
      method: 'POST',
      headers: {
        authorization: `Bot ${botToken}`,
        'content-type': 'application/json',
        'user-agent': 'DiscordBot (https://example.com, 1)',
      },
      body: JSON.stringify({ name: 'dice', description: 'Rolls a die' }),
    },
  )
  expect(others.status).toBe(201)
  expect(await doctor()).toMatchObject({
    code: 1,
    said: expect.stringContaining('✗ not in place, or of an older version: /join /membership'),
  })
  const first = await registerDiscord([], {}, async () => club.config)
  expect(first).toMatchObject({ code: 0 })
  const commands = club.discord.commands()
  expect(commands.map(({ name }) => name)).toEqual([
    'dice',
    ...['join', 'membership', 'orders', 'help'],
  ])
  expect(commands[1]).toMatchObject({ name_localizations: { ja: expect.any(String) } })
  expect(await registerDiscord([], {}, async () => club.config)).toEqual(first)
  expect(club.discord.commands()).toEqual(commands)
})

test('where all is well the doctor says so, line by line, and to a machine as JSON', async () => {
  const { said, code } = await doctor()
  expect(said.split('\n').map((line) => line[0])).toEqual(Array(11).fill('✓'))
  expect(said).toContain('"premium" shows as 特別会員')
  expect(code).toBe(0)
  const told = await doctorDiscord([], { json: true }, async () => club.config)
  expect((JSON.parse(told.said) as Finding[]).map(({ check, ok }) => [check, ok])).toEqual(
    [
      ...['token', 'application', 'public_key', 'endpoint', 'server', 'manage_roles'],
      ...['role', 'role', 'members', 'commands', 'invite'],
    ].map((check) => [check, true]),
  )
})

type Ill = { config?: () => Config; ill?: () => void; well?: () => void }

/** What is wrong, what is said, and the click that mends it. */
const FAULTS: [string, Ill, says: RegExp, mend: RegExp][] = [
  [
    'the token is refused',
    { config: () => shopWith({ botToken: 'AAAA.BBBB.CCCC' }) },
    /refuses DISCORD_BOT_TOKEN/,
    /Reset Token/,
  ],
  [
    'the token is another application’s',
    { config: () => shopWith({ applicationId: '12345678901234567' }) },
    /is not the application of the token/,
    /Application ID/,
  ],
  [
    'the public key is another one’s',
    { config: () => shopWith({ publicKey: 'ab'.repeat(32) }) },
    /DISCORD_PUBLIC_KEY is another/,
    /Public Key → Copy/,
  ],
  [
    'commands go somewhere else',
    {
      ill: () => club.discord.showEndpoint('https://old.example.com/webhooks/discord'),
      well: () => club.discord.showEndpoint(ENDPOINT),
    },
    /commands go to https:\/\/old/,
    /Interactions Endpoint URL: http:\/\/localhost:3000\/webhooks\/discord → Save/,
  ],
  [
    'the bot was never invited',
    {
      ill: () => club.discord.allow({ inServer: false }),
      well: () => club.discord.allow({ inServer: true }),
    },
    /the bot is not on the server/,
    /authorize\?client_id=\d+&scope=bot\+applications\.commands&permissions=268435456&guild_id=\d+/,
  ],
  [
    'there is no such server',
    { config: () => shopWith({ guildId: '12345678901234567' }) },
    /the bot is not on the server/,
    /Copy Server ID/,
  ],
  [
    'it may not manage roles',
    {
      ill: () => club.discord.allow({ manageRoles: false }),
      well: () => club.discord.allow({ manageRoles: true }),
    },
    /may not manage roles/,
    /Roles → Noren → Permissions → Manage Roles on/,
  ],
  [
    'a role stands above its own',
    {
      ill: () => club.discord.putBotBelow(club.discord.roles.premium),
      well: () => club.discord.putBotAbove(club.discord.roles.premium),
    },
    /"premium" names 特別会員, which stands above Noren/,
    /drag Noren above 特別会員/,
  ],
  [
    'a role is not there',
    { config: () => withRole('12345678901234567') },
    /"vip" names a role that the server does not have/,
    /Copy Role ID/,
  ],
  [
    'a role is everybody’s',
    { config: () => withRole(club.discord.guildId) },
    /"vip" names @everyone/,
    /Create Role/,
  ],
  [
    'a role belongs to a bot',
    { config: () => withRole(club.discord.roles.bot) },
    /"vip" names Noren, which belongs to a bot/,
    /Create Role/,
  ],
  [
    'it does not see the members',
    {
      ill: () => club.discord.allow({ serverMembers: false }),
      well: () => club.discord.allow({ serverMembers: true }),
    },
    /does not see who is on the server/,
    /Server Members Intent on/,
  ],
  [
    'the invitation is none',
    { config: () => shopWith({}, { discord: { invite: 'https://discord.com/channels/1' } }) },
    /is no invitation like/,
    /Expire after: Never/,
  ],
]

function withRole(role: string): Config {
  return shopWith({}, { roles: [{ id: 'vip', title: 'VIP', discordRoles: role }] })
}

test.each(FAULTS)(
  'when %s, the doctor names the click that mends it',
  async (_, ill, says, mend) => {
    ill.ill?.()
    const { said, code } = await doctor(ill.config?.())
    ill.well?.()
    const lines = said.split('\n')
    const at = lines.findIndex((line) => line.startsWith('✗'))
    expect(lines[at]).toMatch(says)
    expect(lines[at + 1]).toMatch(mend)
    expect(lines.filter((line) => line.startsWith('✗'))).toHaveLength(1)
    expect(code).toBe(1)
    // Nothing that opens the shop's doors stands in what somebody may paste into a chat.
    expect(said).not.toContain(club.discord.botToken)
  },
)

test('a role that the shop shows in LINE alone is mentioned, and no fault', async () => {
  const config = shopWith({}, { roles: [{ id: 'tea', title: 'お茶' }], discord: {} })
  const { said, code } = await doctor(config)
  expect(said).toContain('✓ "tea" has no role on Discord')
  expect(said).toContain('✓ nobody is invited')
  expect(code).toBe(0)
})

test('without the settings, and without Discord, a sentence says what to do', async () => {
  const env = sandboxEnv(club, PLACE)
  for (const name of Object.keys(env)) if (name.startsWith('DISCORD_')) delete env[name]
  expect(await runCommand(['doctor', 'discord'], env)).toMatchObject({
    code: 1,
    said: expect.stringContaining('set DISCORD_APPLICATION_ID'),
  })
  club.discord.fault({ on: /applications/, times: 1, status: 503 })
  expect(await doctor()).toEqual({
    code: 1,
    said: 'Discord answered 503. Try again in a while.',
  })
  expect((await runHere(club, 'discord')).code).toBe(2)
  expect((await runHere(club, 'doctor', 'discord', 'now')).code).toBe(2)
})

const PLACE = { database: 'file::memory:', publicUrl: 'http://localhost:3000' }
