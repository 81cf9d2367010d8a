import { useEffect, useRef, useState } from 'preact/hooks'
import type { Person } from '../../shared/api.ts'
import { useApp } from '../app-context.ts'
import { askAgainWhoIsBuying, whoIsBuying } from '../session.ts'
import { usePolling } from '../use-polling.ts'

/**
 * LINE silently drops messages to people who are not friends, so they are asked to add the shop. The
 * server knows the truth and is asked again until the buyer is a friend.
 */
export function FriendPrompt() {
  const { boot, texts } = useApp()
  const [friend, setFriend] = useState<Person['friend']>(null)
  const wasAsked = useRef(false)
  const learn = (person: Person) => setFriend(person.friend)
  useEffect(() => {
    whoIsBuying().then(learn, () => {})
  }, [])
  usePolling(friend !== true, () => askAgainWhoIsBuying().then(learn))
  if (friend === false) wasAsked.current = true
  return (
    <div aria-live="polite">
      {friend === true && wasAsked.current && <p class="notice good">{texts.friend.thanks}</p>}
      {friend === false && (
        <section class="notice friend">
          <h2>{texts.friend.title}</h2>
          <p>{texts.friend.text}</p>
          {boot.shop.friendUrl && (
            <a class="button primary wide" href={boot.shop.friendUrl} rel="noreferrer">
              {texts.friend.add}
            </a>
          )}
        </section>
      )}
    </div>
  )
}
