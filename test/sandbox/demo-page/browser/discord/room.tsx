import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { DiscordMessage } from '../../../types.ts'
import type { DemoDiscord } from '../../state.ts'
import { Scrollable } from '../scrollable.tsx'
import { Composer } from './composer.tsx'
import { inTheirWords } from './find-command.ts'
import { BotMessage, Post, type Reading } from './message.tsx'
import type { Place } from './places.ts'
import { messagesIn } from './use-place.ts'

type RoomProps = Reading & {
  discord: DemoDiscord
  place: Place
  onType: (command: string, code: string) => Promise<void>
}

/** One channel: what was said in it, and the line to write in. */
export function Room({ discord, place, onType, ...reading }: RoomProps) {
  const { words, language } = reading
  const w = words.discord
  const box = useRef<HTMLElement>(null)
  const messages = messagesIn(discord, place)
  const newest = messages.at(-1)
  useEndInSight(box, `${newest?.id} ${newest?.thinking}`)
  const posts = place === 'dms' ? [] : w.posts[place]
  const name = place === 'dms' ? reading.bot : w.channels[place]

  /** Whoever typed it sees the command under the name that it has in their language. */
  function asTheyRead(message: DiscordMessage): DiscordMessage {
    const typed = message.answers?.slice(1).split(' ')[0]
    const command = discord.commands.find((one) => one.name === typed)
    if (!command) return message
    return { ...message, answers: `/${inTheirWords(command, discord.me?.locale ?? 'ja').name}` }
  }

  return (
    <>
      <Scrollable class="dc-talk" role="log" label={name} area={box}>
        {posts.map((post, index) => (
          <Post key={index} {...post} index={index} language={language} />
        ))}
        {place === 'dms' && messages.length === 0 && <p class="dc-nothing">{w.noDms}</p>}
        {messages.map((message) => (
          <BotMessage key={message.id} message={asTheyRead(message)} {...reading} />
        ))}
      </Scrollable>
      {place === 'parlour' ? (
        <Composer
          commands={discord.commands}
          locale={discord.me?.locale ?? 'ja'}
          words={words}
          onType={onType}
        />
      ) : (
        <p class="dc-read-only">{place === 'dms' ? w.dmReadOnly : w.readOnly}</p>
      )}
    </>
  )
}

/** As in Discord the end is in sight, where the buttons are; a message grows when its answer is there. */
function useEndInSight(area: { current: HTMLElement | null }, newest: string) {
  useLayoutEffect(() => showEnd(area.current), [newest])
  useEffect(() => {
    const box = area.current
    if (!box) return
    const observer = new ResizeObserver(() => showEnd(box))
    observer.observe(box)
    return () => observer.disconnect()
  }, [area])
}

function showEnd(box: HTMLElement | null): void {
  box?.scrollTo({ top: box.scrollHeight, behavior: 'instant' })
}
