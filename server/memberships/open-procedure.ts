import { randomUUID } from 'node:crypto'
import type { Language } from '../../shared/language.ts'
import type { Utm } from '../../shared/utm.ts'
import {
  type Clock,
  type Conditions,
  KeySpent,
  type Log,
  NeedsPerson,
  Never,
  OutOfDate,
  type Store,
  type StripeGateway,
} from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import type { ProcedureRow, SubscriptionRow } from '../store/tables.ts'
import { subscriptionsOf } from './memberships.store.ts'
import { openSession } from './open-session.ts'
import { closeProcedure, findOpenProcedure, keepSession, openOne } from './procedures.store.ts'
import { hadTrial, itemsOf, roleOfItems, rulesOf } from './reasons.ts'
import { isLiving } from './standing.ts'

export type ProcedureDesk = {
  /** Customers of a person whom nobody has looked at yet are looked at now */
  lookFirst(personId: string): Promise<boolean>
  store: Store
  stripe: StripeGateway
  clock: Clock
  log: Log
  shop: ShopConfig
  /** Writes down what came of a page that is paid, before its webhook does */
  settle: (sessionId: string) => Promise<void>
  publicUrl: string
  referenceStyle: 'sealed' | 'bare'
  referenceSecret: string
}

export type Asked = {
  personId: string
  account: { id: string; email: string | null }
  language: Language
  source: string
  utm: Utm | null
  terms: string
  offer: {
    id: string
    role: string | null
    /** What the page has shown; null: the list is from before version 3 */
    shown: Conditions | null
    /** The free days that this person was shown; null: they were not asked for by a page */
    trialDays: number | null
    /** Stripe counts these on the link's own page alone, so they are sold there */
    limited: boolean
  }
}

/** Another tab may open or close one in between, but not for ever. */
const TRIES = 8
/** Stripe is given 10 s for each answer, and asked twice. */
const LONGEST_PRESS_MS = 60_000

/**
 * The way to Stripe's page for a subscription. Who has a Customer keeps it (a Payment Link would make
 * another each time), and a person has one page open at a time, however many tabs: the second tab gets
 * the same one, and paying it twice is not possible.
 *
 * `subscribed`: they already are; the portal is what they want. `shown otherwise`: with other free days than
 * they get. null: the Payment Link itself must do.
 * Throws OutOfDate when the link sells something else by now, and when Stripe does not answer.
 */
export async function openProcedure(
  desk: ProcedureDesk,
  asked: Asked,
): Promise<{ url: string } | 'subscribed' | 'shown otherwise' | null> {
  const pressed = desk.clock.now()
  await desk.lookFirst(asked.personId)
  for (let tried = 0; tried < TRIES; tried++) {
    // In this order: a page that was paid is closed only after the subscription is in our books.
    const open = await findOpenProcedure(desk.store.db, asked.personId)
    const subscriptions = await subscriptionsOf(desk.store.db, asked.personId)
    if (isSubscribed(subscriptions, asked, desk.shop)) return 'subscribed'
    if (open && (asked.offer.limited || !isFor(open, asked))) {
      if (hasTheWord(open, pressed, asked)) break
      await putAside(desk, open)
      continue
    }
    if (asked.offer.limited) return null
    if (!isTrialAsShown(subscriptions, asked)) return 'shown otherwise'
    const led = open ? await goOn(desk, asked, open) : await startAnew(desk, asked, pressed)
    if (led !== 'again') return led
  }
  throw new Error('another tab of this person is opening another page')
}

/** To any plan, when this is one; to the same goods, when it is not. */
function isSubscribed(
  subscriptions: readonly SubscriptionRow[],
  asked: Asked,
  shop: ShopConfig,
): boolean {
  const rules = rulesOf(shop)
  const products = new Set((asked.offer.shown?.prices ?? []).map(({ product }) => product))
  return subscriptions.filter(isLiving).some((each) => {
    const items = itemsOf(each)
    if (asked.offer.role && roleOfItems(items, rules)) return true
    return items.some(({ product }) => products.has(product))
  })
}

