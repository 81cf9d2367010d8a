import { SLASH_COMMANDS } from '../ports.ts'
import { type Card, type Said, sentences } from './answer-card.ts'

/** Every command by the name under which its reader finds it. */
export function helpCard({ discord }: Said): Card {
  const { title, lead } = discord.help
  const rows = SLASH_COMMANDS.map((command) => {
    const { name, description } = discord.commands[command]
    return { part: 'word' as const, word: `/${name}`, does: description }
  })
  return { title, blocks: [sentences([lead]), rows], buttons: [] }
}
