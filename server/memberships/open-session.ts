import type { Language } from '../../shared/language.ts'
import { isLineUserId, sealReference } from '../../shared/reference.ts'
import { holderOf } from '../people/people.store.ts'
import { keepVisit } from '../people/visits.store.ts'
import type { ProcedureRow } from '../store/tables.ts'
import { subscriptionsOf } from './memberships.store.ts'
import type { Asked, ProcedureDesk } from './open-procedure.ts'
import { hadTrial } from './reasons.ts'

/**
 * The same procedure asks for the same thing each time, so Stripe's idempotency key gives the same session.
 * Throws Never when Stripe refuses it.
 */
export async function openSession(
  desk: ProcedureDesk,
  asked: Asked,
  procedure: ProcedureRow,
): Promise<{ id: string; url: string }> {
  const { stripe, publicUrl, referenceStyle, referenceSecret } = desk
  const { id, email } = asked.account
  const userId = holderOf(id)
  const issuedAt = Math.floor(Date.parse(procedure.opened_at) / 1_000)
  const sealed = sealReference({ userId, source: asked.source, issuedAt }, referenceSecret)
  const { source, utm } = asked
  await keepVisit(desk, {
    accountId: id,
    issuedAt,
    source,
    offer: asked.offer.id,
    utm,
  })
  const rows = await subscriptionsOf(desk.store.db, asked.personId)
  return stripe.openCheckout({
    key: `noren-${procedure.id}`,
    link: asked.offer.id,
    shown: asked.offer.shown,
    customer: await usualCustomer(desk, asked.personId),
    email,
    reference: referenceStyle === 'bare' && isLineUserId(userId) ? userId : sealed,
    sealed,
    language: procedure.language as Language,
    trial: !hadTrial(rows),
    returnUrl: `${publicUrl}/return?session={CHECKOUT_SESSION_ID}`,
    cancelUrl: `${publicUrl}/join`,
  })
}

/** The one who subscribed last, else the one who was linked last. */
export async function usualCustomer(
  { store }: Pick<ProcedureDesk, 'store'>,
  personId: string,
): Promise<string | null> {
  const rows = await store.db
    .selectFrom('customers')
    .leftJoin('subscriptions', 'subscriptions.customer_id', 'customers.id')
    .select(['customers.id', 'customers.linked_at', 'subscriptions.started_at'])
    .where('customers.person_id', '=', personId)
    .where('customers.deleted', '=', 0)
    .execute()
  const newest = rows.toSorted((a, b) => (rank(a) > rank(b) ? -1 : 1))[0]
  return newest?.id ?? null
}

const rank = (row: { started_at: string | null; linked_at: string }) =>
  `${row.started_at ?? ''} ${row.linked_at}`
