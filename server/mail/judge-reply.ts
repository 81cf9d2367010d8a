import type { SendOutcome } from '../ports.ts'
import { type Answer, judge } from '../retry-policy.ts'

/** What nodemailer puts on its errors, as far as we read it. */
type SmtpError = {
  message?: string
  response?: string
  responseCode?: number
  /** Nodemailer's own word; `originalCode` is Node's, where there was one */
  code?: string
  originalCode?: string
  timeoutType?: string
  command?: string
}

/** What came of a mail that did not leave, or of which nobody knows; the table is in retry-policy.ts. */
export function outcomeOf(error: unknown): SendOutcome {
  const { fate, taken, counts, retryAfter } = judge('smtp', answerOf(error))
  const reason = wordsOf(error)
  if (fate === 'pause') return { state: 'quota', reason }
  if (fate === 'person') return { state: 'refused', reason }
  if (fate === 'never') return { state: 'never', reason }
  const maybeAccepted = taken !== 'no'
  return {
    state: 'again',
    reason,
    maybeAccepted,
    busy: !counts,
    retryAfter,
    oneReader: isTheirs(error),
  }
}

/** A full or grey-listed mailbox says nothing of the server, which has taken the sender a moment before. */
function isTheirs(error: unknown): boolean {
  const { responseCode, command } = partsOf(error)
  return responseCode !== undefined && command === 'RCPT TO'
}

/** The answer as the table wants it. */
function answerOf(error: unknown): Answer {
  const { response, responseCode, code, originalCode, timeoutType, command } = partsOf(error)
  if (responseCode)
    return {
      status: responseCode,
      code: /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1],
      words: response,
      to: command,
    }
  return { status: null, code: timeoutType ?? originalCode ?? code }
}

function wordsOf(error: unknown): string {
  const { response, message, code } = partsOf(error)
  if (response) return `the mail server answered ${short(response)}`
  return `the mail server did not answer (${short([message, code].filter(Boolean).join(', '))})`
}

/** It stands in the books, the queue and the log: whose mailbox it was, only the account says, which can be forgotten. */
function short(words: string): string {
  return words.replace(/[^\s@<>"'()]+@[^\s@<>"'(),;:]+/g, '…@…').slice(0, 300)
}

function partsOf(error: unknown): SmtpError {
  return error instanceof Error ? (error as SmtpError) : { message: String(error) }
}
