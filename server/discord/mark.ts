import { createHash } from 'node:crypto'
import {
  type APIMessage,
  type APIMessageTopLevelComponent,
  ComponentType,
  type RESTPostAPIChannelMessageJSONBody,
} from 'discord-api-types/v10'

/** What a message of ours looks like before it is sent. */
export type Body = Pick<RESTPostAPIChannelMessageJSONBody, 'content' | 'embeds' | 'components'>

/** Discord's limit for a button's own word. */
const LONGEST_ID = 100
const MARK_LENGTH = 11
/** Nothing that stands in a path of ours. */
const BEFORE_MARK = '~'

/** A delivery's key in the 25 characters that Discord takes. */
export function nonceOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 22)
}

/**
 * The body with its delivery's mark behind each button's word (`o:/orders/cs_…~Ab3…`), by which the message
 * is found again in the chat when nobody knows whether it arrived.
 */
export function marked(body: Body, key: string): Body {
  const mark = markOf(key)
  const components = body.components?.map((row) =>
    row.type === ComponentType.ActionRow
      ? {
          ...row,
          components: row.components.map((each) =>
            'custom_id' in each && isMarkable(each.custom_id)
              ? { ...each, custom_id: each.custom_id + mark }
              : each,
          ),
        }
      : row,
  ) as APIMessageTopLevelComponent[] | undefined
  return components ? { ...body, components } : body
}

/** A button's word without the mark. */
export function unmarked(customId: string): string {
  const at = customId.lastIndexOf(BEFORE_MARK)
  return at > 0 && at === customId.length - MARK_LENGTH - 1 ? customId.slice(0, at) : customId
}

/** Is this message the one of that body and key? One without buttons says the same since then. */
export function isSame(message: APIMessage, body: Body, key: string, since: Date): boolean {
  const ids = customIds(message.components)
  const mark = markOf(key)
  if (customIds(marked(body, key).components).some((id) => id.endsWith(mark)))
    return ids.some((id) => id.endsWith(mark))
  const { content = '', embeds = [] } = body
  return (
    Date.parse(message.timestamp) >= since.getTime() - CLOCKS_APART_MS &&
    message.content === content.trim() &&
    sayings(message.embeds) === sayings(embeds)
  )
}

/** Discord's clock and ours may differ, and a message is never older than its delivery by hours. */
const CLOCKS_APART_MS = 60_000

/** Only what opens a page: whatever else a button may ask is read to the letter. */
function isMarkable(customId: string): boolean {
  return customId.startsWith('o:') && customId.length + 1 + MARK_LENGTH <= LONGEST_ID
}

function markOf(key: string): string {
  return BEFORE_MARK + nonceOf(key).slice(0, MARK_LENGTH)
}

function customIds(components: readonly APIMessageTopLevelComponent[] = []): string[] {
  return components.flatMap((row) =>
    row.type === ComponentType.ActionRow
      ? row.components.flatMap((each) => ('custom_id' in each ? [each.custom_id] : []))
      : [],
  )
}

/** What is to be read in them: Discord trims texts, and adds much of its own beside them. */
function sayings(embeds: Body['embeds'] = []): string {
  return JSON.stringify(
    embeds.map(({ title = '', description = '', fields = [], footer }) => [
      title.trim(),
      description.trim(),
      fields.map(({ name, value }) => [name.trim(), value.trim()]),
      (footer?.text ?? '').trim(),
    ]),
  )
}
