import type { Message } from '../ports.ts'

/** A letter as Discord's JSON. */
export function renderMessage(message: Message): string {
  return JSON.stringify({ content: message.kind })
}
