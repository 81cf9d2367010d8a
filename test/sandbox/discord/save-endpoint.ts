import { InteractionType } from 'discord-api-types/v10'
import type { DiscordState } from './discord-state.ts'
import { forgedSignature, sendInteraction } from './send-interaction.ts'

/**
 * The Developer Portal saves an address only when it answers a PING and refuses one that is signed by nobody
 * (https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint).
 */
export async function saveEndpoint(discord: DiscordState, url: string): Promise<void> {
  const ping = () => ({
    ...{ id: discord.nextId(), application_id: discord.applicationId, version: 1 },
    ...{ type: InteractionType.Ping, token: discord.nextId(), entitlements: [] },
  })
  const [good, forged] = await Promise.all([
    sendInteraction(discord, url, ping()),
    sendInteraction(discord, url, ping(), { signature: forgedSignature() }),
  ])
  const pong = good.status === 200 && (good.body as { type?: unknown } | null)?.type === 1
  discord.check = {
    url,
    ping: pong ? 'good' : `${good.status} ${JSON.stringify(good.body)}`,
    forged: forged.status === 401 ? 'refused' : `${forged.status} instead of 401`,
    saved: pong && forged.status === 401,
  }
  if (discord.check.saved) discord.endpoint = url
}

/** Whose address cannot be saved has no interactions; what the portal said of it is in the error. */
export function requireEndpoint(discord: DiscordState): string {
  if (discord.endpoint) return discord.endpoint
  const said = discord.check
    ? `Discord did not save the address ${JSON.stringify(discord.check)}`
    : 'sendInteractionsTo(url) comes first'
  throw new Error(said)
}
