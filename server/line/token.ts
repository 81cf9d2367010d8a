import { channelAccessToken } from '@line/bot-sdk'
import type { Clock } from '../ports.ts'
import type { Paced } from './paced.ts'

export interface TokenSource {
  current(): Promise<string>
  /** LINE refused the token: do not use it again. */
  forget(): void
}

/** A stateless token lives 15 minutes; renewing a minute early keeps it from dying on the way. */
const EARLY_SECONDS = 60

/** The token the operator pasted. */
export function fixedToken(token: string): TokenSource {
  return { current: async () => token, forget: () => {} }
}

/**
 * Stateless tokens, issued from channel id and secret when the last one runs out: nothing to paste,
 * nothing to rotate (https://developers.line.biz/en/reference/messaging-api/#issue-stateless-channel-access-token).
 */
export function statelessTokens(options: {
  channelId: string
  channelSecret: string
  apiBase: URL
  clock: Clock
  paced: Paced
}): TokenSource {
  const client = new channelAccessToken.ChannelAccessTokenClient({
    baseURL: options.apiBase.origin,
  })
  let held: Promise<{ token: string; until: number }> | null = null

  async function issue(): Promise<{ token: string; until: number }> {
    const issued = await options.paced('token', () =>
      client.issueStatelessChannelTokenByClientSecret(options.channelId, options.channelSecret),
    )
    const life = (issued.expires_in - EARLY_SECONDS) * 1000
    return { token: issued.access_token, until: options.clock.now().getTime() + life }
  }

  return {
    async current() {
      const seen = held
      const last = await seen?.catch(() => null)
      if (last && options.clock.now().getTime() < last.until) return last.token
      // A crowd that finds the same old token waits for the first one's new token.
      if (held === seen || held === null) held = issue()
      return (await held).token
    },
    forget() {
      held = null
    },
  }
}
