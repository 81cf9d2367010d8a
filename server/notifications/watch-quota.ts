import { Later } from '../ports.ts'
import type { PostRoom } from './notify.ts'
import { tellOfQuotaNear } from './tell-of-channel.ts'
import { placesFor } from './tell-staff.ts'

const NEARLY_USED = 0.8
const ASK_AGAIN_SECONDS = 600

/**
 * Asks LINE how many of the month's messages are left, and tells the staff before none are. Where nobody
 * hears of it, LINE is not asked. Throws Later when LINE does not answer.
 */
export async function watchQuota(post: PostRoom): Promise<void> {
  if (placesFor(post, 'quota').length === 0) return
  const { used, total } = await post.channel.quota().catch((error: unknown) => {
    if (error instanceof Later) throw error
    throw new Later(ASK_AGAIN_SECONDS, error instanceof Error ? error.message : String(error))
  })
  // 0 of 0 is what LINE tells of a channel that may send nothing at all: nothing is used up by us.
  if (!total || used < total * NEARLY_USED) return
  await post.store.transaction((tx) => tellOfQuotaNear(post, tx, { used, total }))
}
