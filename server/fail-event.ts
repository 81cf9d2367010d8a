import type { PostRoom } from './notifications/notify.ts'
import { tellOfDead } from './notifications/tell-daily.ts'
import { Later, NeedsPerson, Never } from './ports.ts'

/** An episode is over when nobody has met it for so long; ten minutes is how often each job tries. */
const EPISODE_MS = 3_600_000
/** Sentences that no job will say again must not stay for ever. */
const MOST_EPISODES = 100

export type FailEvent = (id: string, error: unknown, lastTry: boolean) => Promise<never>

/**
 * What failed stands beside its event, for whoever asks; for good only after the last try or a Never,
 * and then the staff hear of it. What only a person can mend is said once an episode, not once a job.
 */
export function openFailEvent(post: PostRoom): FailEvent {
  const heardAt = new Map<string, number>()

  function shout(event: string, error: NeedsPerson): void {
    const now = post.clock.now().getTime()
    const last = heardAt.get(error.message)
    if (heardAt.size >= MOST_EPISODES) heardAt.clear()
    heardAt.set(error.message, now)
    if (last !== undefined && now - last < EPISODE_MS) return
    post.log.error(
      { event, err: error },
      'only a person can mend this; it is kept and tried slowly',
    )
  }

  return async (id, error, lastTry) => {
    if (error instanceof NeedsPerson) {
      shout(id, error)
      await noteWords(post, id, error.message)
    }
    if (error instanceof Later) throw error
    const words = error instanceof Error ? error.message : String(error)
    if (!(await noteFailure(post, id, words, lastTry || error instanceof Never))) throw error
    post.log.error({ event: id, err: error }, 'an event is given up; a person must look')
    throw new Never(words)
  }
}

async function noteWords({ store }: PostRoom, id: string, words: string): Promise<void> {
  await store.transaction((tx) =>
    tx
      .updateTable('events')
      .set({ error: words.slice(0, 500) })
      .where('id', '=', id)
      .where('handled_at', 'is', null)
      .execute(),
  )
}

/** True: it is given up. */
async function noteFailure(
  post: PostRoom,
  id: string,
  words: string,
  dead: boolean,
): Promise<boolean> {
  const handled_at = post.clock.now().toISOString()
  const failed = await post.store.transaction(async (tx) => {
    const event = await tx
      .updateTable('events')
      .set((eb) => ({ attempts: eb('attempts', '+', 1), error: words.slice(0, 500) }))
      .$if(dead, (query) => query.set({ handled_at, outcome: 'dead' }))
      .where('id', '=', id)
      .where('handled_at', 'is', null)
      .returning('type')
      .executeTakeFirst()
    if (event && dead) await tellOfDead(post, tx)
    return event
  })
  if (failed && dead) post.meter.count('noren_events_total', { type: failed.type, outcome: 'dead' })
  return dead
}
