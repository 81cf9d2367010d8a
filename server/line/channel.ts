import { HTTPFetchError, LineBotClient, type messagingApi } from '@line/bot-sdk'
import type { Channel } from '../ports.ts'
import { outcomeOf, unanswered, withoutToken } from './judge-answer.ts'
import type { Paced } from './paced.ts'
import { renderMessage } from './render.ts'
import { renderAnswer } from './render-answer.ts'
import type { TokenSource } from './token.ts'

/** LINE's Messaging API as a channel. Every call may throw except `send`, which says what came of it. */
export function openLineChannel(options: {
  apiBase: URL
  tokens: TokenSource
  paced: Paced
}): Channel {
  const { paced } = options
  const clients = new Map<string, LineBotClient>()

  /** A client keeps the token it was made with, so a new token means a new client. */
  async function client(): Promise<LineBotClient> {
    const channelAccessToken = await options.tokens.current()
    const known = clients.get(channelAccessToken)
    if (known) return known
    clients.clear()
    const made = LineBotClient.fromChannelAccessToken({
      channelAccessToken,
      apiBaseURL: options.apiBase.origin,
    })
    clients.set(channelAccessToken, made)
    return made
  }

  return {
    render: renderMessage,
    async send(address, body, key) {
      const line = await client().catch(withoutToken)
      if ('state' in line) return line
      try {
        const messages = JSON.parse(body) as messagingApi.Message[]
        const { httpResponse } = await paced('push', () =>
          line.pushMessageWithHttpInfo({ to: address, messages }, key),
        )
        return { state: 'accepted', requestId: httpResponse.headers.get('x-line-request-id') }
      } catch (error) {
        if (error instanceof HTTPFetchError && error.status === 401) options.tokens.forget()
        return outcomeOf(error)
      }
    },
    renderAnswer,
    async reply(replyToken, body) {
      const line = await client().catch((error: unknown) => {
        throw unanswered(error, 'line token')
      })
      try {
        const messages = JSON.parse(body) as messagingApi.Message[]
        // No retry key: LINE refuses one here, and the token itself is good only once.
        await paced('reply', () => line.replyMessage({ replyToken, messages }))
        return 'accepted'
      } catch (error) {
        if (error instanceof HTTPFetchError && error.status === 401) options.tokens.forget()
        if (error instanceof HTTPFetchError && isRefused(error.status)) return 'spent'
        throw unanswered(error)
      }
    },
    async profile(address) {
      // On its own: a refused channel id is answered 400 too, and says nothing about anybody.
      const line = await client().catch((error: unknown) => {
        throw unanswered(error, 'line token')
      })
      try {
        const { displayName, language } = await paced('profile', () => line.getProfile(address))
        return { name: displayName, language: language ?? null }
      } catch (error) {
        if (error instanceof HTTPFetchError && error.status === 401) options.tokens.forget()
        if (error instanceof HTTPFetchError && (error.status === 404 || error.status === 400))
          return null
        throw unanswered(error)
      }
    },
    async quota() {
      const line = await client()
      const [{ value }, { totalUsage }] = await Promise.all([
        paced('quota', () => line.getMessageQuota()),
        paced('quota/consumption', () => line.getMessageQuotaConsumption()),
      ])
      return { used: totalUsage, total: value ?? null }
    },
  }
}

/** Another try would be refused as well; a refused channel token and too high a pace are no fault of the reply. */
function isRefused(status: number): boolean {
  return status >= 400 && status < 500 && status !== 401 && status !== 429
}
