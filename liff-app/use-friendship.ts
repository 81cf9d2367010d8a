import { useEffect, useState } from 'preact/hooks'
import type { Person } from '../shared/api.ts'
import { askAgainWhoIsBuying, whoIsBuying } from './session.ts'
import { usePolling } from './use-polling.ts'

/** `joined` is a friend who was none when the page opened. */
export type Friendship = 'unknown' | 'friend' | 'stranger' | 'joined'

/** Whether LINE lets us write to this buyer. The server knows, and is asked again until they are a friend. */
export function useFriendship(): Friendship {
  const [friendship, setFriendship] = useState<Friendship>('unknown')
  const learn = (person: Person) => setFriendship((before) => after(before, person))
  useEffect(() => {
    whoIsBuying().then(learn, () => {}) // The order itself says when nobody could be recognised.
  }, [])
  const settled = friendship === 'friend' || friendship === 'joined'
  usePolling(!settled, () => askAgainWhoIsBuying().then(learn))
  return friendship
}

/** Only LINE has friends: elsewhere nobody is asked to become one. */
function after(before: Friendship, { channel, friend }: Person): Friendship {
  if (channel !== 'line') return 'friend'
  if (friend === null) return before
  if (!friend) return 'stranger'
  return before === 'stranger' || before === 'joined' ? 'joined' : 'friend'
}
