import { HTTPFetchError, LineBotClient } from '@line/bot-sdk'
import { unanswered } from './judge-answer.ts'
import type { Paced } from './paced.ts'
import type { TokenSource } from './token.ts'

export type BotApi = { apiBase: URL; tokens: TokenSource; paced: Paced }

/**
 * One call to LINE's bot API, at its endpoint's pace. `instead` answers for a refusal that is no
 * trouble; for undefined, and without an answer from LINE, it throws as `unanswered` says.
 */
export type AskLine = <T, R = never>(
  endpoint: string,
  call: (line: LineBotClient) => Promise<T>,
  instead?: (refusal: HTTPFetchError) => R | undefined | Promise<R | undefined>,
) => Promise<T | R>

const LINE_ORIGIN = 'https://api.line.me'

/** A client keeps the token it was made with, so a new token means a new client. Throws when LINE gives no token. */
export function holdClient({
  apiBase,
  tokens,
}: Pick<BotApi, 'apiBase' | 'tokens'>): () => Promise<LineBotClient> {
  let held: { token: string; line: LineBotClient } | null = null
  return async () => {
    const token = await tokens.current()
    if (held?.token !== token) held = { token, line: clientWith(token, apiBase.origin) }
    return held.line
  }
}

/** LINE's own client with the token that is good now; one that LINE refused is not used again. */
export function openBotClient({ tokens, paced, ...options }: BotApi): AskLine {
  const client = holdClient({ tokens, ...options })
  return async (endpoint, call, instead) => {
    const line = await client().catch((error: unknown) => {
      throw unanswered(error, 'line token')
    })
    try {
      return await paced(endpoint, () => call(line))
    } catch (error) {
      if (!(error instanceof HTTPFetchError)) throw unanswered(error)
      if (error.status === 401) tokens.forget()
      const answer = await instead?.(error)
      if (answer === undefined) throw unanswered(error)
      return answer
    }
  }
}

/** LINE takes pictures at a host of their own; whatever stands in for LINE is both. */
function clientWith(channelAccessToken: string, origin: string): LineBotClient {
  const elsewhere = origin === LINE_ORIGIN ? {} : { apiBaseURL: origin, dataApiBaseURL: origin }
  return LineBotClient.fromChannelAccessToken({ channelAccessToken, ...elsewhere })
}
