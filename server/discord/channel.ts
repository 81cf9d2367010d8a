import {
  type APIMessage,
  type APIUser,
  RESTJSONErrorCodes as Codes,
  type RESTPostAPIChannelMessageJSONBody,
  Routes,
} from 'discord-api-types/v10'
import { type Clock, type CommandChannel, Later, type Moment } from '../ports.ts'
import { rememberChats } from './chats.ts'
import {
  accepted,
  codeOf,
  isSpent,
  isUnknownInteraction,
  notSent,
  outcomeOf,
  unanswered,
  wordsOf,
} from './judge-answer.ts'
import { type Body, isSame, marked, nonceOf } from './mark.ts'
import { renderMessage } from './render.ts'
import { renderAnswer } from './render-answer.ts'
import type { AskDiscord } from './rest.ts'
import { sayInAnswer } from './say-in-answer.ts'

/** Discord knows a nonce again "for a few minutes": after so long we look for ourselves. */
const NONCE_MS = 120_000
/** A chat with a shop's bot holds little else. */
const LOOKED_AT = 50

export type ChannelParts = { ask: AskDiscord; clock: Clock; applicationId: string }

/** Direct messages and answers. Every call may throw except `send`, which says what came of it. */
export function openDiscordChannel({ ask, clock, applicationId }: ChannelParts): CommandChannel {
  const chats = rememberChats(ask)

  async function send(address: string, body: Body, key: string, since: Date | null) {
    const chat = await chats.open(address).catch(notSent)
    if (typeof chat !== 'string') return chat
    if (since && clock.now().getTime() - since.getTime() >= NONCE_MS) {
      const there = await find(chat, body, key, since).catch(notSent)
      if (there) return there
    }
    const message: RESTPostAPIChannelMessageJSONBody = {
      ...marked(body, key),
      ...{ nonce: nonceOf(key), enforce_nonce: true, allowed_mentions: { parse: [] } },
    }
    try {
      const { id } = await ask<APIMessage>({
        method: 'POST',
        path: Routes.channelMessages(chat),
        body: message,
      })
      return accepted(id)
    } catch (error) {
      const outcome = outcomeOf(error)
      // A try before this one may have come in while the door was still open: a nonce does not say so.
      if (outcome.state === 'unreachable' && since)
        return (await find(chat, body, key, since).catch(notSent)) ?? outcome
      if (codeOf(error) !== Codes.UnknownChannel) return outcome
      // What we remembered is no chat any more; the next try begins it anew.
      chats.forget(address)
      const { reason } = outcome
      return {
        state: 'again',
        reason,
        maybeAccepted: false,
        busy: false,
        retryAfter: null,
      } as const
    }
  }

  async function find(chat: string, body: Body, key: string, since: Date) {
    const messages = await ask<APIMessage[]>({
      method: 'GET',
      path: Routes.channelMessages(chat),
      query: { limit: String(LOOKED_AT) },
    })
    const ours = messages.filter(({ author }) => author.id === applicationId)
    const found = ours.find((each) => isSame(each, body, key, since))
    return found ? accepted(found.id) : null
  }

  return {
    render: renderMessage,
    async send(address, rendered, key, moment?: Moment) {
      const body = JSON.parse(rendered) as Body
      const { openAnswer = null, unclearSince = null } = moment ?? {}
      const outcome = await send(address, body, key, unclearSince)
      // What may have been said there already is not said again: nobody could find it.
      if (outcome.state !== 'unreachable' || !openAnswer || unclearSince) return outcome
      return sayInAnswer({ ask, applicationId }, openAnswer, body, key)
    },
    renderAnswer,
    async answer(token, rendered) {
      const body = { ...(JSON.parse(rendered) as object), allowed_mentions: { parse: [] } }
      const path = Routes.webhookMessage(applicationId, token)
      try {
        await ask({ method: 'PATCH', path, body })
        return 'accepted'
      } catch (error) {
        if (isSpent(error)) return 'spent'
        if (isUnknownInteraction(error)) return 'unknown'
        // Nobody mends in time what needs a person: it is tried as anything else is.
        throw error instanceof Later ? error : new Error(wordsOf(error))
      }
    },
    async profile(address) {
      try {
        const user = await ask<APIUser>({ method: 'GET', path: Routes.user(address) })
        return { name: user.global_name ?? user.username }
      } catch (error) {
        if (codeOf(error) === Codes.UnknownUser) return null
        throw unanswered(error)
      }
    },
  }
}
