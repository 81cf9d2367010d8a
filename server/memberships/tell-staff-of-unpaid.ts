import { localized } from '../../shared/language.ts'
import type { PostRoom } from '../notifications/notify.ts'
import { type NamedPlan, namedIn, titleOf } from '../notifications/notify-member.ts'
import { inShopsWords, tellStaff } from '../notifications/tell-staff.ts'
import type { Tx } from '../ports.ts'

/** A member's payment failed: the shop hears of it once for each invoice. */
export async function tellStaffOfUnpaid(
  post: PostRoom,
  tx: Tx,
  invoice: string,
  { amount, until }: { amount: number; until: string | null },
  { role, plan }: { role: string; plan: NamedPlan | null },
  cause: string | null,
): Promise<void> {
  const words = inShopsWords(post.shop)
  await tellStaff(post, tx, {
    topic: 'payment_failed',
    ...{ subject: invoice, orderId: null, cause },
    message: {
      kind: 'staff_payment_failed',
      ...words,
      role: localized(titleOf(post.shop, role), words.language),
      plan: plan && namedIn(plan, words.language),
      ...{ amount, until },
    },
  })
}
