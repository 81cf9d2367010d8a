import type Stripe from 'stripe'
import type { StripeSandbox } from '../types.ts'
import type { Buyer, PaymentMethod } from './build-payment.ts'
import { changeQuantities, takeOptional } from './change-cart.ts'
import { checkPayable, payAtOnce } from './complete-session.ts'
import type { Webhooks } from './deliver-webhooks.ts'
import { expireIfLate, expireSession } from './expire-session.ts'
import { refundIntent } from './give-back.ts'
import { intentBehind, intentOfInvoice } from './intent-behind.ts'
import { openDispute } from './open-dispute.ts'
import { openByServer, openFromLink } from './open-sessions.ts'
import { lapseKonbini, orderByKonbini, settleKonbini } from './pay-by-konbini.ts'
import { idOf, must, type State, type StoredEvent } from './state.ts'

type Verbs = Pick<
  StripeSandbox,
  | 'visit'
  | 'openSession'
  | 'changeQuantities'
  | 'takeOptional'
  | 'payByCard'
  | 'payByKonbini'
  | 'settleKonbini'
  | 'lapseKonbini'
  | 'expire'
  | 'refund'
  | 'dispute'
>

export const SAMPLE_BUYER: Buyer = { email: 'hanako@example.com', name: '山田 花子' }

/**
 * What buyers and shopkeepers do, without a browser. Each waits for the first answer to the webhooks it
 * caused, as Checkout itself does before it sends the buyer on; never while webhooks are held.
 */
export function buyerVerbs(state: State, webhooks: Webhooks): Verbs {
  const session = (id: string) => must(state.sessions, id)
  const answered = (stored: StoredEvent) => webhooks.firstAnswer(stored)
  const lastEvent = () => state.events.at(-1)!

  return {
    visit(linkUrl) {
      const url = new URL(linkUrl)
      // A session that the server has opened is there already: its address names it.
      const open = /\/pay\/session\/([^/]+)$/.exec(url.pathname)?.[1]
      if (open) return session(open).id
      const opened = openFromLink(state, url.pathname.split('/').at(-1) ?? '', url.searchParams)
      tell(state, 'buyer', 'opens the Payment Link', opened)
      return opened.id
    },
    openSession: (seed) => openByServer(state, seed).id,
    changeQuantities: (id, quantities) => changeQuantities(state, session(id), quantities),
    takeOptional: (id, price) => takeOptional(state, session(id), price),
    payByCard: (id, buyer) => payBy(state, webhooks, session(id), 'card', buyer),
    payByKonbini: (id, buyer) => payBy(state, webhooks, session(id), 'konbini', buyer),
    settleKonbini: async (id) => {
      tell(state, 'buyer', 'pays at the till', session(id))
      return answered(settleKonbini(state, session(id)))
    },
    lapseKonbini: async (id) => answered(lapseKonbini(state, session(id))),
    expire: async (id) => answered(expireSession(state, session(id))),
    async refund(id, amount) {
      tell(state, 'shop', 'gives a refund', session(id))
      const refund = refundIntent(
        state,
        paidIntent(state, id),
        amount === undefined ? {} : { amount },
      )
      await answered(lastEvent())
      return refund
    },
    async dispute(id) {
      openDispute(state, paidIntent(state, id))
      await answered(lastEvent())
    },
  }
}

const WORDS: Record<PaymentMethod, string> = {
  card: 'pays by card',
  konbini: 'chooses to pay at a konbini',
  paypay: 'pays by PayPay',
}

/** The buyer presses the button. Rejects with PaymentRefused when Checkout would show an error instead. */
export async function payBy(
  state: State,
  webhooks: Webhooks,
  session: Stripe.Checkout.Session,
  method: PaymentMethod,
  typed?: Partial<Buyer>,
): Promise<void> {
  const buyer = buyerOf(session, typed)
  expireIfLate(state, session.id)
  checkPayable(session, method)
  tell(state, 'buyer', WORDS[method], session)
  const completed =
    method === 'konbini'
      ? orderByKonbini(state, session, buyer)
      : payAtOnce(state, session, buyer, method)
  await webhooks.firstAnswer(completed)
}

/** What the buyer typed; the page keeps an e-mail that came with the link. */
function buyerOf(session: Stripe.Checkout.Session, typed: Partial<Buyer> = {}): Buyer {
  const known = session.customer_details?.email
  return {
    email: (isLocked(session) ? known : typed.email) ?? known ?? SAMPLE_BUYER.email,
    name: typed.name ?? SAMPLE_BUYER.name,
    ...(typed.card && { card: typed.card }),
  }
}

/** An address that a server named cannot be changed on the page. */
export function isLocked(session: Stripe.Checkout.Session): boolean {
  const named = session.customer !== null || session.customer_email !== null
  return named && Boolean(session.customer_details?.email)
}

/** One line for the timeline of the demo. */
function tell(
  state: State,
  from: 'buyer' | 'shop',
  title: string,
  session: Stripe.Checkout.Session,
): void {
  const detail = { session: session.id, amount: session.amount_total, currency: session.currency }
  state.watch({ at: state.now().getTime(), from, to: 'stripe', title, detail })
}

/** What paid a session, or, for a subscription, the newest of its invoices. */
function paidIntent(state: State, id: string): Stripe.PaymentIntent {
  const renewed = state.subscriptions.get(id)
  const intent = renewed
    ? intentOfInvoice(state, idOf(renewed.latest_invoice))
    : intentBehind(state, must(state.sessions, id))
  if (!intent) throw new Error(`${id} was never paid`)
  return intent
}
