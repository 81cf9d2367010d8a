import { createHmac, randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { webhook } from '@line/bot-sdk'
import { type LineState, randomMessageId, randomToken } from './line-state.ts'

/** LINE gives up after 2 s; a busy test machine gets a little longer before we call it unanswered. */
const GIVE_UP_MS = 10_000
const REPLY_TOKEN_MS = 60_000
/** LINE publishes neither how often nor how long; half a minute outlives a restart. */
const REDELIVERIES = 60
const REDELIVER_AFTER_MS = 500
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * Sends a webhook body to the shop, signed with the channel secret unless told otherwise. Resolves
 * with the answer's status, 0 when there was none. Throws when nobody said where to send webhooks.
 */
export async function sendWebhook(
  line: LineState,
  body: unknown,
  { signature, title = 'webhook' }: { signature?: string; title?: string } = {},
): Promise<number> {
  if (line.webhookUrl === null) throw new Error('sendWebhooksTo(url) comes first')
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const started = performance.now()
  const status = await post(line, line.webhookUrl, text, signature ?? sign(line, text))
  const milliseconds = Math.round(performance.now() - started)
  line.watch({
    at: line.now(),
    from: 'line',
    to: 'noren',
    title,
    status,
    milliseconds,
    detail: body,
  })
  return status
}

async function post(
  line: LineState,
  url: string,
  body: string,
  signature: string,
): Promise<number> {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'LineBotWebhook/2.0',
    'x-line-signature': signature,
  }
  const signal = AbortSignal.any([line.closing.signal, AbortSignal.timeout(GIVE_UP_MS)])
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, signal })
    await answer.arrayBuffer()
    return answer.status
  } catch {
    return 0
  }
}

function sign(line: LineState, text: string): string {
  return createHmac('sha256', line.channelSecret).update(text).digest('base64')
}

type Happened =
  | { type: 'follow'; isUnblocked: boolean }
  | { type: 'unfollow' }
  | { type: 'message'; text: string; groupId?: string }
  | { type: 'postback'; data: string }

/** Tells the shop what somebody did in the chat, or in a group. Says nothing while no webhook address is set. */
export async function tellShop(line: LineState, userId: string, happened: Happened): Promise<void> {
  if (line.webhookUrl === null) return
  const event = {
    mode: 'active',
    timestamp: line.now(),
    source: sourceOf(userId, happened),
    webhookEventId: ulid(line.now()),
    ...detailsOf(line, userId, happened),
  } satisfies Partial<webhook.Event>
  for (let tried = 1; tried <= (line.redeliver ? REDELIVERIES : 1); tried++) {
    if (tried > 1) await wait(REDELIVER_AFTER_MS, undefined, { signal: line.closing.signal })
    const deliveryContext = { isRedelivery: tried > 1 }
    const body: webhook.CallbackRequest = {
      destination: line.botUserId,
      events: [{ ...event, deliveryContext }],
    }
    const status = await sendWebhook(line, body, { title: happened.type })
    if (status >= 200 && status < 300) return
  }
}

/** A reply goes where the words came from: into the group, or to the one who wrote. */
function sourceOf(userId: string, happened: Happened): webhook.UserSource | webhook.GroupSource {
  return 'groupId' in happened && happened.groupId
    ? { type: 'group', groupId: happened.groupId, userId }
    : { type: 'user', userId }
}

function detailsOf(line: LineState, userId: string, happened: Happened) {
  if (happened.type === 'unfollow') return { type: 'unfollow' as const }
  const replyToken = randomToken()
  const source = sourceOf(userId, happened)
  const to = 'groupId' in source ? source.groupId : userId
  line.replyTokens.set(replyToken, { to, until: line.now() + REPLY_TOKEN_MS })
  if (happened.type === 'follow')
    return { type: 'follow' as const, replyToken, follow: { isUnblocked: happened.isUnblocked } }
  if (happened.type === 'postback')
    return { type: 'postback' as const, replyToken, postback: { data: happened.data } }
  const message = {
    type: 'text' as const,
    id: randomMessageId(),
    text: happened.text,
    quoteToken: randomToken(),
    markAsReadToken: randomToken(),
  }
  return { type: 'message' as const, replyToken, message }
}

/** 48 bits of time and 80 of chance in Crockford's base 32, as LINE's webhookEventId has it. */
function ulid(at: number): string {
  const time = Array.from({ length: 10 }, (_, i) => CROCKFORD[Math.floor(at / 32 ** (9 - i)) % 32])
  const chance = Array.from(randomBytes(16), (byte) => CROCKFORD[byte % 32])
  return [...time, ...chance].join('')
}
