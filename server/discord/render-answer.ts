import type { CommandAnswer } from '../ports.ts'

/** An answer as Discord's JSON. */
export function renderAnswer(answer: CommandAnswer): string {
  return JSON.stringify({ content: answer.kind })
}
