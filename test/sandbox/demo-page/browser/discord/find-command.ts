import type { DemoDiscord } from '../../state.ts'

export type Command = DemoDiscord['commands'][number]

/** As Discord shows a command to somebody who reads this language; typed, either name finds it. */
export function inTheirWords(command: Command, locale: string): { name: string; does: string } {
  const at = locale as keyof NonNullable<Command['name_localizations']>
  return {
    name: command.name_localizations?.[at] ?? command.name,
    does: command.description_localizations?.[at] ?? command.description,
  }
}

/** What may be said besides, by its name in this language; our commands have one such thing at most. */
export function optionOf({ options }: Command, locale: string): string | null {
  const [option] = options ?? []
  if (!option) return null
  const at = locale as keyof NonNullable<typeof option.name_localizations>
  return option.name_localizations?.[at] ?? option.name
}

/** What somebody may mean who has typed this; all of them after the stroke alone. Empty: no command is being typed. */
export function commandsLike(draft: string, commands: Command[], locale: string): Command[] {
  if (!draft.startsWith('/')) return []
  const wanted = draft.slice(1).trim().toLowerCase()
  return commands.filter((command) => {
    const { name } = inTheirWords(command, locale)
    return [name, command.name].some((one) => one.toLowerCase().startsWith(wanted))
  })
}
