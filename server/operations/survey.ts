import { sql } from 'kysely'
import { type EndpointStanding, standingOfEndpoints } from '../integrations/endpoints.store.ts'
import { countPending, IS_OPEN } from '../notifications/deliveries.store.ts'
import { OWN_BELLS } from '../people/ring-bell.ts'
import type { Db } from '../ports.ts'
import type { DutyRow, PacesTable, PausesTable, RefusedRoleRow } from '../store/tables.ts'

/** To the letter what the partial index says, as with IS_OPEN. */
export const IS_DEAD = sql<boolean>`state = 'dead'`

/** How the house stands: what is open, what is dead, what is held up. Counts only, nobody's name. */
export type Survey = {
  events: { open: number; oldest: string | null; dead: number }
  deliveries: { pending: number; waiting: number; dead: number }
  /** Of those on their way: so many are mails */
  mails: { pending: number }
  pauses: PausesTable[]
  paces: PacesTable[]
  duties: DutyRow[]
  endpoints: EndpointStanding[]
  /** Customers beside whom our key may not note at Stripe whose they are */
  unnoted: number
  /** Accounts that are not shown their role, and what the chat server refuses */
  signs: { refused: number; roles: RefusedRoleRow[] }
}

/** Looks at what indexes keep short, however much has been sold. Throws when the database is away. */
export async function survey(db: Db): Promise<Survey> {
  const [events, deliveries, mails, pauses, paces, duties, endpoints, unnoted, signs] =
    await Promise.all([
      surveyEvents(db),
      surveyDeliveries(db),
      surveyMails(db),
      db.selectFrom('pauses').selectAll().orderBy('channel').execute(),
      db.selectFrom('paces').selectAll().orderBy('lane').execute(),
      db.selectFrom('duties').selectAll().orderBy('name').execute(),
      standingOfEndpoints(db),
      countUnnoted(db),
      surveySigns(db),
    ])
  return { events, deliveries, mails, pauses, paces, duties, endpoints, unnoted, signs }
}

async function countUnnoted(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('customers')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('noted_at', 'is', null)
    .where('note_refused_at', 'is not', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function surveySigns(db: Db): Promise<Survey['signs']> {
  const { count } = await db
    .selectFrom('signs')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('refused', 'is not', null)
    .executeTakeFirstOrThrow()
  const roles = await db
    .selectFrom('refused_roles')
    .selectAll()
    .where('told_at', 'is not', null)
    .orderBy('role_id')
    .execute()
  return { refused: Number(count), roles }
}

async function surveyEvents(db: Db): Promise<Survey['events']> {
  const open = await db
    .selectFrom('events')
    .select((eb) => [
      eb.fn.countAll().as('count'),
      // Who has a page open at Stripe is met when it is over: that may take a day, and nobody need look.
      eb.fn.min('received_at').filterWhere('type', '!=', OWN_BELLS.payer).as('oldest'),
    ])
    .where('handled_at', 'is', null)
    .executeTakeFirstOrThrow()
  const dead = await db
    .selectFrom('events')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('outcome', '=', 'dead')
    .executeTakeFirstOrThrow()
  return { open: Number(open.count), oldest: open.oldest ?? null, dead: Number(dead.count) }
}

async function surveyDeliveries(db: Db): Promise<Survey['deliveries']> {
  const states = await db
    .selectFrom('deliveries')
    .select((eb) => ['state', eb.fn.countAll().as('count')])
    .where(IS_OPEN)
    .groupBy('state')
    .execute()
  const dead = await db
    .selectFrom('deliveries')
    .select((eb) => eb.fn.countAll().as('count'))
    .where(IS_DEAD)
    .executeTakeFirstOrThrow()
  const open = (state: string) => Number(states.find((each) => each.state === state)?.count ?? 0)
  return { pending: open('pending'), waiting: open('waiting'), dead: Number(dead.count) }
}

async function surveyMails(db: Db): Promise<Survey['mails']> {
  return { pending: await countPending(db, 'mail') }
}
