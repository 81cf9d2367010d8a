import type { Tx } from '../ports.ts'
import type { ChannelName } from './channels.ts'
import { countDead, countPending } from './deliveries.store.ts'
import type { PostRoom } from './notify.ts'
import type { PauseRow } from './pauses.store.ts'
import { japanDay, postNotice } from './tell-staff.ts'

/** LINE's messages of the month are used up: told once a month; into LINE when it takes messages again. */
export async function tellOfQuota(post: PostRoom, tx: Tx, since: string): Promise<void> {
  const subject = `quota:${japanDay(post.clock.now()).slice(0, 7)}`
  await postNotice(post, tx, { topic: 'quota', subject, news: { kind: 'staff_quota', since } })
}

/** A channel took nothing for a while, and does again. */
export async function tellOfOutage(
  post: PostRoom,
  tx: Tx,
  { since, channel }: Pick<PauseRow, 'since'> & { channel: ChannelName },
): Promise<void> {
  const to = post.clock.now().toISOString()
  const [waited, dead] = [await countPending(tx, channel), await countDead(tx, { since, channel })]
  const subject = channel === 'line' ? `outage:${since}` : `outage:${channel}:${since}`
  await postNotice(post, tx, {
    topic: 'trouble',
    subject,
    news: { kind: 'staff_outage', channel, from: since, to, waited, dead },
  })
}
