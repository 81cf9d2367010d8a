import {
  type APIChatInputApplicationCommandGuildInteraction,
  type APIMessageComponentInteraction,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ComponentType,
  InteractionType,
} from 'discord-api-types/v10'
import type { DiscordMessage, DiscordUser } from '../types.ts'
import { buttonOf } from './buttons.ts'
import type { DiscordState, HeldMessage, Person, Ticket } from './discord-state.ts'
import { chatterIn, dropMessage } from './messages.ts'
import { apiMessage } from './objects.ts'
import { common, openTicket } from './open-ticket.ts'
import { requirePerson } from './people.ts'
import { requireEndpoint } from './save-endpoint.ts'
import { sendInteraction } from './send-interaction.ts'
import { takeAnswer } from './take-answer.ts'

/**
 * Types a slash command on the server. Only a command that is registered can be typed; as long as none ever
 * was, all can, so that a test need not register any.
 */
export async function typeCommand(
  discord: DiscordState,
  user: DiscordUser,
  command: string,
  options: Record<string, string>,
): Promise<DiscordMessage> {
  const person = requirePerson(discord, user)
  if (!person.member) throw new Error(`${person.name} is not on the server and can type nothing`)
  const words = Object.entries(options).map(([name, value]) => `${name}:${value}`)
  const typed = [`/${command}`, ...words].join(' ')
  discord.watch({ at: discord.now(), from: 'buyer', to: 'discord', title: typed })
  const ticket = openTicket(discord, person, { channel: discord.channelId, typed })
  const interaction = {
    ...common(discord, ticket),
    type: InteractionType.ApplicationCommand,
    data: {
      ...{ id: commandId(discord, command, options), name: command },
      ...{ type: ApplicationCommandType.ChatInput, guild_id: discord.guildId },
      options: Object.entries(options).map(([name, value]) => ({
        ...{ name, value, type: ApplicationCommandOptionType.String as const },
      })),
    },
  } as APIChatInputApplicationCommandGuildInteraction
  return ask(discord, ticket, interaction, typed)
}

/** Presses a button of a message that they see. */
export async function pressButton(
  discord: DiscordState,
  user: DiscordUser,
  { id }: DiscordMessage,
  label: string | undefined,
): Promise<DiscordMessage> {
  const person = requirePerson(discord, user)
  const message = discord.messages.get(id)
  if (!message || !isSeenBy(discord, message, person))
    throw new Error(`${person.name} sees no message ${id}`)
  const { custom_id, words } = buttonOf(message.components, label)
  discord.watch({ at: discord.now(), from: 'buyer', to: 'discord', title: `[${words}]` })
  const ticket = openTicket(discord, person, { channel: message.channel, pressed: message })
  const interaction = {
    ...common(discord, ticket),
    type: InteractionType.MessageComponent,
    message: apiMessage(discord, message),
    data: { custom_id, component_type: ComponentType.Button },
  } as APIMessageComponentInteraction
  return ask(discord, ticket, interaction, `[${words}]`)
}

/** Their own "Dismiss message": nobody sees it any more, and nobody can change it. */
export function dismiss(
  discord: DiscordState,
  user: DiscordUser,
  { id }: Pick<DiscordMessage, 'id'>,
): void {
  const message = discord.messages.get(id)
  if (message?.onlyFor !== user.id) throw new Error(`message ${id} is not one that they alone see`)
  dropMessage(discord, message)
}

function isSeenBy(discord: DiscordState, message: HeldMessage, { id, member }: Person): boolean {
  if (message.onlyFor) return message.onlyFor === id
  return message.channel === discord.channelId
    ? member !== null
    : chatterIn(discord, message.channel) === id
}

function commandId(discord: DiscordState, name: string, options: Record<string, string>): string {
  const all = [...discord.commands.values()]
  if (!discord.everRegistered) return discord.applicationId
  const command = all.find((one) => one.name === name)
  if (!command) throw new Error(`the server has no command /${name}: it was not registered`)
  for (const option of Object.keys(options))
    if (!command.options?.some((one) => one.name === option))
      throw new Error(`/${name} has no option ${option}`)
  return command.id
}

/** Sends it, waits for the first answer, and gives back what the user sees then. */
async function ask(
  discord: DiscordState,
  ticket: Ticket,
  interaction: object,
  title: string,
): Promise<DiscordMessage> {
  const asked = async () => {
    await discord.checking
    const url = requireEndpoint(discord)
    const answer = await sendInteraction(discord, url, interaction, { title })
    const { meanwhile } = discord
    discord.meanwhile = null
    await meanwhile?.()
    return takeAnswer(discord, ticket, title, answer)
  }
  const going = asked()
  discord.onTheWay.add(going)
  try {
    return await going
  } finally {
    discord.onTheWay.delete(going)
  }
}
