import { MessageFlags } from 'discord-api-types/v10'
import { type Answer, REFUSED } from './answer.ts'
import { componentFaults } from './check-components.ts'
import { embedFaults } from './check-embeds.ts'
import type { HeldMessage } from './discord-state.ts'
import { collected, invalidForm, textFault } from './form-faults.ts'
import type { MessageBody } from './messages.ts'

const MAX_CONTENT = 2_000
const MENTIONS = ['roles', 'users', 'everyone']

type Body = MessageBody & { allowed_mentions?: { parse?: string[] } }

/** Why Discord takes no such message; undefined when it does. `before`: what an edit leaves as it is. */
export function messageRefusal(
  body: Body | null | undefined,
  before: HeldMessage | null = null,
): Answer | undefined {
  const { content, embeds, components, flags = 0, allowed_mentions } = body ?? {}
  const unknown = allowed_mentions?.parse?.find((kind) => !MENTIONS.includes(kind))
  const faults = {
    ...collected({
      content: textFault(content, MAX_CONTENT),
      // This stand-in knows only messages of rows and buttons.
      flags: Boolean(flags & MessageFlags.IsComponentsV2) && [
        'MESSAGE_FLAGS_UNKNOWN',
        'Components of the second version are not known here',
      ],
      'allowed_mentions.parse': unknown !== undefined && [
        'BASE_TYPE_CHOICES',
        `Value must be one of {${MENTIONS.join(', ')}}.`,
      ],
    }),
    ...embedFaults(embeds ?? []),
    ...componentFaults(components ?? []),
  }
  if (Object.keys(faults).length > 0) return invalidForm(faults)
  const text = content === undefined ? before?.content : content?.trim()
  const cards = embeds === undefined ? before?.embeds : embeds
  const rows = components === undefined ? before?.components : components
  return text || cards?.length || rows?.length ? undefined : REFUSED.emptyMessage
}