/** Of a trial that was had where nobody had looked yet, the page could not know, and has promised another. */
function isTrialAsShown(subscriptions: readonly SubscriptionRow[], { offer }: Asked): boolean {
  if (!offer.shown || offer.trialDays === null) return true
  return offer.trialDays === (hadTrial(subscriptions) ? 0 : offer.shown.trialDays)
}

/** The tab that was pressed last has it: two that push each other aside would never end. */
function hasTheWord(open: ProcedureRow, pressed: Date, { offer, terms }: Asked): boolean {
  const ahead = Date.parse(open.opened_at) - pressed.getTime()
  // So far ahead of us is no other tab: the clock was put back since.
  if (ahead > LONGEST_PRESS_MS) return false
  return ahead > 0 || (ahead === 0 && `${open.offer} ${open.terms}` > `${offer.id} ${terms}`)
}

function isFor(open: ProcedureRow, { offer, terms }: Asked): boolean {
  return open.offer === offer.id && open.terms === terms
}

/** Another plan was chosen before: nobody can pay that page any more, or our books learn that somebody has. */
async function putAside(desk: ProcedureDesk, open: ProcedureRow): Promise<void> {
  const { session_id: session } = open
  if (session && !(await desk.stripe.expireCheckout(session))) await desk.settle(session)
  await close(desk, open)
}

function close({ store, clock }: ProcedureDesk, procedure: ProcedureRow): Promise<boolean> {
  return store.single((db) => closeProcedure(db, procedure, clock.now()))
}

type Led = { url: string } | null | 'again'

async function startAnew(desk: ProcedureDesk, asked: Asked, pressed: Date): Promise<Led> {
  const row = {
    id: randomUUID(),
    person_id: asked.personId,
    account_id: asked.account.id,
    offer: asked.offer.id,
    terms: asked.terms,
    language: asked.language,
    opened_at: pressed.toISOString(),
  }
  const begun = await desk.store.transaction((tx) => openOne(tx, row))
  return begun ? fetchPage(desk, asked, begun) : 'again'
}

/** The page of another tab, or of an earlier visit, or of one that ended before Stripe had answered. */
async function goOn(desk: ProcedureDesk, asked: Asked, open: ProcedureRow): Promise<Led> {
  const { session_id: session, url } = open
  if (!session || !url) {
    const led = await fetchPage(desk, asked, open)
    // Stripe repeats what it said the first time, however long ago: is that page still open?
    return led ? 'again' : null
  }
  const state = await desk.stripe.checkoutState(session)
  if (state === 'open') return { url }
  if (state === 'complete') await desk.settle(session)
  await close(desk, open)
  return 'again'
}

async function fetchPage(desk: ProcedureDesk, asked: Asked, procedure: ProcedureRow): Promise<Led> {
  try {
    const session = await openSession(desk, asked, procedure)
    const kept = await desk.store.single((db) => keepSession(db, procedure.id, session))
    return kept ? { url: session.url } : 'again'
  } catch (error) {
    // Two tabs who ask Stripe for one page at once: the second is refused, and finds the first one's.
    if (await hasMoved(desk, procedure)) return 'again'
    // Refused for good, or our key may not open sessions at all: the shop goes on selling either way.
    if (error instanceof KeySpent || error instanceof OutOfDate) await close(desk, procedure)
    if (!(error instanceof Never || error instanceof NeedsPerson)) throw error
    if (!(await close(desk, procedure))) return 'again'
    desk.log.warn({ offer: asked.offer.id, err: error }, 'the Payment Link itself is used')
    return null
  }
}

async function hasMoved({ store }: ProcedureDesk, { id, person_id }: ProcedureRow) {
  const open = await findOpenProcedure(store.db, person_id)
  return open?.id !== id || open.session_id !== null
}
