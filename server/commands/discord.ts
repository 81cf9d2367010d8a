import type { Config } from '../config.ts'
import { readSetup } from '../discord/check-setup.ts'
import type { Finding } from '../discord/finding.ts'
import { judgeSetup, type SetupWanted } from '../discord/judge-setup.ts'
import { commandsBehind, registerCommand } from '../discord/register-commands.ts'
import { openRest } from '../discord/rest.ts'
import { slashCommands } from '../discord/slash-commands.ts'
import { systemClock } from '../furnish.ts'
import { boundFetch } from '../line/timeouts.ts'
import { Later } from '../ports.ts'
import { type BareCommand, couldNot, type Options, type Outcome } from './command.ts'

/** Looks at all that Noren needs of Discord, and says for each fault what to click. */
export const doctorDiscord: BareCommand = (_words, options, settings) =>
  withDiscord(settings, async ({ wanted, look }) => say(judgeSetup(wanted, await look()), options))

/** Puts the slash commands in place, and leaves those of others alone. Again, it changes nothing. */
export const registerDiscord: BareCommand = (_words, options, settings) =>
  withDiscord(settings, async ({ wanted, ask, look }) => {
    const found = await look()
    const { application, server } = found
    if (application?.id === wanted.applicationId && server)
      for (const command of commandsBehind(wanted.commands, server.commands))
        await registerCommand(ask, wanted, command)
    return say(judgeSetup(wanted, server ? await look() : found), options)
  })

type Doctor = {
  wanted: SetupWanted
  ask: ReturnType<typeof openRest>
  look: () => ReturnType<typeof readSetup>
}

async function withDiscord(
  settings: () => Promise<Config>,
  work: (doctor: Doctor) => Promise<Outcome>,
): Promise<Outcome> {
  const config = await settings()
  const { discord } = config
  if (!discord) return couldNot(NOT_SET)
  boundFetch()
  const ask = openRest({ ...discord, clock: systemClock, meter: { answered: () => {} } })
  try {
    const look = () => readSetup(ask, discord.guildId)
    return await work({ wanted: wantedBy(config, discord), ask, look })
  } catch (error) {
    if (error instanceof Later)
      return couldNot(`${error.message}. Try again in ${Math.ceil(error.seconds)} s.`)
    return couldNot(`${(error as Error).message}. Try again in a while.`)
  }
}

const NOT_SET =
  'This shop is not on Discord: set DISCORD_APPLICATION_ID, DISCORD_PUBLIC_KEY, DISCORD_BOT_TOKEN and DISCORD_GUILD_ID (docs/discord.md).'

function wantedBy(
  { shop, publicUrl }: Config,
  { applicationId, publicKey, guildId }: NonNullable<Config['discord']>,
): SetupWanted {
  return {
    ...{ applicationId, publicKey, guildId },
    endpoint: `${publicUrl}/webhooks/discord`,
    roles: (shop.roles ?? [])
      .map(({ id, discordRoles = [] }) => ({ id, discordRoles: [discordRoles].flat() }))
      .filter(({ id, discordRoles }) => id !== 'guest' || discordRoles.length > 0),
    invite: shop.discord?.invite ?? null,
    commands: slashCommands(),
  }
}

function say(findings: Finding[], { json }: Options): Outcome {
  const code = findings.every(({ ok }) => ok) ? 0 : 1
  if (json) return { said: JSON.stringify(findings, null, 2), code }
  const lines = findings.map(({ ok, says, mend }) =>
    ok ? `✓ ${says}` : `✗ ${says}\n    ${mend ?? ''}`,
  )
  return { said: lines.join('\n'), code }
}
