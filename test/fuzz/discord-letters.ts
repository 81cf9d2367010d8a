import { generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { isOwnPage } from '../../shared/own-pages.ts'
import { isSnowflake } from '../../shared/reference.ts'
import type { Cast } from './cast.ts'
import type { Knock } from './knock.ts'
import { chosen, flipped, letter } from './letters.ts'
import { damaged, isObject, mutated, tagOf } from './wild.ts'

const SOON_MS = 14 * 60_000
/** 1 January 2015, when Discord's ids begin */
const EPOCH_MS = 1_420_070_400_000
const stranger = generateKeyPairSync('ed25519').privateKey

type Signed = { signature: string | null; timestamp: string | null; signed: boolean }

/** As Discord signs, and in the ways in which somebody else would try. */
function discordSignature(body: Buffer, cast: Cast, kind: number, bit: number): Signed {
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const whole = Buffer.concat([Buffer.from(timestamp), body])
  const right = cast.signAsDiscord(whole)
  const wrong = flipped(Buffer.from(right, 'hex'), bit).toString('hex')
  const kinds: Signed[] = [
    { signature: wrong, timestamp, signed: false },
    { signature: sign(null, whole, stranger).toString('hex'), timestamp, signed: false },
    { signature: cast.signAsDiscord(body), timestamp, signed: false },
    { signature: right, timestamp: `${timestamp}0`, signed: false },
    { signature: right, timestamp: null, signed: false },
    { signature: right.slice(0, 126), timestamp, signed: false },
    { signature: `${right}00`, timestamp, signed: false },
    { signature: '', timestamp, signed: false },
    { signature: null, timestamp, signed: false },
    { signature: right.toUpperCase(), timestamp, signed: true },
  ]
  return kinds[kind] ?? { signature: right, timestamp, signed: true }
}

/** What wakes the worker, and what is answered at once: there must be few of the first. */
const asksOf = (tag: string) =>
  fc.oneof(
    { weight: 16, arbitrary: fc.constantFrom(...['help', 'n', tag, `o:/${tag}`]) },
    { weight: 1, arbitrary: fc.constantFrom('membership', 'orders', 'o:/membership', 'l', 'u!') },
  )

const interaction = ({ onDiscord: { applicationId, guildId }, players }: Cast) =>
  tagOf.chain((tag) =>
    fc
      .record({
        asks: asksOf(tag),
        type: fc.constantFrom(2, 2, 2, 3, 3, 3, 1, 4),
        unique: fc.noBias(fc.integer({ min: 0, max: 2 ** 22 - 1 })),
        old: fc.noBias(fc.integer({ min: 0, max: 2 * SOON_MS })),
        user: fc.integer({ min: 0, max: players.length - 1 }),
        private: fc.boolean(),
        locale: fc.constantFrom('ja', 'en-US', 'zh-TW', 'fr', ''),
      })
      .map(({ asks, type, unique, old, user, locale, ...rest }) => {
        const made = Date.now() - (old < SOON_MS ? old / 100 : old + 60_000)
        const id = (BigInt(Math.floor(made - EPOCH_MS)) << 22n) + BigInt(unique)
        const who = { user: { id: String(10n ** 18n + BigInt(user)), username: tag } }
        return {
          ...{
            id: String(id),
            type,
            application_id: applicationId,
            token: tag,
            locale,
            version: 1,
          },
          ...(rest.private ? who : { member: who, guild_id: guildId }),
          data:
            type === 3 ? { custom_id: asks, component_type: 2 } : { id: '1', name: asks, type: 1 },
        }
      }),
  )
const KEYS = [
  ...['id', 'type', 'application_id', 'guild_id', 'token', 'locale', 'data', 'data.name'],
  ...[
    'data.custom_id',
    'data.options',
    'member',
    'member.user',
    'member.user.id',
    'user',
    'user.id',
  ],
]

export function discordLetters(cast: Cast): fc.Arbitrary<Knock> {
  const text = fc.oneof(
    { weight: 6, arbitrary: mutated(interaction(cast), KEYS) },
    { weight: 1, arbitrary: fc.json() },
  )
  const body = damaged(text.map((each) => Buffer.from(each)))
  return fc.tuple(body, chosen).map(([bytes, { tag, kind, bit, type }]) => {
    const { signature, timestamp, signed } = discordSignature(bytes, cast, kind, bit)
    const headers = {
      'content-type': type,
      'x-tag': tag,
      ...(signature === null ? {} : { 'x-signature-ed25519': signature }),
      ...(timestamp === null ? {} : { 'x-signature-timestamp': timestamp }),
    }
    // As LINE's, this letterbox reads any type that is one.
    const kept = idsOfDiscord(bytes, cast)
    return letter('discord', bytes, { tag, signed, readable: type.includes('/'), kept }, headers)
  })
}

/** What a letter leaves in the books: its id if it is one for us, asked a short time ago; null: it is no letter. */
function idsOfDiscord(body: Buffer, { onDiscord }: Cast): string[] | null {
  const json = parsed(body)
  if (!isObject(json)) return null
  const { id, type, token, application_id: application, guild_id: guild, member, user } = json
  if (type === 1 || type === 4) return []
  const inServer = isObject(member) ? member['user'] : undefined
  const who = inServer ?? user
  if (typeof type !== 'number' || !isSnowflake(id) || typeof application !== 'string') return null
  if (!isObject(who) || !isSnowflake(who['id'])) return null
  if (typeof token !== 'string' || !/^[!-~]{1,1000}$/.test(token)) return null
  const ours = application === onDiscord.applicationId
  const here = typeof guild !== 'string' || guild === onDiscord.guildId
  const age = Date.now() - Number(BigInt(id) >> 22n) - EPOCH_MS
  return ours && here && age < 15 * 60_000 && isKnown(type, json['data']) ? [`discord_${id}`] : []
}

function isKnown(type: number, data: unknown): boolean {
  const { name, custom_id } = isObject(data) ? data : {}
  if (type === 2) return ['join', 'membership', 'orders', 'help'].includes(String(name))
  if (type !== 3 || typeof custom_id !== 'string') return false
  const [asks = ''] = custom_id.split('~')
  if (asks.startsWith('o:')) return isOwnPage(asks.slice(2) || '/')
  return ['l', 'n', 'u', 'u!'].includes(asks) || /^j:[0-9a-f]{64}$/.test(asks)
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}
