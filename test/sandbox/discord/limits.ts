import { createHash } from 'node:crypto'
import type { Answer } from './answer.ts'

/** So many requests within so long, for one server, chat or interaction's token at a time. */
type Rule = { asked: RegExp; bucket: string; limit: number; windowMs: number }

/** Discord publishes no numbers for these and changes them: so they were in 2026, or stricter. */
const RULES: readonly Rule[] = [
  {
    ...{ bucket: 'member roles', limit: 10, windowMs: 10_000 },
    asked: /^(?:PUT|DELETE) \/guilds\/(\d+)\/members\/\d+\/roles\/\d+$/,
  },
  {
    ...{ bucket: 'member', limit: 5, windowMs: 1_000 },
    asked: /^GET \/guilds\/(\d+)\/members\/\d+$/,
  },
  {
    ...{ bucket: 'members', limit: 10, windowMs: 10_000 },
    asked: /^GET \/guilds\/(\d+)\/members$/,
  },
  {
    ...{ bucket: 'messages', limit: 5, windowMs: 5_000 },
    asked: /^POST \/channels\/(\d+)\/messages$/,
  },
  {
    ...{ bucket: 'open chat', limit: 10, windowMs: 10_000 },
    asked: /^POST \/users\/@me\/channels()$/,
  },
  {
    ...{ bucket: 'interaction', limit: 5, windowMs: 2_000 },
    asked: /^\w+ \/webhooks\/\d+\/([^/]+)/,
  },
]
const OTHERS = { limit: 50, windowMs: 1_000 }
const MAJOR = /\/(?:guilds|channels)\/(\d+)/
/** For everything the bot asks (https://docs.discord.com/developers/topics/rate-limits#global-rate-limit) */
const GLOBAL = { limit: 50, windowMs: 1_000 }
/** Of answers 401, 403 and 429 Discord takes 10,000 in as long, and then none from this address. */
const INVALID_MS = 10 * 60_000

type Window = { limit: number; used: number; until: number }
type Met = { headers: Record<string, string>; refusal?: Answer }

/** Discord's limits, off until `on`. A window begins with the first request in it and is over by the clock given. */
export function createLimits(now: () => number) {
  let on = false
  let windows = new Map<string, Window>()
  let silentUntil = 0
  let invalid: number[] = []

  function windowOf(key: string, { limit, windowMs }: Pick<Rule, 'limit' | 'windowMs'>): Window {
    const known = windows.get(key)
    if (known && known.until > now()) return known
    const begun = { limit, used: 0, until: now() + windowMs }
    windows.set(key, begun)
    return begun
  }

  function tooFast(untilMs: number, scope: 'user' | 'global'): Answer {
    const seconds = (untilMs - now()) / 1_000
    return {
      status: 429,
      headers: {
        ...{ 'retry-after': String(Math.ceil(seconds)), 'x-ratelimit-scope': scope },
        ...(scope === 'global' && { 'x-ratelimit-global': 'true' }),
      },
      body: {
        ...{ message: 'You are being rate limited.', retry_after: seconds },
        global: scope === 'global',
      },
    }
  }

  return {
    turn(wished: boolean): void {
      on = wished
      windows = new Map()
    },
    /** Everything the bot asks is too fast for so long. */
    silence(seconds: number): void {
      silentUntil = now() + seconds * 1_000
    },
    /** What the answer's headers are to say, and the refusal of a request that came too fast. */
    meet(what: string): Met {
      const { rule, name, key } = placeOf(what)
      const byInteraction = name === 'interaction'
      if (silentUntil > now() && !byInteraction)
        return { headers: {}, refusal: tooFast(silentUntil, 'global') }
      if (!on) return { headers: {} }
      const all = windowOf('all', GLOBAL)
      if (!byInteraction && all.used >= all.limit)
        return { headers: {}, refusal: tooFast(all.until, 'global') }
      const own = windowOf(key, rule)
      const isOver = own.used >= own.limit
      if (!isOver) own.used++
      if (!isOver && !byInteraction) all.used++
      const headers = headersOf(own, hashOf(name), now())
      return isOver ? { headers, refusal: tooFast(own.until, 'user') } : { headers }
    },
    note(status: number): void {
      if ([401, 403, 429].includes(status)) invalid.push(now())
    },
    invalid(): number {
      invalid = invalid.filter((at) => at > now() - INVALID_MS)
      return invalid.length
    },
  }
}

/** Under which rule a request falls, and for what of the shop's it counts. */
function placeOf(what: string) {
  for (const rule of RULES) {
    const major = rule.asked.exec(what)?.[1]
    if (major !== undefined) return { rule, name: rule.bucket, key: `${rule.bucket} ${major}` }
  }
  const name = what.replace(/\/\d{17,20}(?=\/|$)/g, '/…')
  return { rule: OTHERS, name, key: `${name} ${MAJOR.exec(what)?.[1] ?? ''}` }
}

function headersOf({ limit, used, until }: Window, bucket: string, now: number) {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(limit - used),
    'x-ratelimit-reset': (until / 1_000).toFixed(3),
    'x-ratelimit-reset-after': ((until - now) / 1_000).toFixed(3),
    'x-ratelimit-bucket': bucket,
  }
}

/** A bucket's name says nothing to who reads it, and is the same wherever its rule holds. */
function hashOf(name: string): string {
  return createHash('md5').update(name).digest('hex')
}
