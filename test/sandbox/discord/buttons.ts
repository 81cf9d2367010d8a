import { type APIMessageTopLevelComponent, ButtonStyle, ComponentType } from 'discord-api-types/v10'
import type { DiscordMessage } from '../types.ts'

type Button = { words: string; url: string | null; custom_id: string | null; disabled: boolean }

/** A message's buttons, row by row. */
export function buttonsOf(components: readonly APIMessageTopLevelComponent[]): Button[] {
  return components
    .flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []))
    .flatMap((button) => {
      if (button.type !== ComponentType.Button || button.style === ButtonStyle.Premium) return []
      const { label = '', disabled = false } = button
      return [
        {
          ...{ words: label, disabled, url: 'url' in button ? button.url : null },
          custom_id: 'custom_id' in button ? button.custom_id : null,
        },
      ]
    })
}

/** The button that can be pressed: the only one, or the one with these words. Throws when there is none. */
export function buttonOf(
  components: readonly APIMessageTopLevelComponent[],
  label: string | undefined,
): { custom_id: string; words: string } {
  const all = buttonsOf(components).filter(({ custom_id }) => custom_id !== null)
  const [button, more] = all.filter(({ words }) => label === undefined || words === label)
  if (!button?.custom_id || more)
    throw new Error(`which button? There are: ${all.map(({ words }) => words).join(' | ')}`)
  if (button.disabled) throw new Error(`the button ${button.words} cannot be pressed`)
  return { custom_id: button.custom_id, words: button.words }
}

/** Where a link button leads: the first, or the one with these words. Throws when there is none. */
export function linkOf({ components }: Pick<DiscordMessage, 'components'>, label?: string): string {
  const links = buttonsOf(components).filter(({ url }) => url !== null)
  const link = links.find(({ words }) => label === undefined || words === label)
  if (link?.url) return link.url
  throw new Error(`no such link; there are: ${links.map(({ words }) => words).join(' | ')}`)
}
