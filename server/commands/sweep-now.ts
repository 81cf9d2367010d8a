import type { Furnished } from '../furnish.ts'
import { reconsiderEverybody } from '../memberships/adopt-rules.ts'
import { type Swept, sweepMembers } from '../memberships/sweep-members.ts'
import type { Db } from '../ports.ts'
import { tryRefusedAgain } from '../signs/refused-roles.ts'
import { sweepSigns } from '../signs/sweep-signs.ts'
import type { Outcome } from './command.ts'
import { bar, sayProgress } from './say-progress.ts'

/** More would push what matters off the screen. */
const MOST_NAMED = 10

/** The daily look at all members, now and with a bar; what differs is rung for, and delivered by who called. */
export async function sweepNow({ store, members, signs }: Furnished, now: Date): Promise<Outcome> {
  const swept: Swept = { listed: 0, differing: 0, unclaimed: [] }
  const held = await countLiving(store.db)
  const quiet = sayProgress(() => bar(swept.listed, held, 'subscriptions'))
  const id = now.toISOString()
  const stopped = await sweepMembers(members, { id, swept })
    .then(() => reconsiderEverybody(members, id))
    // Whoever calls has mended something, or would like to know.
    .then(() => tryRefusedAgain(signs))
    .then(() => sweepSigns(signs))
    .then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    .finally(quiet)
  return outcomeOf(swept, stopped)
}

function outcomeOf({ listed, differing, unclaimed }: Swept, stopped: string | null): Outcome {
  const said = [
    `Members: subscriptions ${listed}, customers brought up to date ${differing}.`,
    ...(unclaimed.length > 0
      ? [
          `Paid for, and nobody’s here: ${unclaimed.length}. Whoever paid can open the shop from Stripe’s return page, or you look them up at Stripe:`,
          ...unclaimed.slice(0, MOST_NAMED).map((id) => `  ${id}`),
        ]
      : []),
    ...(stopped ? [`Members: stopped before the end: ${stopped}`] : []),
  ]
  return { said: said.join('\n'), code: stopped ? 1 : 0 }
}

async function countLiving(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('subscriptions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('status', 'not in', ['canceled', 'incomplete_expired'])
    .executeTakeFirstOrThrow()
  return Number(count)
}
