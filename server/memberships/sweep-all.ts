import type { Turn } from '../ports.ts'
import type { SignDesk } from '../signs/show-sign.ts'
import { sweepSigns } from '../signs/sweep-signs.ts'
import type { MemberDesk } from './reconcile-membership.ts'
import { type Swept, sweepMembers } from './sweep-members.ts'

/**
 * The daily look at everybody: against Stripe in both directions, and against what the chat shows. It
 * asks for as little as it can, and rings for what differs.
 */
export async function sweepAll(
  { members, signs }: { members: MemberDesk; signs: SignDesk },
  turn: Turn,
): Promise<Swept> {
  const { clock, log } = members.post
  const id = clock.now().toISOString()
  const swept: Swept = { listed: 0, differing: 0, unclaimed: [] }
  await sweepMembers(members, { id, swept, stop: turn.stop, keep: () => turn.keep() })
  await sweepSigns(signs, turn.stop)
  const { listed, differing, unclaimed } = swept
  if (differing + unclaimed.length > 0)
    log.warn({ listed, differing, unclaimed: unclaimed.length }, 'members differ from Stripe')
  return swept
}
