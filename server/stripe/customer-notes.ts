import type Stripe from 'stripe'
import type { CustomerNote, PayerFacts, SessionGlance } from '../ports.ts'
import { glanceAtSession } from './list-missed.ts'
import { orNull } from './not-found.ts'
import { isoTime } from './read-payment.ts'

/** Where a person at Stripe's dashboard looks for a LINE user: `metadata:line_user_id=U…` in its search. */
const KEYS = { lineUser: 'line_user_id', person: 'noren_person' } as const

const MOST = 100
/** Whoever looks for somebody reads them one by one. */
const MOST_FOUND = 300

/** null: deleted, or unknown to Stripe. */
export async function fetchPayer(stripe: Stripe, id: string): Promise<PayerFacts | null> {
  const customer = await orNull(() => stripe.customers.retrieve(id))
  return !customer || customer.deleted ? null : readPayer(customer)
}

/** Stripe lays metadata over what is there: others' keys stay, and an empty text takes ours away. */
export async function noteCustomer(
  stripe: Stripe,
  id: string,
  note: CustomerNote,
): Promise<boolean> {
  const metadata = { [KEYS.lineUser]: note.lineUser ?? '', [KEYS.person]: note.person ?? '' }
  return (await orNull(() => stripe.customers.update(id, { metadata }))) !== null
}

export async function sessionsOfCustomer(
  stripe: Stripe,
  customer: string,
): Promise<SessionGlance[]> {
  const { data } = await stripe.checkout.sessions.list({ customer, limit: MOST })
  return data.map(glanceAtSession)
}

/** https://docs.stripe.com/search: its pages are numbered by a token of their own. */
export async function findPayers(
  stripe: Stripe,
  by: { email: string } | { lineUser: string },
): Promise<PayerFacts[]> {
  const found =
    'email' in by
      ? stripe.customers.list({ email: by.email, limit: MOST })
      : stripe.customers.search({
          query: `metadata['${KEYS.lineUser}']:'${escaped(by.lineUser)}'`,
          limit: MOST,
        })
  return (await found.autoPagingToArray({ limit: MOST_FOUND })).map(readPayer)
}

/** Or a quote within the value would end it, and what follows would be a question of its own. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
}

function readPayer(customer: Stripe.Customer): PayerFacts {
  return {
    id: customer.id,
    email: customer.email || null,
    name: customer.name || null,
    locale: customer.preferred_locales?.[0] ?? null,
    createdAt: isoTime(customer.created),
    note: {
      lineUser: customer.metadata[KEYS.lineUser] || null,
      person: customer.metadata[KEYS.person] || null,
    },
  }
}
