import { useInner } from '../app-context.ts'
import type { Friendship } from '../use-friendship.ts'

/** LINE silently drops messages to people who are not friends, so those are asked to add the shop. */
export function FriendPrompt({ friendship }: { friendship: Friendship }) {
  const { boot, texts } = useInner()
  return (
    <div aria-live="polite">
      {friendship === 'joined' && <p class="notice good">{texts.friend.thanks}</p>}
      {friendship === 'stranger' && (
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
