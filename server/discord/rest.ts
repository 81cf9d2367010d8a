import { REST, type ResponseLike } from '@discordjs/rest'
import type { Clock, Meter } from '../ports.ts'
import { LONGEST_RETRY_AFTER_SECONDS as LONGEST, readRetryAfter } from '../retry-policy.ts'
import type { BucketNews } from './bucket.ts'
import { createLimits, type Limits, type Place, type Ticket, type TooFast } from './limits.ts'

/** One call to Discord's API. */
export type DiscordCall = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With ids filled in: /guilds/123/members/456 */
  path: `/${string}`
  body?: unknown
  query?: Record<string, string>
  /** For the server's audit log */
  reason?: string
}

/**
 * Asks Discord. Throws Later while nothing may leave, and as @discordjs/rest does for what is refused:
 * its errors carry address and body, so they go through judge-answer.ts before anybody else sees them.
 */
export type AskDiscord = <T>(call: DiscordCall) => Promise<T>

export type RestParts = {
  apiBase: URL
  botToken: string
  clock: Clock
  meter: Pick<Meter, 'answered'>
}

/** Longer than connecting and an answer may take (server/line/timeouts.ts): those are what ends a call. */
const CALL_MS = 20_000
/** A ban by what stands before the API lasts minutes, and does not always say how many; what is asked meanwhile draws it out. */
const BANNED_SECONDS = { usually: 600, least: 10 }

/** Discord's REST API at its own pace. Its client's waiting and trying again, in real time, never comes to act. */
export function openRest({ apiBase, botToken, clock, meter }: RestParts): AskDiscord {
  const limits = createLimits(clock)
  const api = new URL('/api', apiBase).href
  return async <T>(call: DiscordCall) => {
    const place = placeOf(call)
    const ticket = limits.enter(place)
    const makeRequest = (url: string, init: object) =>
      send({ limits, ticket, clock, meter }, url, init)
    // One for each call: a client lets calls of one bucket go one after another, the last behind all time-outs.
    const rest = new REST({
      ...{ version: '10', api, retries: 0, timeout: CALL_MS, makeRequest },
      globalRequestsPerSecond: Number.POSITIVE_INFINITY,
      ...{ hashSweepInterval: 0, handlerSweepInterval: 0 },
    }).setToken(botToken)
    const { path, query, ...others } = call
    return (await rest.request({
      ...others,
      fullRoute: path,
      auth: !place.byInteraction,
      ...(query ? { query: new URLSearchParams(query) } : {}),
    } as Parameters<REST['request']>[0])) as T
  }
}

type Sending = {
  limits: Limits
  ticket: Ticket
  clock: Clock
  meter: Pick<Meter, 'answered'>
}

async function send(
  { limits, ticket, clock, meter }: Sending,
  url: string,
  init: object,
): Promise<ResponseLike> {
  const { endpoint } = ticket.place
  const began = performance.now()
  const answered = (status: number | 'none') =>
    meter.answered('discord', endpoint, status, performance.now() - began)
  const answer = await fetch(url, init).catch((error: unknown) => {
    answered('none')
    limits.lost(ticket)
    throw error
  })
  answered(answer.status)
  if (answer.status === 429) throw limits.refused(ticket, await readTooFast(answer, clock.now()))
  limits.heard(
    ticket,
    answer.status,
    answer.headers.get('x-ratelimit-bucket'),
    newsIn(answer.headers),
  )
  if (isStrange(answer)) {
    await answer.body?.cancel()
    throw new Error('a good answer, and none of Discord’s API')
  }
  return answer as unknown as ResponseLike
}

/** What stands before the API may say 200 to everything, too; taken for Discord's word, a message would be lost. */
function isStrange({ ok, status, headers }: Response): boolean {
  return ok && status !== 204 && !headers.get('content-type')?.includes('json')
}

/**
 * Whose limits a call falls under. Ids and tokens stand in none of its names; what answers an interaction
 * counts to no bot (https://docs.discord.com/developers/topics/rate-limits#global-rate-limit).
 */
export function placeOf({ method, path }: Pick<DiscordCall, 'method' | 'path'>): Place {
  const token = /^\/webhooks\/\d+\/([^/]+)/.exec(path)?.[1]
  const words = path.split('/').filter((word) => word && word !== token && !/^\d+$/.test(word))
  const major = /^\/(?:(?:channels|guilds)\/\d+|webhooks\/\d+\/[^/]+)/.exec(path)?.[0] ?? ''
  return {
    endpoint: `${method} ${words.join('/')}`,
    major,
    byInteraction: token !== undefined,
  }
}

function newsIn(headers: Headers): BucketNews | null {
  const [limit, remaining, resetAfter] = ['limit', 'remaining', 'reset-after'].map((name) =>
    Number(headers.get(`x-ratelimit-${name}`) ?? Number.NaN),
  )
  if (!limit || !Number.isFinite(remaining) || !Number.isFinite(resetAfter)) return null
  return {
    limit,
    remaining: remaining ?? 0,
    resetAfter: Math.min(resetAfter ?? 0, LONGEST) * 1_000,
  }
}

/** The body says it to the millisecond, the header to the second. Without either words it is no answer of the API's. */
async function readTooFast(answer: Response, now: Date): Promise<TooFast> {
  const { headers } = answer
  const told = (await answer.json().catch(() => null)) as {
    retry_after?: unknown
    global?: unknown
  } | null
  const header = readRetryAfter(headers.get('retry-after'), now)
  if (typeof told?.retry_after !== 'number')
    return {
      seconds: Math.min(Math.max(header ?? BANNED_SECONDS.usually, BANNED_SECONDS.least), LONGEST),
      scope: 'banned',
    }
  const isGlobal = told.global === true || headers.get('x-ratelimit-scope') === 'global'
  const others = headers.get('x-ratelimit-scope') === 'shared' ? 'shared' : 'user'
  return { seconds: Math.min(told.retry_after, LONGEST), scope: isGlobal ? 'global' : others }
}
