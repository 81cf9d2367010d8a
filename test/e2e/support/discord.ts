import { ButtonStyle, ComponentType } from 'discord-api-types/v10'
import { vi } from 'vitest'
import type { DiscordMessage, DiscordSandbox, DiscordUser } from '../../sandbox/types.ts'

/** Everything that can be read of a message: what stands in it and on its buttons. */
export function wordsOf({ content, embeds, components }: DiscordMessage): string {
  const cards = embeds.flatMap(({ title, description, fields = [], footer }) => [
    ...[title, description, footer?.text],
    ...fields.flatMap(({ name, value }) => [name, value]),
  ])
  const labels = components.flatMap((row) =>
    row.type === ComponentType.ActionRow
      ? row.components.map((button) => ('label' in button ? button.label : undefined))
      : [],
  )
  return [content, ...cards, ...labels].filter(Boolean).join('\n')
}

/** Where the button leads that opens something; fails where there is none. */
export function linkIn(message: DiscordMessage): string {
  for (const row of message.components)
    if (row.type === ComponentType.ActionRow)
      for (const button of row.components)
        if (button.type === ComponentType.Button && button.style === ButtonStyle.Link)
          return button.url
  throw new Error(`no link in: ${wordsOf(message)}`)
}

/** Types a command and waits until "is thinking" has become the answer, which nobody else sees. */
export async function ask(
  discord: DiscordSandbox,
  user: DiscordUser,
  command: string,
  options?: Record<string, string>,
): Promise<DiscordMessage> {
  return answered(discord, await discord.type(user, command, options))
}

export async function pressed(
  discord: DiscordSandbox,
  user: DiscordUser,
  message: DiscordMessage,
  label: string,
): Promise<DiscordMessage> {
  return answered(discord, await discord.press(user, message, label))
}

function answered(discord: DiscordSandbox, { id }: DiscordMessage): Promise<DiscordMessage> {
  return soon(() => {
    const now = discord.message(id)
    return now && !now.thinking ? now : null
  })
}

/** The message of their chat with the bot that says this, once it is there; fails when it is said twice. */
export function dmSaying(
  discord: DiscordSandbox,
  user: DiscordUser,
  words: string,
): Promise<DiscordMessage> {
  return soon(() => {
    const saying = discord.dms(user).filter((message) => wordsOf(message).includes(words))
    if (saying.length > 1) throw new Error(`said twice: ${words}`)
    return saying[0] ?? null
  })
}

/** What is there a moment later; fails when it never comes. */
export function soon<T>(look: () => T | null): Promise<T> {
  return vi.waitFor(
    () => {
      const found = look()
      if (found === null) throw new Error(`not yet: ${look}`)
      return found
    },
    { timeout: 15_000, interval: 25 },
  )
}
