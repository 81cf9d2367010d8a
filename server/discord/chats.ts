import { type RESTPostAPICurrentUserCreateDMChannelResult, Routes } from 'discord-api-types/v10'
import type { AskDiscord } from './rest.ts'

/** Those whose ids are remembered; another costs one more question. */
const MOST_CHATS = 10_000

/** The chat with somebody, by its id: Discord gives the same one each time, and wants few asked for at once. */
export function rememberChats(ask: AskDiscord) {
  const chats = new Map<string, string>()
  return {
    async open(address: string): Promise<string> {
      const known = chats.get(address)
      if (known) return known
      const { id } = await ask<RESTPostAPICurrentUserCreateDMChannelResult>({
        method: 'POST',
        path: Routes.userChannels(),
        body: { recipient_id: address },
      })
      const [oldest] = chats.keys()
      if (oldest && chats.size >= MOST_CHATS) chats.delete(oldest)
      chats.set(address, id)
      return id
    },
    forget(address: string): void {
      chats.delete(address)
    },
  }
}
