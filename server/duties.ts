import { campaignRules } from './campaigns/rule-offers.ts'
import { runCampaigns } from './campaigns/run-campaigns.ts'
import type { Furnished } from './furnish.ts'
import { pruneOutbound } from './integrations/prune-outbound.ts'
import { adoptRules } from './memberships/adopt-rules.ts'
import { ringForDue } from './memberships/reconsider-due.ts'
import { sweepAll } from './memberships/sweep-all.ts'
import { bringDueByMail } from './notifications/bring-due-by-mail.ts'
import { tellDigest } from './notifications/tell-digest.ts'
import { watchQuota } from './notifications/watch-quota.ts'
import type { Duty } from './operations/do-duties.ts'
import { dropDuty, hasBookmark, makeDue } from './operations/duties.store.ts'
import { pruneBooks } from './operations/prune-books.ts'
import { backfillOrders } from './orders/backfill-orders.ts'
import { BACKFILL } from './orders/bookmark.ts'
import { ringForNotes } from './people/note-customer.ts'
import { keepPortalConfigurations } from './portal/keep-configurations.ts'
import { Later } from './ports.ts'
import { WANTED_EVENTS } from './reactions.ts'
import { keepDefaultMenu } from './signs/show-menu.ts'
import { hasSigns } from './signs/wish-sign.ts'

const MINUTE = 60
const HOUR = 3_600
const DAY = 24 * HOUR

const SWEEP = 'members'
const CAMPAIGNS = 'campaigns'

/** When it is time, do Y: what one process of many does now and then. A new duty is one more line here. */
export function dutiesOf({
  desk,
  reads,
  members,
  signs,
  portal,
  campaigns,
}: Omit<Furnished, 'stripe' | 'mail'>): Duty[] {
  const hasCampaigns = campaignRules(desk.post.shop).length > 0
  const duties: Duty[] = [
    {
      name: BACKFILL,
      everySeconds: HOUR,
      atStartAfterSeconds: 60,
      run: async (turn) => {
        // Whoever was away must look, whatever it costs; each hour it may step back behind the orders.
        if (!turn.atStart && !(await reads.mayReadIdly()))
          throw new Later(HOUR, 'what Stripe lets us read in a month is nearly used up')
        await backfillOrders({ desk, wanted: WANTED_EVENTS }, turn)
      },
    },
    {
      name: 'roles',
      everySeconds: MINUTE,
      atStartAfterSeconds: 0,
      run: async () => void (await ringForDue(members)),
    },
    {
      name: 'rules',
      everySeconds: DAY,
      atStartAfterSeconds: 0,
      run: async (turn) => {
        // What gives a role now may have been sold for long to whom nobody has looked at.
        await adoptRules({ members, signs }, turn, () => makeDue(desk.post, SWEEP))
        // Nobody does it any more, and `status` would wait for it.
        if (!hasSigns(signs.shop)) await dropDuty(desk.post.store, SWEEP)
        if (!hasCampaigns) await dropDuty(desk.post.store, CAMPAIGNS)
      },
    },
    {
      name: 'portal',
      everySeconds: DAY,
      atStartAfterSeconds: 0,
      run: async () => {
        if (await needsPortal(portal)) await keepPortalConfigurations(portal)
      },
    },
    {
      name: 'mail',
      everySeconds: MINUTE,
      atStartAfterSeconds: 0,
      run: async ({ stop }) => void (await bringDueByMail(desk.post, stop)),
    },
    {
      name: 'quota',
      everySeconds: HOUR,
      atStartAfterSeconds: MINUTE,
      run: () => watchQuota(desk.post),
    },
    {
      name: 'digest',
      everySeconds: 10 * MINUTE,
      atStartAfterSeconds: 0,
      run: (turn) => tellDigest(desk.post, turn),
    },
    {
      name: 'notes',
      everySeconds: HOUR,
      atStartAfterSeconds: 60,
      run: async () => {
        if (await reads.mayReadIdly()) await ringForNotes(desk.post)
      },
    },
    {
      name: 'menus',
      everySeconds: DAY,
      atStartAfterSeconds: 0,
      run: async () => {
        if (hasSigns(signs.shop)) await keepDefaultMenu(signs)
      },
    },
    {
      name: 'prune',
      everySeconds: DAY,
      run: async (turn) => {
        const { db } = desk.post.store
        // Since when this house has heard of Stripe, the first backfill reads from the oldest event.
        if (!(await hasBookmark(db, BACKFILL)))
          throw new Later(HOUR, 'the first look for what no webhook told has not been yet')
        await pruneBooks(desk.post, () => turn.stop.throwIfAborted())
      },
    },
    {
      name: 'outbound',
      everySeconds: DAY,
      run: async (turn) => pruneOutbound(desk.post, turn),
    },
  ]
  if (hasCampaigns)
    duties.push({
      name: CAMPAIGNS,
      everySeconds: 10 * MINUTE,
      run: (turn) => runCampaigns(campaigns, turn),
    })
  // Not there, rather than done with nothing to do: a process on yesterday's shop file would use up the turn.
  if (!hasSigns(signs.shop)) return duties
  const sweep: Duty = {
    name: SWEEP,
    everySeconds: DAY,
    run: async (turn) => {
      if (!(await reads.mayReadIdly()))
        throw new Later(HOUR, 'what Stripe lets us read in a month is nearly used up')
      await sweepAll({ members, signs }, turn)
    },
  }
  return [...duties, sweep]
}

/** A shop that has sold no subscription, and means to sell none, need not give its key the right to it. */
async function needsPortal({ shop, store }: Furnished['portal']): Promise<boolean> {
  if (hasSigns(shop) || shop.portal) return true
  const customer = await store.db.selectFrom('customers').select('id').limit(1).executeTakeFirst()
  return customer !== undefined
}
