import type { Kysely } from 'kysely'

/** The fifth floor: where somebody can be written to by mail, what LINE could not bring, and what a day was. */
export async function up(db: Kysely<never>): Promise<void> {
  const { schema } = db
  await schema.alterTable('orders').addColumn('payer_mail', 'text').execute()
  await schema.alterTable('customers').addColumn('mail', 'text').execute()
  await schema.alterTable('memberships').addColumn('joined_at', 'text').execute()
  await schema.alterTable('memberships').addColumn('left_at', 'text').execute()
  await extendDeliveries(db)
  await schema
    .createTable('refunds')
    .addColumn('id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('order_id', 'text', (id) => id.notNull().references('orders.id'))
    .addColumn('amount', 'bigint', (amount) => amount.notNull())
    .addColumn('created_at', 'text', (at) => at.notNull())
    .execute()
  await schema.createIndex('refunds_by_order_id').on('refunds').column('order_id').execute()
  await schema.createIndex('refunds_by_created_at').on('refunds').column('created_at').execute()
}

async function extendDeliveries({ schema }: Kysely<never>): Promise<void> {
  await schema.alterTable('deliveries').addColumn('message', 'text').execute()
  await schema.alterTable('deliveries').addColumn('instead_at', 'text').execute()
  await schema
    .alterTable('deliveries')
    .addColumn('unclear', 'integer', (unclear) => unclear.notNull().defaultTo(0))
    .execute()
  // Looked at each minute: those that mail may bring, of those that are open, and no others.
  await schema
    .createIndex('deliveries_instead')
    .on('deliveries')
    .columns(['state', 'instead_at'])
    .where('instead_at' as never, 'is not', null as never)
    .where('state' as never, 'in', ['pending', 'waiting'] as never)
    .execute()
}
