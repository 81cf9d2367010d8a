import type { Kysely } from 'kysely'
import { isSqlite } from '../engine.ts'

/** The first floor: people, what rang, what was ordered, what is to be said, and SQLite's own queue. */
export async function up(db: Kysely<never>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('people')
    .addColumn('id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('created_at', 'text', (at) => at.notNull())
    .execute()
  await schema
    .createTable('accounts')
    .addColumn('id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('person_id', 'text', (id) => id.notNull().references('people.id'))
    .addColumn('channel', 'text', (channel) => channel.notNull())
    .addColumn('address', 'text', (address) => address.notNull())
    .addColumn('name', 'text')
    .addColumn('email', 'text')
    .addColumn('language', 'text')
    .addColumn('friend', 'integer')
    .addColumn('friend_event_at', 'bigint')
    .addColumn('verified_at', 'text')
    .addColumn('profile_at', 'text')
    .execute()
  await schema
    .createTable('customers')
    .addColumn('id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('person_id', 'text', (id) => id.notNull().references('people.id'))
    .addColumn('linked_at', 'text', (at) => at.notNull())
    .execute()
  await schema
    .createTable('events')
    .addColumn('id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('source', 'text', (source) => source.notNull())
    .addColumn('type', 'text', (type) => type.notNull())
    .addColumn('doorbell', 'text', (doorbell) => doorbell.notNull())
    .addColumn('received_at', 'text', (at) => at.notNull())
    .addColumn('handled_at', 'text')
    .addColumn('outcome', 'text')
    .execute()
  await createOrders(db)
  await createDeliveries(db)
  if (isSqlite(db)) await createJobs(db)
  await schema
    .createTable('catalogue')
    .addColumn('id', 'integer', (id) => id.primaryKey().notNull())
    .addColumn('offers', 'text', (offers) => offers.notNull())
    .addColumn('fetched_at', 'text', (at) => at.notNull())
    .execute()
}

async function createOrders({ schema }: Kysely<never>): Promise<void> {
  await schema
    .createTable('orders')
    .addColumn('id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('number', 'text', (number) => number.notNull())
    .addColumn('version', 'integer', (version) => version.notNull())
    .addColumn('status', 'text', (status) => status.notNull())
    .addColumn('account_id', 'text', (id) => id.references('accounts.id'))
    .addColumn('person_id', 'text', (id) => id.references('people.id'))
    .addColumn('ownership', 'text')
    .addColumn('reference_forged', 'integer', (forged) => forged.notNull())
    .addColumn('source', 'text')
    .addColumn('link', 'text')
    .addColumn('mode', 'text', (mode) => mode.notNull())
    .addColumn('currency', 'text', (currency) => currency.notNull())
    .addColumn('amount', 'bigint', (amount) => amount.notNull())
    .addColumn('subtotal', 'bigint', (subtotal) => subtotal.notNull())
    .addColumn('discount', 'bigint', (discount) => discount.notNull())
    .addColumn('shipping', 'bigint', (shipping) => shipping.notNull())
    .addColumn('tax', 'bigint', (tax) => tax.notNull())
    .addColumn('refunded', 'bigint', (refunded) => refunded.notNull())
    .addColumn('payment_method', 'text')
    .addColumn('payment_intent', 'text')
    .addColumn('customer', 'text')
    .addColumn('konbini', 'text')
    .addColumn('locale', 'text')
    .addColumn('item_count', 'integer', (count) => count.notNull())
    .addColumn('created_at', 'text', (at) => at.notNull())
    .addColumn('paid_at', 'text')
    .addColumn('recorded_at', 'text', (at) => at.notNull())
    .execute()
  await schema
    .createIndex('orders_of_person')
    .on('orders')
    .columns(['person_id', 'created_at', 'id'])
    .execute()
  await schema.createIndex('orders_by_payment').on('orders').column('payment_intent').execute()
  await schema
    .createTable('order_items')
    .addColumn('order_id', 'text', (id) => id.notNull().references('orders.id'))
    .addColumn('position', 'integer', (position) => position.notNull())
    .addColumn('name', 'text', (name) => name.notNull())
    .addColumn('quantity', 'integer', (quantity) => quantity.notNull())
    .addColumn('amount', 'bigint', (amount) => amount.notNull())
    .addColumn('product', 'text')
    .addPrimaryKeyConstraint('order_items_key', ['order_id', 'position'])
    .execute()
}

async function createDeliveries({ schema }: Kysely<never>): Promise<void> {
  await schema
    .createTable('deliveries')
    .addColumn('id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('subject', 'text', (subject) => subject.notNull())
    .addColumn('kind', 'text', (kind) => kind.notNull())
    .addColumn('account_id', 'text', (id) => id.notNull())
    .addColumn('order_id', 'text', (id) => id.references('orders.id'))
    .addColumn('body', 'text', (body) => body.notNull())
    .addColumn('state', 'text', (state) => state.notNull())
    .addColumn('attempts', 'integer', (attempts) => attempts.notNull())
    .addColumn('first_attempt_at', 'text')
    .addColumn('accepted_at', 'text')
    .addColumn('request_id', 'text')
    .addColumn('error', 'text')
    .addColumn('created_at', 'text', (at) => at.notNull())
    // Nobody hears twice: not an if, but a key.
    .addUniqueConstraint('deliveries_once', ['subject', 'kind', 'account_id'])
    .execute()
  // Few rows are ever open, so both look-ups (waiting for a follow, one before me) stay small.
  await schema
    .createIndex('deliveries_open')
    .on('deliveries')
    .columns(['account_id', 'state'])
    .where('state' as never, 'in', ['pending', 'waiting'] as never)
    .execute()
}

async function createJobs({ schema }: Kysely<never>): Promise<void> {
  await schema
    .createTable('jobs')
    .addColumn('id', 'integer', (id) => id.primaryKey().autoIncrement())
    .addColumn('kind', 'text', (kind) => kind.notNull())
    .addColumn('ref', 'text', (ref) => ref.notNull())
    .addColumn('run_at', 'text', (at) => at.notNull())
    .addColumn('attempts', 'integer', (attempts) => attempts.notNull())
    .addColumn('claimed_until', 'text')
    .addColumn('dead_at', 'text')
    .addColumn('error', 'text')
    .execute()
  // Partial: 1,000,000 dead or far-off rows must not slow a claim (70 ms without, 0.1 ms with).
  await schema
    .createIndex('jobs_due')
    .on('jobs')
    .columns(['kind', 'run_at', 'id'])
    .where('dead_at' as never, 'is', null as never)
    .execute()
}
