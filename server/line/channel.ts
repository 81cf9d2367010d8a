import { HTTPFetchError, type messagingApi } from '@line/bot-sdk'
import type { ChatChannel } from '../ports.ts'
import { type BotApi, holdClient, openBotClient } from './bot-client.ts'
import { outcomeOf, withoutToken } from './judge-answer.ts'
import { renderMessage } from './render.ts'
import { renderAnswer } from './render-answer.ts'

/** LINE's Messaging API as a channel. Every call may throw except `send`, which says what came of it. */
export function openLineChannel(options: BotApi): ChatChannel {
  const { paced, tokens } = options
  const client = holdClient(options)
  const ask = openBotClient(options)

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
        if (error instanceof HTTPFetchError && error.status === 401) tokens.forget()
        return outcomeOf(error)
      }
    },
    renderAnswer,
    reply(replyToken, body) {
      const messages = JSON.parse(body) as messagingApi.Message[]
      // No retry key: LINE refuses one here, and the token itself is good only once.
      return ask<'accepted', 'spent'>(
        'reply',
        (line) => line.replyMessage({ replyToken, messages }).then(() => 'accepted'),
        ({ status }) => (isRefused(status) ? 'spent' : undefined),
      )
    },
    profile(address) {
      return ask(
        'profile',
        async (line) => {
          const { displayName, language } = await line.getProfile(address)
          return { name: displayName, language: language ?? null }
        },
        ({ status }) => (status === 404 || status === 400 ? null : undefined),
      )
    },
    async quota() {
      const [{ value }, { totalUsage }] = await Promise.all([
        ask('quota', (line) => line.getMessageQuota()),
        ask('quota/consumption', (line) => line.getMessageQuotaConsumption()),
      ])
      return { used: totalUsage, total: value ?? null }
    },
  }
}

/** Another try would be refused as well; a refused channel token and too high a pace are no fault of the reply. */
function isRefused(status: number): boolean {
  return status >= 400 && status < 500 && status !== 401 && status !== 429
}
