import { localized } from '../../shared/language.ts'
import { lineAccountId } from '../people/people.store.ts'
import type { StaffNotice, Tx } from '../ports.ts'
import type { DeliveryKind } from '../store/tables.ts'
import { countDead, countPending } from './deliveries.store.ts'
import type { PostRoom } from './notify.ts'
import type { PauseRow } from './pauses.store.ts'
import { postDelivery } from './post-delivery.ts'

type Notice =
  | Omit<Extract<StaffNotice, { kind: 'staff_quota' }>, 'language' | 'shop'>
  | Omit<Extract<StaffNotice, { kind: 'staff_outage' }>, 'language' | 'shop'>
  | Omit<Extract<StaffNotice, { count: number }>, 'language' | 'shop'>

/** What the shop must know of the messages themselves. Said twice they do no harm, so no key holds them up. */
export const NOTICES: readonly DeliveryKind[] = [
  'staff_quota',
  'staff_outage',
  'staff_dead',
  'staff_late_many',
]

const JAPAN_MS = 9 * 3_600_000

/** "2026-11-22", as the calendar on a wall in Japan says. */
export function japanDay(at: Date): string {
  return new Date(at.getTime() + JAPAN_MS).toISOString().slice(0, 10)
}

/** The month's messages are used up: told once a month, when LINE takes messages again. */
export async function tellOfQuota(post: PostRoom, tx: Tx, since: string): Promise<void> {
  const month = japanDay(post.clock.now()).slice(0, 7)
  const body = bodyOf(post, { kind: 'staff_quota', since })
  await postNotice(post, tx, { kind: 'staff_quota', subject: `quota:${month}`, body })
}

/** LINE took nothing for a while, and does again. */
export async function tellOfOutage(post: PostRoom, tx: Tx, { since }: PauseRow): Promise<void> {
  const to = post.clock.now().toISOString()
  const [waited, dead] = [await countPending(tx), await countDead(tx, since)]
  const body = bodyOf(post, { kind: 'staff_outage', from: since, to, waited, dead })
  await postNotice(post, tx, { kind: 'staff_outage', subject: `outage:${since}`, body })
}

export function bodyOf({ channel, shop }: PostRoom, notice: Notice): string {
  const language = shop.language ?? 'ja'
  return channel.render({ ...notice, language, shop: { name: localized(shop.name, language) } })
}

/** False: it was said before, or the shop has no staff account; then the log and /metrics tell. */
export async function postNotice(
  post: PostRoom,
  tx: Tx,
  notice: { kind: DeliveryKind; subject: string; body: string },
  runAt?: Date,
): Promise<boolean> {
  const to = post.shop.staff?.line
  if (!to) return false
  const row = {
    ...notice,
    account_id: lineAccountId(to),
    order_id: null,
    created_at: post.clock.now().toISOString(),
    cause: null,
  }
  return postDelivery(post, tx, row, runAt)
}
