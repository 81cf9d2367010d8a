import { randomBytes, sign } from 'node:crypto'
import type { DiscordState } from './discord-state.ts'

export type PostedAnswer = { status: number; body: unknown }
/** `title`: as which it stands in the timeline; without one it does not */
export type Signing = { signature?: string; timestamp?: string; title?: string }

/** Posts one to the address given, signed unless told otherwise. Status 0: no answer in time. */
export async function sendInteraction(
  discord: DiscordState,
  url: string,
  interaction: unknown,
  { signature, timestamp = seconds(discord), title }: Signing = {},
): Promise<PostedAnswer> {
  const body = typeof interaction === 'string' ? interaction : JSON.stringify(interaction)
  const signed = signature ?? signatureOf(discord, Buffer.from(timestamp + body))
  const started = performance.now()
  const answer = await post(discord, url, { body, timestamp, signature: signed })
  if (title === undefined) return answer
  discord.watch({
    ...{ at: discord.now(), from: 'discord', to: 'noren', title, status: answer.status },
    ...{ milliseconds: Math.round(performance.now() - started), detail: answer.body },
  })
  return answer
}

/** A signature of the right length that fits nothing. */
export function forgedSignature(): string {
  return randomBytes(64).toString('hex')
}

async function post(
  discord: DiscordState,
  url: string,
  { body, timestamp, signature }: { body: string; timestamp: string; signature: string },
): Promise<PostedAnswer> {
  discord.sent.push({ body, timestamp, signature })
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Discord-Interactions/1.0 (+https://discord.com)',
    'x-signature-ed25519': signature,
    'x-signature-timestamp': timestamp,
  }
  const signal = AbortSignal.any([
    discord.closing.signal,
    AbortSignal.timeout(discord.answerWithinMs),
  ])
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, signal })
    return { status: answer.status, body: readJson(await answer.text()) }
  } catch {
    return { status: 0, body: null }
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export function signatureOf(discord: DiscordState, signed: Buffer): string {
  return sign(null, signed, discord.privateKey).toString('hex')
}

function seconds(discord: DiscordState): string {
  return String(Math.floor(discord.now() / 1_000))
}
