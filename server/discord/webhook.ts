import { verifyKey } from 'discord-interactions'
import type { FastifyPluginAsync } from 'fastify'
import { type Language, nearestLanguage } from '../../shared/language.ts'
import { Refusal } from '../errors.ts'
import {
  ANSWER_MS,
  type Clock,
  type CommandAnswer,
  type Doorbell,
  type Interaction,
  type RecordEvents,
} from '../ports.ts'
import type { NewEvent } from '../store/tables.ts'
import {
  type FirstAnswer,
  PONG,
  said,
  saidInstead,
  saidThere,
  thinking,
  unseen,
} from './first-answer.ts'
import { type Asked, readInteraction } from './read-interaction.ts'

type Options = {
  applicationId: string
  guildId: string
  /** Hex, as the Developer Portal shows it */
  publicKey: string
  bodyLimit: number
  record: RecordEvents
  clock: Clock
  /** The shop as answers name it, in this language */
  shop: (language: Language) => CommandAnswer['shop']
  /** Whose language none of ours is near hears this one */
  language: Language
}

/** What all are recorded as; the doorbell says what was asked. */
export const INTERACTION = 'interaction'

/**
 * Discord's letterbox: raw bytes, verified, written down, and answered "we are thinking" within Discord's 3 s,
 * seen by who asked alone; the worker does the rest. 401 for a bad signature, as Discord tries out itself when
 * the address is saved (https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint).
 */
export const discordWebhook: FastifyPluginAsync<Options> = async (app, options) => {
  app.removeAllContentTypeParsers()
  const { bodyLimit } = options
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
    done(null, body),
  )
  app.post('/webhooks/discord', { bodyLimit }, async (request, reply) => {
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    request.body = null
    await requireSignature(bytes, request.headers, options.publicKey)
    return reply.send(await firstAnswer(bytes, options))
  })
}

/**
 * How old a letter is, is not asked here: an interaction that comes a second time is known by its id, and one
 * whose token is dead is not acted on (`isOver`). A clock that is five minutes off would refuse everybody.
 */
async function requireSignature(
  body: Buffer,
  headers: Record<string, unknown>,
  publicKey: string,
): Promise<void> {
  const signature = headers['x-signature-ed25519']
  const timestamp = headers['x-signature-timestamp']
  const signed =
    typeof signature === 'string' &&
    /^[0-9a-f]{128}$/i.test(signature) &&
    typeof timestamp === 'string' &&
    (await verifyKey(body, signature, timestamp, publicKey))
  if (!signed)
    throw new Refusal(
      401,
      'bad_signature',
      'The x-signature-ed25519 header does not fit this body. Check DISCORD_PUBLIC_KEY.',
    )
}

async function firstAnswer(body: Buffer, options: Options): Promise<FirstAnswer> {
  const read = readInteraction(body)
  if (!read) throw new Refusal(400, 'bad_request', 'This body is no interaction of Discord’s.')
  if (read.kind === 'ping') return PONG
  if (read.kind === 'typing') return { type: 8, data: { choices: [] } }
  const { does } = read
  const reader = readerOf(read, options)
  // Whoever is no customer of this shop, on this server, leaves nothing behind.
  if (!isOurs(read, options)) return saidInstead('elsewhere', reader)
  if (does === 'gone' || isOver(read, options.clock)) return saidInstead('gone', reader)
  const atOnce = answeredAtOnce(does, reader)
  await options.record([eventRow(read, does, atOnce !== null, options)])
  return atOnce ?? (isQuestion(does) ? unseen() : thinking())
}

type Reader = Pick<CommandAnswer, 'language' | 'shop'>

function readerOf({ locale }: Asked, { shop, language: usual }: Options): Reader {
  const language = nearestLanguage(locale) ?? usual
  return { language, shop: shop(language) }
}

/** A message between the bot and one user has no server, and our own buttons stand there. */
function isOurs({ application, guild }: Asked, { applicationId, guildId }: Options): boolean {
  return application === applicationId && (guild === null || guild === guildId)
}

/** Nobody would hear what came of it: asked longer ago than its token lives. */
function isOver({ id }: Asked, clock: Clock): boolean {
  return clock.now().getTime() - madeAt(id) >= ANSWER_MS
}

/** When Discord made this id, in ms (https://docs.discord.com/developers/reference#snowflakes). */
function madeAt(id: string): number {
  return Number(BigInt(id) >> 22n) + 1_420_070_400_000
}

/** What needs nothing of ours. */
function answeredAtOnce(does: Interaction['does'], reader: Reader): FirstAnswer | null {
  if ('decline' in does) return saidThere({ kind: 'declined', ...reader })
  if ('command' in does && does.command === 'help') return said({ kind: 'help', ...reader })
  return null
}

/** Under a question of ours: what comes of it takes the question's place, and it cannot be pressed twice. */
function isQuestion(does: Interaction['does']): boolean {
  return 'join' in does || ('sure' in does && does.sure)
}

function eventRow(
  { id, userId, guild, locale, token }: Asked,
  does: Interaction['does'],
  ignored: boolean,
  { clock }: Options,
): NewEvent {
  const received_at = clock.now().toISOString()
  const asked = { does, token: ignored ? '' : token, locale, onServer: guild !== null }
  const doorbell: Doorbell = { from: 'discord', userId, at: madeAt(id), asked }
  return {
    id: `discord_${id}`,
    source: 'discord',
    type: INTERACTION,
    doorbell: JSON.stringify(doorbell),
    received_at,
    handled_at: ignored ? received_at : null,
    outcome: ignored ? 'ignored' : null,
  }
}
