import type { PostRoom } from '../notifications/notify.ts'
import type { StripeGateway } from '../ports.ts'
import type { shareNext } from '../share-next.ts'
import { forgiveOldKey } from './forgive-old-key.ts'
import { reconsiderPerson } from './reconsider-person.ts'
import { findCustomer, noteDispute, writeSubscriptions } from './subscriptions.store.ts'

export type MemberDesk = {
  stripe: StripeGateway
  post: PostRoom
  share: ReturnType<typeof shareNext<boolean>>
}

/** Two writers can only keep missing each other while new events keep coming. */
const MOST_FETCHES = 5

/**
 * Brings what a customer subscribes to, and what their owner is by it, to what Stripe says now, whatever
 * rang: any event of a subscription, an invoice or an entitlement, a paid checkout, the sweep, the
 * operator. Fetches outside any transaction; then, in one, writes, computes the role from everything the
 * person holds, and on a change wishes for another sign and says so. If somebody else wrote in between
 * it fetches again, so that the order in which events arrive cannot matter.
 *
 * `cause`: what rang, by its id; the messages that come of it carry it.
 * false: nobody of ours is this customer (yet): being linked rings for it. Throws when Stripe does not answer.
 */
export function reconcileMembership(
  desk: MemberDesk,
  customerId: string,
  cause: string | null = null,
): Promise<boolean> {
  return desk.share(customerId, () => reconcileOnce(desk, customerId, cause))
}

async function reconcileOnce(
  desk: MemberDesk,
  customerId: string,
  cause: string | null,
): Promise<boolean> {
  const { store, clock } = desk.post
  for (let fetches = 0; fetches < MOST_FETCHES; fetches++) {
    const known = await findCustomer(store.db, customerId)
    if (!known) return false
    const facts = await forgiveOldKey(desk.post.shop, desk.stripe.fetchCustomer(customerId))
    if (!facts) return false
    const written = await store.transaction(async (tx) => {
      const changed = await writeSubscriptions(tx, facts, known, clock.now())
      if (changed === 'stale') return changed
      await reconsiderPerson(desk, tx, known.person_id, { changed, cause })
    })
    if (written !== 'stale') return true
  }
  throw new Error(`customer ${customerId} changed under ${MOST_FETCHES} fetches in a row`)
}

/**
 * A bank takes a subscription's payment back, or gives it back again. Stripe's subscription does not say
 * so, hence it is written beside it, from the disputes as they are now. Throws when Stripe does not answer.
 */
export async function reconcileDispute(
  desk: MemberDesk,
  about: { subscription: string; customer: string; payment: string },
  cause: string | null = null,
): Promise<void> {
  const { store } = desk.post
  for (let fetches = 0; fetches < MOST_FETCHES; fetches++) {
    if (!(await reconcileMembership(desk, about.customer, cause))) return
    const known = await findCustomer(store.db, about.customer)
    if (!known) return
    const disputed = await desk.stripe.isDisputed(about.payment)
    const written = await store.transaction(async (tx) => {
      const changed = await noteDispute(tx, about, disputed, known.version)
      if (changed === 'stale') return changed
      if (changed) await reconsiderPerson(desk, tx, known.person_id, { changed: [changed], cause })
    })
    if (written !== 'stale') return
  }
  throw new Error(`customer ${about.customer} changed under ${MOST_FETCHES} fetches in a row`)
}
