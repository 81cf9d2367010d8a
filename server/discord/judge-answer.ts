import { DiscordAPIError, HTTPError } from '@discordjs/rest'
import { RESTJSONErrorCodes as Codes } from 'discord-api-types/v10'
import { Later, NeedsPerson, type SendOutcome } from '../ports.ts'
import { type Answer, judge, PERSON_SECONDS } from '../retry-policy.ts'

/** They take nothing from the bot, share no server with it, or are no more. */
const OUT_OF_REACH: readonly number[] = [
  Codes.CannotSendMessagesToThisUser,
  Codes.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds,
  Codes.UnknownUser,
  Codes.InvalidRecipients,
]
/** Discord's own number for what is wrong; null: it did not say, or did not answer. */
export function codeOf(error: unknown): number | null {
  return error instanceof DiscordAPIError && typeof error.code === 'number' ? error.code : null
}

/**
 * Has Discord refused this as what is not there, not allowed, or not valid? Too slow and out of order are none, nor
 * is what comes without a number of Discord's: it stands before the API and knows nothing of what was asked.
 */
export function isRefusal(error: unknown): error is DiscordAPIError {
  if (!(error instanceof DiscordAPIError) || codeOf(error) === null) return false
  return error.status !== 401 && error.status !== 408
}

/** Does Discord not know the bot's token (any more)? */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status === 401
}

/** Is this interaction over? Its token is good for 15 minutes, and who asked may close the answer before it is there. */
export function isSpent(error: unknown): boolean {
  if (!(error instanceof DiscordAPIError)) return false
  const gone: readonly (number | null)[] = [Codes.InvalidWebhookToken, Codes.UnknownMessage]
  return error.status === 401 || gone.includes(codeOf(error))
}

/** Does Discord know no such interaction? Neither does it a moment before our first answer has arrived. */
export function isUnknownInteraction(error: unknown): boolean {
  const unknown: readonly (number | null)[] = [Codes.UnknownWebhook, Codes.UnknownInteraction]
  return unknown.includes(codeOf(error))
}

/** What Discord's answer means for a message; the table is in retry-policy.ts. Throws on what is no answer: Later. */
export function outcomeOf(error: unknown): Exclude<SendOutcome, { state: 'accepted' }> {
  if (error instanceof Later) throw error
  const reason = wordsOf(error)
  if (OUT_OF_REACH.includes(codeOf(error) ?? 0)) return { state: 'unreachable', reason }
  const { fate, taken, counts, retryAfter } = judge('discord', answerOf(error))
  if (fate === 'person') return { state: 'refused', reason }
  if (fate === 'never') return { state: 'never', reason }
  return { state: 'again', reason, maybeAccepted: taken !== 'no', busy: !counts, retryAfter }
}

export function accepted(requestId: string): SendOutcome {
  return { state: 'accepted', requestId }
}

/** As outcomeOf, of what is asked before: the message itself has not left, whatever went wrong before. */
export function notSent(error: unknown): SendOutcome {
  if (error instanceof Later) throw error
  const outcome = outcomeOf(error)
  return outcome.state === 'again' ? { ...outcome, maybeAccepted: false } : outcome
}

/** Why something that Discord was asked could not be had. */
export function unanswered(error: unknown): Error {
  if (error instanceof Later) return error
  const { fate } = judge('discord', answerOf(error))
  const reason = wordsOf(error)
  return fate === 'person' ? new NeedsPerson(PERSON_SECONDS, reason) : new Error(reason)
}

/** In Discord's words, without whose it was: its errors name ids, the address and all that was sent. */
export function wordsOf(error: unknown): string {
  if (error instanceof DiscordAPIError) {
    const { status, message } = error
    const code = codeOf(error)
    // Its own words are "401: Unauthorized", which tell nobody what to mend.
    if (status === 401)
      return 'Discord answered 401: it refuses the bot’s token (DISCORD_BOT_TOKEN)'
    // Without a number of Discord's it comes from what stands before its API.
    if (code === null) return `Discord answered ${status}`
    return `Discord answered ${status} ${code}: ${withoutIds(message).slice(0, 300)}`
  }
  if (error instanceof HTTPError) return `Discord answered ${error.status}`
  return `Discord did not answer (${reasonOf(error)})`
}

function answerOf(error: unknown): Answer {
  if (error instanceof DiscordAPIError)
    return { status: error.status, code: codeOf(error)?.toString(), words: error.message }
  if (error instanceof HTTPError) return { status: error.status }
  return { status: null, code: codeBelow(error) }
}

function withoutIds(words: string): string {
  return words.replace(/\d{17,20}/g, '…').replace(/\s*\n\s*/g, '; ')
}

function codeBelow(error: unknown): string | undefined {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined
  return typeof cause?.code === 'string' ? cause.code : undefined
}

/** Node's own words may name the address, and an interaction's token with it. */
function reasonOf(error: unknown): string {
  return codeBelow(error) ?? (error instanceof Error ? error.name : 'no reason given')
}
