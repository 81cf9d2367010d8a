import {
  type APIMessage,
  type APIUser,
  RESTJSONErrorCodes as Codes,
  MessageFlags,
  type RESTPostAPIChannelMessageJSONBody,
  type RESTPostAPICurrentUserCreateDMChannelResult,
  Routes,
} from 'discord-api-types/v10'
import { type Clock, type CommandChannel, Later, type Moment, type SendOutcome } from '../ports.ts'
import { codeOf, isSpent, isUnknownInteraction, outcomeOf, unanswered } from './judge-answer.ts'
import { type Body, isSame, marked, nonceOf } from './mark.ts'
import { renderMessage } from './render.ts'
import { renderAnswer } from './render-answer.ts'
import type { AskDiscord } from './rest.ts'

/** Discord knows a nonce again "for a few minutes": after so long we look for ourselves. */
const NONCE_MS = 120_000
/** A chat with a shop's bot holds little else. */
const LOOKED_AT = 50
/** Chats whose ids are remembered; another costs one more question. */
const MOST_CHATS = 10_000

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
      if (codeOf(error) === Codes.UnknownChannel) chats.forget(address)
      return outcomeOf(error)
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

  /** Seen by who asked alone, under what they asked. There is no key for it: it is tried once. */
  async function sayThere(token: string, body: Body, key: string): Promise<SendOutcome> {
    const message = { ...marked(body, key), flags: MessageFlags.Ephemeral }
    const path = Routes.webhook(applicationId, token)
    try {
      const { id } = await ask<APIMessage>({
        method: 'POST',
        path,
        body: { ...message, allowed_mentions: { parse: [] } },
      })
      return accepted(id)
    } catch (error) {
      if (isSpent(error) || isUnknownInteraction(error))
        return { state: 'unreachable', reason: 'the answer that was open is over' }
      const outcome = outcomeOf(error)
      return outcome.state === 'again' ? { ...outcome, inAnswer: true } : outcome
    }
  }

  return {
    render: renderMessage,
    async send(address, rendered, key, moment?: Moment) {
      const body = JSON.parse(rendered) as Body
      const { openAnswer = null, unclearSince = null } = moment ?? {}
      const outcome = await send(address, body, key, unclearSince)
      // What may have been said there already is not said again: nobody could find it.
      if (outcome.state !== 'unreachable' || !openAnswer || unclearSince) return outcome
      return sayThere(openAnswer, body, key)
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
        // We may have been quicker than our own first answer: known a moment later, or never.
        throw unanswered(error)
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

function accepted(requestId: string): SendOutcome {
  return { state: 'accepted', requestId }
}

/** The message itself has not left, whatever went wrong before. */
function notSent(error: unknown): SendOutcome {
  if (error instanceof Later) throw error
  const outcome = outcomeOf(error)
  return outcome.state === 'again' ? { ...outcome, maybeAccepted: false } : outcome
}

/** The chat with somebody, by its id: Discord gives the same one each time, and wants few asked for at once. */
function rememberChats(ask: AskDiscord) {
  const chats = new Map<string, string>()
  return {
    async open(address: string): Promise<string> {
      const known = chats.get(address)
      if (known) return known
      const { id } = await ask<RESTPostAPICurrentUserCreateDMChannelResult>({
        method: 'POST',
        path: Routes.userChannels(),
        body: { recipient_id: address },
      })
      const [oldest] = chats.keys()
      if (oldest && chats.size >= MOST_CHATS) chats.delete(oldest)
      chats.set(address, id)
      return id
    },
    forget(address: string): void {
      chats.delete(address)
    },
  }
}
