import {
  type APIMessage,
  RESTJSONErrorCodes as Codes,
  MessageFlags,
  Routes,
} from 'discord-api-types/v10'
import type { SendOutcome } from '../ports.ts'
import {
  accepted,
  codeOf,
  isSpent,
  isUnknownInteraction,
  notSent,
  outcomeOf,
} from './judge-answer.ts'
import { type Body, marked } from './mark.ts'
import type { AskDiscord } from './rest.ts'

type ChannelParts = { ask: AskDiscord; applicationId: string }

/** Seen by who asked alone, under what they asked. There is no key for it: it is tried once. */
export async function sayInAnswer(
  { ask, applicationId }: ChannelParts,
  token: string,
  body: Body,
  key: string,
): Promise<SendOutcome> {
  try {
    if (await isThinking(ask, Routes.webhookMessage(applicationId, token))) return FIRST_THE_ANSWER
  } catch (error) {
    return isOver(error) ? OVER : notSent(error)
  }
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
    if (isOver(error)) return OVER
    const outcome = outcomeOf(error)
    return outcome.state === 'again' ? { ...outcome, inAnswer: true } : outcome
  }
}

/** What comes before the answer takes its place, and the answer then takes that one's. */
async function isThinking(ask: AskDiscord, path: `/${string}`): Promise<boolean> {
  try {
    const { flags = 0 } = await ask<APIMessage>({ method: 'GET', path })
    return (flags & MessageFlags.Loading) !== 0
  } catch (error) {
    if (codeOf(error) === Codes.UnknownMessage) return false
    throw error
  }
}

const OVER: SendOutcome = { state: 'unreachable', reason: 'the answer that was open is over' }
const FIRST_THE_ANSWER: SendOutcome = {
  state: 'again',
  reason: 'what they asked is answered first',
  ...{ maybeAccepted: false, busy: true, retryAfter: 1 },
}

function isOver(error: unknown): boolean {
  return isSpent(error) || isUnknownInteraction(error)
}
