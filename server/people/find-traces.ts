import type { ExpressionBuilder } from 'kysely'
import { isUserId } from '../../shared/reference.ts'
import type { Db, Tables, Tx } from '../ports.ts'
import {
  accountsOf,
  addressOf,
  chatAccountId,
  findAccount,
  isChat,
  mailAccountId,
} from './people.store.ts'

/** What is (or would be) erased, in numbers, and what Stripe still holds. */
export type Forgotten = {
  known: boolean
  orders: number
  messages: number
  events: number
  /** Stripe's own ids, for whoever goes on to erase there */
  customers: string[]
}

/** Whom an id means here, and by what they are known; a user of a chat need not be known. */
export type Theirs = {
  personId: string | null
  accounts: string[]
  /** `line:U…`, `discord:…`: by what events and jobs may name them */
  chats: string[]
  customers: string[]
  /** cs_…: who paid as a guest is known by nothing else */
  session: string | null
}

export async function findTheirs(db: Db | Tx, who: string): Promise<Theirs> {
  const isUser = isUserId(who)
  const own = isUser ? chatAccountId(who) : mailAccountId(who)
  const personId = await personBehind(db, who)
  const all = personId ? await accountsOf(db, personId) : []
  const chats = all.filter(isChat).map(({ id }) => id)
  const linked = await db
    .selectFrom('customers')
    .select('id')
    .where('person_id', '=', personId ?? '')
    .execute()
  const customers = linked.map(({ id }) => id)
  return {
    personId,
    accounts: [...new Set([own, ...all.map(({ id }) => id)])],
    chats: [...new Set(isUser ? [own, ...chats] : chats)],
    customers: [...new Set(who.startsWith('cus_') ? [who, ...customers] : customers)],
    session: who.startsWith('cs_') ? who : null,
  }
}

async function personBehind(db: Db | Tx, who: string): Promise<string | null> {
  if (isUserId(who)) return (await findAccount(db, chatAccountId(who)))?.person_id ?? null
  const table = who.startsWith('cus_') ? 'customers' : 'orders'
  const row = await db
    .selectFrom(table)
    .select('person_id')
    .where('id', '=', who)
    .executeTakeFirst()
  return row?.person_id ?? null
}

/** Orders that are theirs, and those that they paid for and nobody owns. */
export function theirOrders({ personId, accounts, customers, session }: Theirs) {
  return (eb: ExpressionBuilder<Tables, 'orders'>) => {
    const paid = [
      ...(customers.length > 0 ? [eb('customer', 'in', customers)] : []),
      ...(session ? [eb('id', '=', session)] : []),
    ]
    const nobodys = [eb('person_id', 'is', null), eb('ownership', 'is', null)]
    return eb.or([
      eb('account_id', 'in', accounts),
      // Who has no mailbox owns what they paid for all the same.
      ...(personId ? [eb('person_id', '=', personId)] : []),
      ...(paid.length > 0 ? [eb.and([eb.or(paid), ...nobodys])] : []),
    ])
  }
}

/** What `forget` would touch; changes nothing. */
export async function findTraces(db: Db, who: string): Promise<Forgotten> {
  const theirs = await findTheirs(db, who)
  const { personId, accounts, chats } = theirs
  const orders = await db
    .selectFrom('orders')
    .select(['id', 'customer'])
    .where(theirOrders(theirs))
    .execute()
  const messages = await db
    .selectFrom('deliveries')
    .select('id')
    .where('account_id', 'in', accounts)
    .execute()
  const events = await eventsNaming(db, chats)
  const paid = orders.flatMap((row) => row.customer ?? [])
  return {
    known: personId !== null || orders.length + messages.length + events.length > 0,
    orders: orders.length,
    messages: messages.length,
    events: events.length,
    customers: [...new Set([...theirs.customers, ...paid])],
  }
}

/** By their whole text: nobody asks often enough for an index. An address is long enough to be nothing else. */
export async function eventsNaming(db: Db | Tx, chats: readonly string[]) {
  if (chats.length === 0) return []
  const named = chats.map((id) => `%${addressOf(id)}%`)
  return db
    .selectFrom('events')
    .select(['id', 'doorbell', 'error'])
    .where((eb) =>
      eb.or(named.flatMap((each) => [eb('doorbell', 'like', each), eb('error', 'like', each)])),
    )
    .execute()
}
