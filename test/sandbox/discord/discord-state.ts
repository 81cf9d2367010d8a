import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import type { APIApplicationCommand } from 'discord-api-types/v10'
import { createFaults, type Faults } from '../stripe/faults.ts'
import type { DiscordAudit, DiscordMessage, DiscordUser, Watch } from '../types.ts'
import { createLimits } from './limits.ts'
import { createSnowflakes } from './snowflakes.ts'

export type DiscordOptions = {
  /** 0, the default: any free port. */
  port?: number
  watch?: Watch
  now?: () => Date
  /** How long Discord waits for the first answer to an interaction, in real milliseconds. */
  answerWithinMs?: number
}

/** Somebody on Discord, the bot and the server's owner among them. */
export type Person = DiscordUser & {
  username: string
  bot: boolean
  /** Takes messages from members of a server they share */
  dms: boolean
  /** null: not on the server */
  member: { roles: Set<string>; since: string; cameBack: boolean } | null
}

export type HeldRole = {
  id: string
  name: string
  permissions: bigint
  managed: boolean
  colour: number
}

export type HeldMessage = DiscordMessage & { editedAt: string | null }

/** An interaction and the token that answers it. */
export type Ticket = {
  id: string
  token: string
  person: Person
  channel: string
  until: number
  /** What was typed */
  typed: string | null
  /** The message whose button was pressed */
  pressed: HeldMessage | null
  /** What `@original` means; null until Noren's first answer is there, and after it was deleted */
  original: HeldMessage | null
  answered: boolean
}

/** What the Developer Portal found when the address was saved. */
export type EndpointCheck = { url: string; ping: string; forged: string; saved: boolean }
/** An interaction as it left, to be sent once more. */
export type SentInteraction = { body: string; timestamp: string; signature: string }
export type SeenRequest = { what: string; status: number; at: string }
/** An interaction after which the user read that the application did not respond. */
export type Unanswered = { what: string; why: string }

/** Everything the stand-in knows. */
export type DiscordState = ReturnType<typeof newDiscordState>

export function newDiscordState(options: DiscordOptions) {
  const clock = options.now ?? (() => new Date())
  const now = () => clock().getTime()
  const nextId = createSnowflakes(now)
  const applicationId = nextId()
  const closing = new AbortController()
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    url: '',
    applicationId,
    publicKey: hexOf(publicKey),
    privateKey,
    botToken: tokenOf(applicationId),
    guildId: nextId(),
    /** Where slash commands are typed */
    channelId: nextId(),
    now,
    nextId,
    iso: () => clock().toISOString(),
    watch: options.watch ?? (() => {}),
    answerWithinMs: options.answerWithinMs ?? 3_000,
    closing,

    people: new Map<string, Person>(),
    /** From the highest down; @everyone is none of them */
    ladder: [] as HeldRole[],
    everyone: 0n,
    inServer: true,
    seesMembers: true,
    /** Chats between the bot and one user: channel by user, and user by channel */
    chats: new Map<string, string>(),
    chatters: new Map<string, string>(),
    messages: new Map<string, HeldMessage>(),
    /** What a nonce stands for, by channel and nonce */
    nonces: new Map<string, { message: string; until: number }>(),
    commands: new Map<string, APIApplicationCommand>(),
    everRegistered: false,
    tickets: new Map<string, Ticket>(),
    audit: [] as DiscordAudit[],

    endpoint: null as string | null,
    check: null as EndpointCheck | null,
    checking: Promise.resolve(),
    onTheWay: new Set<Promise<unknown>>(),
    /** Done once, while Noren's next first answer is on its way to Discord */
    meanwhile: null as (() => Promise<unknown>) | null,
    sent: [] as SentInteraction[],
    unanswered: [] as Unanswered[],

    requests: [] as SeenRequest[],
    faults: createFaults(closing.signal) as Faults,
    limits: createLimits(now),
  }
}

/** The raw 32 bytes, as the Developer Portal shows them. */
function hexOf(key: KeyObject): string {
  const { x = '' } = key.export({ format: 'jwk' })
  return Buffer.from(x, 'base64url').toString('hex')
}

/** A bot's token: its id, a time and a secret, with dots between. */
function tokenOf(applicationId: string): string {
  const part = (bytes: number) => randomBytes(bytes).toString('base64url')
  return `${Buffer.from(applicationId).toString('base64url')}.${part(4)}.${part(28)}`
}
