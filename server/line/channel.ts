import { HTTPFetchError, LineBotClient, type messagingApi } from '@line/bot-sdk'
import type { Channel, Meter, Pace, SendOutcome } from '../ports.ts'
import { renderMessage } from './render.ts'
import type { TokenSource } from './token.ts'

/** LINE's Messaging API as a channel. Every call may throw except `send`, which says what came of it. */
export function openLineChannel(options: {
  apiBase: URL
  tokens: TokenSource
  pace: Pace
  meter: Meter
}): Channel {
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
      const line = await client().catch((error: unknown) => {
        return { state: 'again', reason: withoutToken(error), maybeAccepted: false } as const
      })
      if ('state' in line) return line
      try {
        const messages = JSON.parse(body) as messagingApi.Message[]
        const { httpResponse } = await line.pushMessageWithHttpInfo({ to: address, messages }, key)
        return { state: 'accepted', requestId: httpResponse.headers.get('x-line-request-id') }
      } catch (error) {
        if (error instanceof HTTPFetchError && error.status === 401) options.tokens.forget()
        return outcomeOf(error)
      }
    },
    async profile(address) {
      try {
        const { displayName, language } = await (await client()).getProfile(address)
        return { name: displayName, language: language ?? null }
      } catch (error) {
        if (error instanceof HTTPFetchError && (error.status === 404 || error.status === 400))
          return null
        throw error
      }
    },
    async quota() {
      const line = await client()
      const [{ value }, { totalUsage }] = await Promise.all([
        line.getMessageQuota(),
        line.getMessageQuotaConsumption(),
      ])
      return { used: totalUsage, total: value ?? null }
    },
  }
}

/**
 * What LINE's answer means for the message (https://developers.line.biz/en/docs/messaging-api/retrying-api-request/):
 * 409 was accepted before; 5xx and silence are unclear; 429 means two things that only the text tells
 * apart; a refused token is the operator's to mend within the key's life; other 4xx will never work.
 */
export function outcomeOf(error: unknown): SendOutcome {
  if (!(error instanceof HTTPFetchError))
    return {
      state: 'again',
      reason: `LINE did not answer (${reasonOf(error)})`,
      maybeAccepted: true,
    }
  const { status, headers, body } = error
  const reason = `LINE answered ${status}: ${body.slice(0, 300)}`
  if (status === 409)
    return { state: 'accepted', requestId: headers.get('x-line-accepted-request-id') }
  if (status === 429)
    return /monthly limit/i.test(body)
      ? { state: 'quota', reason }
      : { state: 'again', reason, maybeAccepted: false }
  if (status === 401) return { state: 'again', reason, maybeAccepted: false }
  return status >= 500
    ? { state: 'again', reason, maybeAccepted: true }
    : { state: 'never', reason }
}

/** Nothing has left: whatever was wrong with the channel's id or secret, the message can still be sent. */
function withoutToken(error: unknown): string {
  const status = error instanceof HTTPFetchError ? ` ${error.status}` : ` (${reasonOf(error)})`
  return `LINE gave no channel access token:${status}`
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause as { code?: string } | undefined
  return cause?.code ? `${error.message}, ${cause.code}` : error.message
}
