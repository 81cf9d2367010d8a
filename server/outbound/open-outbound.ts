import { Agent, type Dispatcher } from 'undici'
import type { Clock, Outbound, OutboundLetter } from '../ports.ts'
import { type Answer, PRIVATE_ADDRESS, readRetryAfter } from '../retry-policy.ts'
import { addressFault, guardLookup, isAllowed, type Resolve } from './check-address.ts'
import { bodyOf } from './format-body.ts'
import { signatureOf } from './sign-letter.ts'

/** From the first byte to the last: what takes longer than 15 s belongs behind the receiver's own queue. */
const PATIENCE_MS = 15_000
const CONNECT_MS = 5_000
/** Of an answer only a line is kept; who sends us a film is cut off. */
const MOST_READ = 4_096
const MOST_KEPT = 200

/**
 * Posts to other systems. Two ways out: one that reaches public addresses only, and one for the hosts
 * that OUTBOUND_HOSTS names. Neither follows a redirect.
 */
export function openOutbound(parts: {
  hosts: readonly string[]
  clock: Clock
  resolve?: Resolve
}): Outbound {
  const { hosts, clock } = parts
  const limits = { headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS, maxHeaderSize: 16_384 }
  const wide = new Agent({ ...limits, connect: { timeout: CONNECT_MS } })
  const guarded = new Agent({
    ...limits,
    connect: { timeout: CONNECT_MS, lookup: guardLookup(parts.resolve) },
  })

  async function post(letter: OutboundLetter): Promise<Answer> {
    const url = new URL(letter.url)
    // Looked at again: what stands in the books may be older than a rule, or than OUTBOUND_HOSTS.
    const fault = addressFault(letter.url, hosts)
    if (fault) return { status: null, code: PRIVATE_ADDRESS, words: fault }
    const at = clock.now()
    const body = bodyOf(letter)
    try {
      const answer = await (isAllowed(url, hosts) ? wide : guarded).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Noren-Webhooks/1',
          'webhook-id': letter.id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
          ...signatureOf(letter, body, at),
        },
        body,
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      return await readAnswer(answer, at)
    } catch (error) {
      return { status: null, code: codeOf(error), words: reasonOf(error) }
    }
  }

  return {
    fault: (url) => addressFault(url, hosts),
    post,
    async close() {
      await Promise.all([wide.destroy(), guarded.destroy()])
    },
  }
}

async function readAnswer(answer: Dispatcher.ResponseData, at: Date): Promise<Answer> {
  const { statusCode: status, headers, body } = answer
  const after = headers['retry-after']
  const retryAfter = readRetryAfter(typeof after === 'string' ? after : null, at)
  // The status is the answer; a body that breaks off, or never ends, changes nothing of it.
  const words = await firstLine(body).catch(() => '')
  return { status, words, retryAfter }
}

async function firstLine(body: Dispatcher.ResponseData['body']): Promise<string> {
  let text = Buffer.alloc(0)
  for await (const piece of body) {
    text = Buffer.concat([text, piece as Buffer]).subarray(0, MOST_READ)
    if (text.length >= MOST_READ) break
  }
  const lines = text.toString('utf8').split(/[\r\n]+/)
  return lines.map(plain).find((line) => line !== '') ?? ''
}

/** Strangers' words for the books and a terminal: Postgres refuses NUL, and the row would never be written. */
function plain(words: string): string {
  return words
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MOST_KEPT)
    .toWellFormed()
}

function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown }
  if (name === 'TimeoutError') return 'TIMEOUT'
  return typeof code === 'string' ? code : 'UNKNOWN'
}

function reasonOf(error: unknown): string {
  if (codeOf(error) === 'TIMEOUT') return `no answer within ${PATIENCE_MS / 1_000} s`
  // Several addresses were tried: what each said stands below, and the error itself says nothing.
  const { errors } = error as { errors?: Error[] }
  const words = error instanceof Error ? error.message || errors?.[0]?.message : String(error)
  return plain(words || codeOf(error))
}
