import { japanDay } from '../../shared/japan-time.ts'
import type { Tx } from '../ports.ts'
import type { ChannelName } from './channels.ts'
import { countDead, countPending } from './deliveries.store.ts'
import type { PostRoom } from './notify.ts'
import type { PauseRow } from './pauses.store.ts'
import { postNotice } from './tell-staff.ts'

/** LINE counts by the month, as a calendar in Japan has it. */
function monthOf({ clock }: PostRoom): string {
  return japanDay(clock.now().toISOString()).slice(0, 7)
}

/** LINE's messages of the month are used up: told once a month; into LINE when it takes messages again. */
export async function tellOfQuota(post: PostRoom, tx: Tx, since: string): Promise<void> {
  const subject = `quota:${monthOf(post)}`
  await postNotice(post, tx, { topic: 'quota', subject, news: { kind: 'staff_quota', since } })
}

/** Most of the month's messages are used: told once a month, while there is time to take a larger plan. */
export async function tellOfQuotaNear(
  post: PostRoom,
  tx: Tx,
  quota: { used: number; total: number },
): Promise<void> {
  const subject = `quota_near:${monthOf(post)}`
  const news = { kind: 'staff_quota_near' as const, ...quota }
  await postNotice(post, tx, { topic: 'quota', subject, news })
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
