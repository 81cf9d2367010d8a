import { randomUUID } from 'node:crypto'
import type { Language } from '../../shared/language.ts'
import { sealReference } from '../../shared/reference.ts'
import type { Clock } from '../ports.ts'
import { type Log, Never, type Store, type StripeGateway } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import type { ProcedureRow } from '../store/tables.ts'
import { subscriptionsOf } from './memberships.store.ts'
import { closeProcedure, findOpenProcedure, keepSession, openOne } from './procedures.store.ts'
import { hadTrial, itemsOf, roleOfItems, rulesOf } from './reasons.ts'
import { isLiving } from './standing.ts'

export type ProcedureDesk = {
  store: Store
  stripe: StripeGateway
  clock: Clock
  log: Log
  shop: ShopConfig
  publicUrl: string
  referenceStyle: 'sealed' | 'bare'
  referenceSecret: string
}

export type Asked = {
  personId: string
  account: { id: string; address: string; email: string | null }
  language: Language
  source: string
  terms: string
  offer: {
    id: string
    role: string | null
    prices: readonly { price: string; product: string }[]
    trialDays: number
    /** Stripe counts these on the link's own page alone, so they are sold there */
    limited: boolean
  }
}

/** Somebody else may open or close one in between, but not for ever. */
const TRIES = 4

/**
 * The way to Stripe's page for a subscription. Who has a Customer keeps it (a Payment Link would make
 * another each time), and a person has one page open at a time, however many tabs: the second tab gets
 * the same one, and paying it twice is not possible.
 *
 * `subscribed`: they already are; the portal is what they want. null: the Payment Link itself must do.
 * Throws when Stripe does not answer.
 */
export async function openProcedure(
  desk: ProcedureDesk,
  asked: Asked,
): Promise<{ url: string } | 'subscribed' | null> {
  for (let tried = 0; tried < TRIES; tried++) {
    if (await isSubscribed(desk, asked)) return 'subscribed'
    if (asked.offer.limited) return null
    const open = await findOpenProcedure(desk.store.db, asked.personId)
    if (open && !isFor(open, asked)) {
      if (!(await putAside(desk, open))) return 'subscribed'
      continue
    }
    const procedure = open ?? (await begin(desk, asked))
    if (!procedure) continue
    const led = await lead(desk, asked, procedure)
    if (led !== 'again') return led
  }
  throw new Error('this person keeps opening and closing procedures at once')
}

/** To any plan, when this is one; to the same goods, when it is not. */
async function isSubscribed({ store, shop }: ProcedureDesk, asked: Asked): Promise<boolean> {
  const rules = rulesOf(shop)
  const products = new Set(asked.offer.prices.map(({ product }) => product))
  const living = (await subscriptionsOf(store.db, asked.personId)).filter(isLiving)
  return living.some((each) => {
    const items = itemsOf(each)
    if (asked.offer.role && roleOfItems(items, rules)) return true
    return items.some(({ product }) => products.has(product))
  })
}

function isFor(open: ProcedureRow, { offer, terms }: Asked): boolean {
  return open.offer === offer.id && open.terms === terms
}

/** Another plan was chosen before: nobody can pay that page any more. False: somebody has. */
async function putAside(desk: ProcedureDesk, open: ProcedureRow): Promise<boolean> {
  const free = open.session_id === null || (await desk.stripe.expireCheckout(open.session_id))
  await close(desk, open)
  return free
}

function close({ store, clock }: ProcedureDesk, { id }: ProcedureRow): Promise<void> {
  return store.single((db) => closeProcedure(db, id, clock.now()))
}

function begin({ store, clock }: ProcedureDesk, asked: Asked): Promise<ProcedureRow | null> {
  const row = {
    id: randomUUID(),
    person_id: asked.personId,
    account_id: asked.account.id,
    offer: asked.offer.id,
    terms: asked.terms,
    language: asked.language,
    opened_at: clock.now().toISOString(),
  }
  return store.transaction((tx) => openOne(tx, row))
}

async function lead(
  desk: ProcedureDesk,
  asked: Asked,
  procedure: ProcedureRow,
): Promise<{ url: string } | 'subscribed' | null | 'again'> {
  if (procedure.session_id && procedure.url) {
    const state = await desk.stripe.checkoutState(procedure.session_id)
    if (state === 'open') return { url: procedure.url }
    await close(desk, procedure)
    return state === 'complete' ? 'subscribed' : 'again'
  }
  try {
    const session = await openSession(desk, asked, procedure)
    const kept = await desk.store.single((db) => keepSession(db, procedure.id, session))
    return kept ? { url: session.url } : 'again'
  } catch (error) {
    if (!(error instanceof Never)) throw error
    // Something in this link cannot be sold by a session of ours: the link itself still can.
    desk.log.warn({ offer: asked.offer.id, err: error }, 'the Payment Link itself is used')
    await close(desk, procedure)
    return null
  }
}

/** The same procedure asks for the same thing each time, so Stripe's idempotency key gives the same session. */
async function openSession(desk: ProcedureDesk, asked: Asked, procedure: ProcedureRow) {
  const { stripe, publicUrl, referenceStyle, referenceSecret } = desk
  const { address, email } = asked.account
  const issuedAt = Math.floor(Date.parse(procedure.opened_at) / 1_000)
  const sealed = sealReference({ userId: address, source: asked.source, issuedAt }, referenceSecret)
  const rows = await subscriptionsOf(desk.store.db, asked.personId)
  return stripe.openCheckout({
    key: `noren-${procedure.id}`,
    link: asked.offer.id,
    customer: await usualCustomer(desk, asked.personId),
    email,
    reference: referenceStyle === 'bare' ? address : sealed,
    sealed,
    language: procedure.language as Language,
    trial: asked.offer.trialDays > 0 && !hadTrial(rows),
    returnUrl: `${publicUrl}/return?session={CHECKOUT_SESSION_ID}`,
    cancelUrl: `${publicUrl}/join`,
  })
}

/** The one who subscribed last, else the one who was linked last. */
async function usualCustomer({ store }: ProcedureDesk, personId: string): Promise<string | null> {
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
