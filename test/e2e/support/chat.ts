import { vi } from 'vitest'
import type { Rig } from '../../sandbox/rig.ts'
import type { AcceptedPush } from '../../sandbox/types.ts'

/** What can be read in somebody's chat, oldest first: what LINE dropped is not there. */
export function heard(rig: Rig, to: string): string[] {
  return rig.line
    .chat(to)
    .filter((push) => push.delivered)
    .flatMap((push) => push.messages.map((each) => String(each['altText'] ?? each['text'])))
}

/** Waits until so many messages are in the chat, and fails when there are more than that. */
export async function messagesFor(rig: Rig, to: string, count: number): Promise<string[]> {
  return vi.waitFor(
    () => {
      const messages = heard(rig, to)
      if (messages.length !== count)
        throw new Error(`${messages.length} messages instead of ${count}: ${messages.join(' / ')}`)
      return messages
    },
    { timeout: 15_000, interval: 25 },
  )
}

/** Every text inside the newest delivered message's bubble. */
export function textsOfNewest(rig: Rig, to: string): string[] {
  const push = rig.line.chat(to).findLast(({ delivered }) => delivered)
  return push ? textsIn(push.messages as AcceptedPush['messages']) : []
}

function textsIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(textsIn)
  if (typeof part !== 'object' || part === null) return []
  const { text } = part as { text?: unknown }
  return [...(typeof text === 'string' ? [text] : []), ...Object.values(part).flatMap(textsIn)]
}
