import { japanDay } from '../../shared/japan-time.ts'
import type { Turn } from '../ports.ts'
import { dayInNumbers, isQuiet } from './day-in-numbers.ts'
import type { PostRoom } from './notify.ts'
import { morningOf } from './tell-daily.ts'
import { placesFor, postNotice } from './tell-staff.ts'

const DAY_MS = 86_400_000

/**
 * From nine in the morning on, Japan's time, the shop is told once what yesterday brought; a day with
 * nothing to tell is not told. Who was away for a week hears of the last day alone: the others are in the
 * report. `turn`: its bookmark is the day that was told (or was quiet) last.
 */
export async function tellDigest(
  post: PostRoom,
  turn: Pick<Turn, 'bookmark' | 'keep'>,
): Promise<void> {
  const now = post.clock.now()
  const yesterday = japanDay(new Date(now.getTime() - DAY_MS).toISOString())
  if (now < morningOf(japanDay(now.toISOString())) || turn.bookmark === yesterday) return
  if (placesFor(post, 'digest').length > 0) await tellOfDay(post, yesterday)
  await turn.keep(yesterday)
}

async function tellOfDay(post: PostRoom, day: string): Promise<void> {
  const numbers = await dayInNumbers(post.store.db, day)
  if (isQuiet(numbers)) return
  // A morning on which LINE does not answer is still a morning.
  const line = await post.channel.quota().catch(() => null)
  await post.store.transaction((tx) =>
    postNotice(post, tx, {
      topic: 'digest',
      subject: `digest:${day}`,
      news: { kind: 'staff_digest', ...numbers, line },
    }),
  )
}
