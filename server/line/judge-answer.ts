import { HTTPFetchError } from '@line/bot-sdk'
import { Later, NeedsPerson, type SendOutcome } from '../ports.ts'
import { type Answer, judge, PERSON_SECONDS, readRetryAfter } from '../retry-policy.ts'

/** What LINE's answer means for the message; the table is in retry-policy.ts. Throws on what is no answer: Later. */
export function outcomeOf(error: unknown): SendOutcome {
  if (error instanceof Later) throw error
  const { fate, taken, counts, retryAfter } = judge('line', answerOf(error))
  const reason = wordsOf(error)
  if (fate === 'accepted') return { state: 'accepted', requestId: acceptedIdOf(error) }
  if (fate === 'pause') return { state: 'quota', reason }
  if (fate === 'person') return { state: 'refused', reason }
  if (fate === 'never') return { state: 'never', reason }
  return { state: 'again', reason, maybeAccepted: taken !== 'no', busy: !counts, retryAfter }
}

function answerOf(error: unknown): Answer {
  if (!(error instanceof HTTPFetchError)) return { status: null, code: codeBelow(error) }
  const { status, headers, body } = error
  const sent = new Date(headers.get('date') ?? '')
  return { status, words: body, retryAfter: readRetryAfter(headers.get('retry-after'), sent) }
}

/** 409: LINE names the request that it took before. */
function acceptedIdOf(error: unknown): string | null {
  return error instanceof HTTPFetchError ? error.headers.get('x-line-accepted-request-id') : null
}

function wordsOf(error: unknown): string {
  return error instanceof HTTPFetchError
    ? `LINE answered ${error.status}: ${error.body.slice(0, 300)}`
    : `LINE did not answer (${reasonOf(error)})`
}

/** Nothing has left: whatever was wrong with the channel's id or secret, the message can still be sent. */
export function withoutToken(error: unknown): SendOutcome {
  if (error instanceof Later) throw error
  const reason = tokenWordsOf(error)
  const { fate, counts, retryAfter } = judge('line token', answerOf(error))
  if (fate === 'person') return { state: 'refused', reason }
  return { state: 'again', reason, maybeAccepted: false, busy: !counts, retryAfter }
}

function tokenWordsOf(error: unknown): string {
  const status = error instanceof HTTPFetchError ? ` ${error.status}` : ` (${reasonOf(error)})`
  return `LINE gave no channel access token:${status}`
}

/** Why something that LINE was asked could not be had. */
export function unanswered(error: unknown, vendor: 'line' | 'line token' = 'line'): Error {
  if (error instanceof Later) return error
  const { fate } = judge(vendor, answerOf(error))
  const reason = vendor === 'line' ? wordsOf(error) : tokenWordsOf(error)
  return fate === 'person' ? new NeedsPerson(PERSON_SECONDS, reason) : new Error(reason)
}

function codeBelow(error: unknown): string | undefined {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined
  return typeof cause?.code === 'string' ? cause.code : undefined
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = codeBelow(error)
  return code ? `${error.message}, ${code}` : error.message
}
