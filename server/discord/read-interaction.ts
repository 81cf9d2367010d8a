import { hashOfCode } from '../../shared/code.ts'
import { isOwnPage } from '../../shared/own-pages.ts'
import { isSnowflake } from '../../shared/reference.ts'
import { type Interaction, SLASH_COMMANDS, type SlashCommand } from '../ports.ts'
import { ASKS } from './buttons.ts'
import { unmarked } from './mark.ts'

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-type */
const PING = 1
const COMMAND = 2
const PRESSED = 3
const TYPING = 4

export type Asked = {
  id: string
  /** Which application, and on which server; null: in the messages between the bot and one user */
  application: string
  guild: string | null
  userId: string
  locale: string | null
  token: string
  /** `gone`: a command or a button that is none of ours (any more) */
  does: Interaction['does'] | 'gone'
}

/** `typing`: Discord wants to know what to offer while somebody types; we offer nothing. */
export type Read = { kind: 'ping' } | { kind: 'typing' } | ({ kind: 'asked' } & Asked)

type Fields = Record<string, unknown>

/** What Discord has sent, or null where it is no interaction. Discord adds fields and kinds without notice. */
export function readInteraction(body: Buffer): Read | null {
  const sent = fieldsOf(parsed(body))
  if (sent['type'] === PING) return { kind: 'ping' }
  if (sent['type'] === TYPING) return { kind: 'typing' }
  const user = fieldsOf(fieldsOf(sent['member'])['user'] ?? sent['user'])
  const { id, application_id: application, guild_id, token } = sent
  if (typeof sent['type'] !== 'number' || !isSnowflake(id) || !isSnowflake(user['id'])) return null
  if (typeof application !== 'string' || !isToken(token)) return null
  return {
    kind: 'asked',
    ...{ id, application, token },
    guild: typeof guild_id === 'string' ? guild_id : null,
    userId: `D${user['id']}`,
    locale: isLocale(sent['locale']) ? sent['locale'] : null,
    does: whatOf(sent['type'], fieldsOf(sent['data'])) ?? 'gone',
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

/** Visible ASCII: Postgres keeps no NUL, and no engine half a surrogate pair. */
const isToken = (value: unknown): value is string =>
  typeof value === 'string' && /^[!-~]{1,1000}$/.test(value)
const isLocale = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z-]{2,20}$/.test(value)

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function whatOf(type: unknown, data: Fields): Asked['does'] | null {
  if (type === PRESSED) return pressed(data['custom_id'])
  if (type !== COMMAND) return null
  const command = SLASH_COMMANDS.find((each) => each === data['name'])
  return command ? typed(command, data['options']) : null
}

function typed(command: SlashCommand, options: unknown): Interaction['does'] {
  const given = Array.isArray(options) ? options.map(fieldsOf) : []
  const code = given.find(({ name }) => name === 'code')?.['value']
  // Only its hash is kept; what can be no code is kept as none at all, and answered so.
  return typeof code === 'string' ? { command, code: hashOfCode(code) ?? '' } : { command }
}

/** A button of ours; anything else is none. */
function pressed(id: unknown): Interaction['does'] | null {
  const asks = typeof id === 'string' ? unmarked(id) : ''
  if (asks.startsWith(ASKS.page)) {
    const open = asks.slice(ASKS.page.length) || '/'
    return isOwnPage(open) ? { open } : null
  }
  if (asks.startsWith(ASKS.yes)) {
    const join = asks.slice(ASKS.yes.length)
    return /^[0-9a-f]{64}$/.test(join) ? { join } : null
  }
  switch (asks) {
    case ASKS.link:
      return { link: true }
    case ASKS.no:
      return { decline: true }
    case ASKS.unlink:
      return { unlink: true, sure: false }
    case ASKS.unlinkSurely:
      return { unlink: true, sure: true }
    default:
      return null
  }
}
