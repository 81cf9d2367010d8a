import { channelOf } from '../people/people.store.ts'
import { CHANNEL_NAMES, Later, Never } from '../ports.ts'
import { KEY_HOURS, NO_CHANNEL_SECONDS, UNCLEAR_MAIL_SECONDS } from '../retry-policy.ts'
import type { DeliveryRow } from '../store/tables.ts'
import { sendAnotherWay, USED_UP } from './another-way.ts'
import { bringToOwner, isOfAnother } from './bring-to-owner.ts'
import { channelNamed } from './channels.ts'
import { UNCLEAR } from './come-back.ts'
import { findDelivery, hasEarlierOpen } from './deliveries.store.ts'
import { bury } from './give-up.ts'
import { mayCampaignLeave } from './hold-campaign.ts'
import type { PostRoom } from './notify.ts'
import { findPause } from './pauses.store.ts'
import { holdBack, isUsedUp, takeProbe } from './probe-channel.ts'
import { askIsFriend, isFriend, waitUntilReached } from './reach-buyer.ts'
import { isKeyTooOld, newKey } from './revive-delivery.ts'
import { sendNow } from './send-now.ts'
import { composeNotice } from './tell-daily.ts'
import { NOTICES } from './tell-staff.ts'

/**
 * Sends one delivery, or finds out why not. Accepted and dead are final; a buyer who is no friend on LINE
 * (it would answer 200 and drop the message), or who lets no messages in, waits where no other way is left,
 * and a `follow` or a question of theirs releases it. Throws Later or an error when it is to be tried again,
 * under the same key and with the same body; on the `lastTry` it is dead instead.
 */
export async function deliver(
  post: PostRoom,
  id: string,
  options: { lastTry?: boolean } = {},
): Promise<void> {
  const delivery = await findDelivery(post.store.db, id)
  if (delivery?.state !== 'pending') return
  try {
    await attempt(post, delivery)
  } catch (error) {
    // What nobody will send any more must not hold back later news of the same order.
    if (!options.lastTry || error instanceof Later || error instanceof Never) throw error
    await bury(post, delivery, error instanceof Error ? error.message : String(error))
  }
}

async function attempt(post: PostRoom, delivery: DeliveryRow): Promise<void> {
  if (delivery.kind === 'campaign' && !(await mayCampaignLeave(post, delivery))) return
  if (await isOfAnother(post.store.db, delivery)) return bringToOwner(post, delivery)
  const channel = channelOf(delivery.account_id)
  if (!channelNamed(post, channel)) {
    const why = `${CHANNEL_NAMES[channel]} is not set up in .env (any more)`
    if (await sendAnotherWay(post, delivery, why)) return
    throw new Later(NO_CHANNEL_SECONDS, why)
  }
  const friend = await isFriend(post, delivery)
  if (friend === false) return waitUntilReached(post, delivery)
  if (isLate(post, delivery)) return bury(post, delivery, lateWords(post))
  if (delivery.order_id && (await hasEarlierOpen(post.store.db, delivery)))
    throw new Later(
      patience(post, delivery),
      'an earlier message about this order is still on its way',
    )
  const key = await keepKey(post, delivery)
  const pause = await findPause(post.store.db, channel)
  if (isUsedUp(post, pause) && (await sendAnotherWay(post, delivery, USED_UP))) return
  const open = await holdBack(post, delivery, pause)
  const probed = open && (await takeProbe(post, delivery, open))
  if (friend === null && !(await askIsFriend(post, delivery, probed)))
    return waitUntilReached(post, delivery)
  const ready = delivery.body === '' ? await composeNotice(post, delivery) : delivery
  if (!ready) return
  await sendNow(post, { ...ready, ...key }, probed)
}

/**
 * What could have left for so long, and did not, is not pushed in the middle of some night: a person
 * decides. What the staff hear is never late. Unknown since when (before version 2): from now on.
 */
function isLate({ clock, shop }: PostRoom, { kind, pending_since }: DeliveryRow): boolean {
  if (!pending_since || kind.startsWith('staff_')) return false
  const hours = (clock.now().getTime() - Date.parse(pending_since)) / 3_600_000
  return hours > (shop.lateAfter ?? 72)
}

function lateWords({ shop }: PostRoom): string {
  return `older than ${shop.lateAfter ?? 72} h when it could have left; not sent, as it might come as a surprise`
}

/** A second at first; up to a minute behind a message that is paused for hours. */
function patience({ clock }: PostRoom, { created_at }: DeliveryRow): number {
  const age = (clock.now().getTime() - Date.parse(created_at)) / 1_000
  return Math.min(Math.max(1, age / 10), 60)
}

/** A notice to the staff does no harm when it comes twice, and must come: it gets a new key instead. */
async function keepKey(post: PostRoom, delivery: DeliveryRow): Promise<Partial<DeliveryRow>> {
  if (channelOf(delivery.account_id) === 'mail' && delivery.unclear > UNCLEAR_MAIL_SECONDS.length)
    return bury(post, delivery, UNCLEAR)
  if (!isKeyTooOld(delivery, post.clock.now())) return {}
  if (!NOTICES.includes(delivery.kind))
    return bury(
      post,
      delivery,
      `${CHANNEL_NAMES[channelOf(delivery.account_id)]} gave no clear answer for ${KEY_HOURS} hours; sending again now could say it twice`,
    )
  return newKey()
}
