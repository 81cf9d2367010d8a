import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { AcceptedPush } from '../../types.ts'
import { PushBubbles, SaidBubble } from './bubbles.tsx'
import type { OnAction } from './flex/tappable.ts'
import { Scrollable } from './scrollable.tsx'
import type { Entry } from './talk.ts'
import type { Words } from './words.ts'

/** Between the newest message and the upper edge. */
const AIR_PX = 8

type ChatProps = {
  talk: Entry[]
  shopName: string
  words: Words
  empty: string
  /** What an empty chat offers to begin with; null: nothing. */
  start: (() => void) | null
  onAction: OnAction
}

/** The talk between the shop and whoever holds the phone; the newest message is always in sight, from its beginning. */
export function Chat({ talk, shopName, words, empty, start, onAction }: ChatProps) {
  const box = useRef<HTMLElement>(null)
  const seen = useRef('')
  const newest = talk.at(-1)?.key ?? ''
  useLayoutEffect(() => {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
    const arrived = seen.current !== ''
    seen.current = newest
    showNewest(box.current, arrived && !calm ? 'smooth' : 'instant')
  }, [newest])
  useNewestInSight(box)

  return (
    <Scrollable class="talk" role="log" label={shopName} area={box}>
      {talk.length === 0 ? (
        <div class="talk-empty">
          <p>{empty}</p>
          {start && (
            <button type="button" class="talk-hint" onClick={start}>
              {words.guide.openShop}
            </button>
          )}
        </div>
      ) : (
        <p class="talk-day">{words.phone.today}</p>
      )}
      {talk.map((entry) =>
        'said' in entry ? (
          <SaidBubble key={entry.key} said={entry.said} words={words} />
        ) : (
          <PushBubbles
            key={entry.key}
            push={entry.push}
            shopName={shopName}
            words={words}
            onAction={onAction}
          />
        ),
      )}
    </Scrollable>
  )
}

/** What tells the newest message from the one before; counting fails, since old ones leave the phone. */
export function newestOf(pushes: AcceptedPush[]): string {
  const newest = pushes.at(-1)
  return newest ? `${newest.at} ${newest.retryKey}` : ''
}

/** A message taller than the screen is read from its top: a receipt's thanks come before its buttons. */
function showNewest(talk: HTMLElement | null, behavior: ScrollBehavior): void {
  const newest = [...(talk?.querySelectorAll<HTMLElement>('.push, .said') ?? [])].at(-1)
  if (!talk || !newest) return
  const start = newest.offsetTop - talk.offsetTop - AIR_PX
  talk.scrollTo({ top: Math.min(start, talk.scrollHeight - talk.clientHeight), behavior })
}

/** Fonts, pictures and a phone that grows would leave the newest message half out of sight. */
function useNewestInSight(talk: { current: HTMLElement | null }) {
  useEffect(() => {
    const box = talk.current
    if (!box) return
    const observer = new ResizeObserver(() => showNewest(box, 'instant'))
    observer.observe(box)
    return () => observer.disconnect()
  }, [talk])
}
