import { randomBytes, randomInt } from 'node:crypto'
import { createRateLimit, type RateLimiter } from '../strict-limit.ts'
import type { AcceptedPush, Fault, LineUser, RichMenu, Said, Watch } from '../types.ts'

export type LineOptions = {
  /** 0, the default: any free port. */
  port?: number
  watch?: Watch
  latencyMs?: number
  now?: () => Date
  /** Its digits before `-` are the LINE Login channel. */
  liffId?: string
  endpointUrl?: string
  /** "Webhook redelivery" of LINE's console: what nobody answered 2xx is sent again. Default off, as at LINE. */
  redeliver?: boolean
  /** For benchmarks: short memory, and equal-looking messages are checked a hundred times, then trusted. */
  bench?: boolean
}

/** What a retry key, a reply token, a code and an access token stand for until they lapse (ms since 1970). */
export type AcceptedKey = { requestId: string; sentMessages: SentMessage[]; until: number }
export type ReplyToken = { to: string; until: number }
export type LoginCode = { userId: string; challenge: string; redirectUri: string; until: number }
export type UserToken = { userId: string; until: number }
export type SentMessage = { id: string; quoteToken?: string }

/** Everything the stand-in knows. The public object is this one with its verbs laid over it. */
export type LineState = {
  url: string
  channelId: string
  channelSecret: string
  channelAccessToken: string
  botUserId: string
  liffId: string
  endpointUrl: string
  holder: string | null
  latencyMs: number
  /** Messages this month: `limit` null is a plan without one. Replies and dropped messages do not count. */
  quota: { limit: number | null; used: number }
  /** How many messages requests were accepted in all, also where the book was shortened. */
  accepted: number
  requests: string[]

  users: Map<string, LineUser>
  blocked: Set<string>
  /** When somebody last wrote to the shop: a push reaches them for seven days, friend or not. */
  spokeAt: Map<string, number>
  groups: Map<string, string>
  pushes: AcceptedPush[]
  /** What people wrote into chats and groups, oldest first. */
  spoken: Said[]
  /** By id, oldest first; and which of them is everybody's, and whose own is which. */
  menus: Map<string, RichMenu>
  defaultMenu: string | null
  menuLinks: Map<string, string>
  /** When menus were created and deleted within the last hour. */
  menuChanges: { create: number[]; delete: number[] }
  acceptedKeys: Map<string, AcceptedKey>
  replyTokens: Map<string, ReplyToken>
  channelTokens: Map<string, number>
  codes: Map<string, LoginCode>
  userTokens: Map<string, UserToken>
  webhookUrl: string | null
  redeliver: boolean
  faults: Fault[]
  rate: RateLimiter
  bench: boolean
  /** In a benchmark: how many messages of each outward shape were looked at. */
  seenShapes: Map<string, number>
  now: () => number
  watch: Watch
  /** Aborted on close, so that nobody waits for an answer that was to come late. */
  closing: AbortController
}

export function newLineState(options: LineOptions): LineState {
  const clock = options.now ?? (() => new Date())
  return {
    url: '',
    channelId: '2000000002',
    channelSecret: randomBytes(16).toString('hex'),
    channelAccessToken: randomToken(),
    botUserId: randomId('U'),
    liffId: options.liffId ?? '2000000001-NorenAbc',
    endpointUrl: options.endpointUrl ?? 'http://localhost:3000/',
    holder: null,
    latencyMs: options.latencyMs ?? 0,
    quota: { limit: null, used: 0 },
    accepted: 0,
    requests: [],
    users: new Map(),
    blocked: new Set(),
    spokeAt: new Map(),
    groups: new Map(),
    pushes: [],
    spoken: [],
    menus: new Map(),
    defaultMenu: null,
    menuLinks: new Map(),
    menuChanges: { create: [], delete: [] },
    acceptedKeys: new Map(),
    replyTokens: new Map(),
    channelTokens: new Map(),
    codes: new Map(),
    userTokens: new Map(),
    webhookUrl: null,
    redeliver: options.redeliver ?? false,
    faults: [],
    rate: createRateLimit(),
    bench: options.bench ?? false,
    seenShapes: new Map(),
    now: () => clock().getTime(),
    watch: options.watch ?? (() => {}),
    closing: new AbortController(),
  }
}

/** LINE's ids: U for users, C for groups, then 32 hex digits. */
export function randomId(letter: 'U' | 'C'): string {
  return letter + randomBytes(16).toString('hex')
}

export function randomToken(): string {
  return randomBytes(32).toString('base64url')
}

/** A message id as LINE counts them: a long decimal number in a string. */
export function randomMessageId(): string {
  return `5${String(randomInt(10 ** 12)).padStart(17, '0')}`
}

/** The LINE Login channel that a LIFF app belongs to. */
export function loginChannelOf(liffId: string): string {
  return liffId.split('-')[0] ?? ''
}

const BENCH_MEMORY = 5_000

/** Adds to a list; in a benchmark only the last few thousand are kept, so that memory stays flat. */
export function remember<T>(list: T[], item: T, { bench }: Pick<LineState, 'bench'>): void {
  list.push(item)
  if (bench && list.length > 2 * BENCH_MEMORY) list.splice(0, BENCH_MEMORY)
}
