import { isLineUserId } from '../../shared/reference.ts'
import type { Db, PayerFacts, StripeGateway } from '../ports.ts'
import { accountsOf, chatAccountId, holderOf, isChat } from './people.store.ts'
import { masked } from './what-is-connected.ts'

/** One customer that may be who is looked for, and what is known of it. */
export type Candidate = {
  customer: string
  found: 'here' | 'at Stripe' | 'both'
  /** The user (`U…` or `D…`) whose it is here */
  user: string | null
  /** What Stripe's own note says */
  noted: string | null
  mail: string | null
  subscriptions: number
  orders: number
  /** The merge that brought it there: what `unlink` takes */
  merge: string | null
}

/** `user`: U… or D… */
type Wanted = { email: string } | { user: string }

/**
 * Customers of a mail address or a user: first in our own books, then at Stripe, which is told of LINE users
 * alone, and whose search lags by a minute or more. For a person to choose from; nothing is changed. Throws when Stripe does not answer.
 */
export async function findPayers(
  { db, stripe }: { db: Db; stripe: StripeGateway },
  wanted: Wanted,
): Promise<Candidate[]> {
  const here = await customersHere(db, wanted)
  const found = await atStripe(stripe, wanted)
  const there = new Map(found.map((payer) => [payer.id, payer]))
  const ids = [...new Set([...here, ...there.keys()])]
  return Promise.all(ids.map((id) => describe(db, id, here.has(id), there.get(id))))
}

async function atStripe(stripe: StripeGateway, wanted: Wanted): Promise<PayerFacts[]> {
  if ('email' in wanted) return stripe.findPayers(wanted)
  return isLineUserId(wanted.user) ? stripe.findPayers({ lineUser: wanted.user }) : []
}

async function customersHere(db: Db, wanted: Wanted): Promise<Set<string>> {
  const rows = await db
    .selectFrom('accounts')
    .innerJoin('customers', 'customers.person_id', 'accounts.person_id')
    .select('customers.id')
    .distinct()
    .where((eb) =>
      'email' in wanted
        ? eb.and([
            eb('accounts.channel', '=', 'mail'),
            eb(eb.fn('lower', ['accounts.address']), '=', wanted.email.toLowerCase()),
          ])
        : eb('accounts.id', '=', chatAccountId(wanted.user)),
    )
    .orderBy('customers.id')
    .execute()
  return new Set(rows.map(({ id }) => id))
}

async function describe(
  db: Db,
  customer: string,
  here: boolean,
  payer: PayerFacts | undefined,
): Promise<Candidate> {
  const owner = await db
    .selectFrom('customers')
    .select(['person_id', 'mail'])
    .where('id', '=', customer)
    .executeTakeFirst()
  const accounts = owner ? await accountsOf(db, owner.person_id) : []
  const user = accounts.find(({ channel }) => channel === 'line') ?? accounts.find(isChat)
  const mail = payer?.email ?? owner?.mail ?? null
  return {
    customer,
    found: here && payer ? 'both' : here ? 'here' : 'at Stripe',
    user: user ? holderOf(user.id) : null,
    noted: payer?.note.lineUser ?? null,
    mail: mail && masked(mail),
    subscriptions: await countOf(db, 'subscriptions', 'customer_id', customer),
    orders: await countOf(db, 'orders', 'customer', customer),
    merge: owner ? await mergeOf(db, owner.person_id, customer) : null,
  }
}

async function countOf(
  db: Db,
  table: 'subscriptions' | 'orders',
  column: 'customer_id' | 'customer',
  id: string,
): Promise<number> {
  const { count } = await db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll().as('count'))
    .where(column as never, '=', id as never)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** That by which the payer came to somebody; where there is none, that by which the account came that has paid. */
async function mergeOf(db: Db, personId: string, customer: string): Promise<string | null> {
  const rows = await db
    .selectFrom('merges')
    .select(['id', 'how', 'into_person'])
    .where('undone_at', 'is', null)
    .where('moved', 'like', `%"${customer}"%`)
    .orderBy('at', 'desc')
    .execute()
  const came = rows.find(({ how }) => how !== 'accounts')
  return (came ?? rows.find(({ into_person }) => into_person === personId))?.id ?? null
}
