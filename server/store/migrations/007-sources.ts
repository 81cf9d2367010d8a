import { type Kysely, sql } from 'kysely'
import { isSqlite } from '../engine.ts'

/** Where orders come from, what exactly was in them, and on which day of Japan's they were paid. */
export async function up(db: Kysely<never>): Promise<void> {
  const { schema } = db
  await schema.alterTable('order_items').addColumn('price', 'text').execute()
  await schema.alterTable('order_items').addColumn('amount_total', 'bigint').execute()
  await schema.alterTable('orders').addColumn('utm', 'text').execute()
  await schema.alterTable('orders').addColumn('paid_day', 'text').execute()
  await fillDays(db)
  // A report reads the days that it is asked for, however many years of orders there are.
  await schema
    .createIndex('orders_by_paid_day')
    .on('orders')
    .column('paid_day')
    .where('paid_day' as never, 'is not', null as never)
    .execute()
  await schema
    .createTable('visits')
    .addColumn('account_id', 'text', (id) => id.notNull().references('accounts.id'))
    .addColumn('issued', 'bigint', (issued) => issued.notNull())
    .addColumn('source', 'text', (source) => source.notNull())
    .addColumn('offer', 'text', (offer) => offer.notNull())
    .addColumn('utm', 'text', (utm) => utm.notNull())
    .addColumn('at', 'text', (at) => at.notNull())
    .addPrimaryKeyConstraint('visits_key', ['account_id', 'issued', 'source', 'offer'])
    .execute()
  await schema.createIndex('visits_by_time').on('visits').column('at').execute()
}

/** Japan is nine hours ahead all year round. */
async function fillDays(db: Kysely<never>): Promise<void> {
  const day = isSqlite(db)
    ? sql`date(paid_at, '+9 hours')`
    : sql`to_char((paid_at::timestamptz at time zone 'UTC') + interval '9 hours', 'YYYY-MM-DD')`
  await sql`update orders set paid_day = ${day} where paid_at is not null`.execute(db)
}
