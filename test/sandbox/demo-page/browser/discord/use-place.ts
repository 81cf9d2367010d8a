import { useEffect, useRef, useState } from 'preact/hooks'
import type { DiscordMessage } from '../../../types.ts'
import type { DemoDiscord } from '../../state.ts'
import type { Place } from './places.ts'

/** Long enough to read two lines twice. */
const SHOWN_MS = 8_000

/** What the bot wrote, where it stands: an answer that was asked for in the chat stands there. */
export function messagesIn(discord: DemoDiscord, place: Place): DiscordMessage[] {
  const { talk, dms } = discord
  const chat = dms[0]?.channel
  const inChat = ({ channel }: DiscordMessage) => channel === chat
  if (place === 'parlour') return talk.filter((message) => !inChat(message))
  if (place !== 'dms') return []
  return [...dms, ...talk.filter(inChat)].toSorted((a, b) => (a.at < b.at ? -1 : 1))
}

/** Which channel is open, what of the chat has not been read, and the banner of a message that just came. */
export function usePlace(discord: DemoDiscord, covered: boolean) {
  const [place, setPlace] = useState<Place>('parlour')
  const [read, setRead] = useState(() => discord.dms.length)
  const [arrived, setArrived] = useState<DiscordMessage | null>(null)
  const answer = newestOf(messagesIn(discord, 'parlour'))
  const dm = discord.dms.at(-1)
  const before = useRef({ answer, dm: dm?.id })
  const looking = place === 'dms' && !covered

  useEffect(() => {
    // A command may be typed from elsewhere on the page: its answer is shown where it stands.
    if (answer !== before.current.answer && answer) setPlace('parlour')
    if (dm && dm.id !== before.current.dm && !looking) setArrived(dm)
    before.current = { answer, dm: dm?.id }
  }, [answer, dm?.id])
  useEffect(() => {
    if (looking) setRead(discord.dms.length)
    if (looking) setArrived(null)
  }, [looking, discord.dms.length])
  useEffect(() => {
    if (!arrived) return
    const timer = setTimeout(() => setArrived(null), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [arrived])

  return {
    place,
    go: setPlace,
    arrived,
    unread: looking ? 0 : Math.max(0, discord.dms.length - read),
  }
}

function newestOf(messages: DiscordMessage[]): string {
  return messages.at(-1)?.id ?? ''
}

/** The first words of a message, for the banner. */
export function firstWordsOf({ content, embeds }: DiscordMessage): string {
  const text = content || embeds[0]?.title || embeds[0]?.description || ''
  return text.replaceAll(/[*_`~|\\]/g, '').split('\n')[0] ?? ''
}
