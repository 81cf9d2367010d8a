import type { Kysely } from 'kysely'

/** Who pays before we know them, how they become one with who is here, and how that is undone. */
export async function up({ schema }: Kysely<never>): Promise<void> {
  // Those that are there let somebody in from the chat.
  await schema
    .alterTable('links')
    .addColumn('purpose', 'text', (purpose) => purpose.notNull().defaultTo('enter'))
    .execute()
  const customers = schema.alterTable('customers')
  await customers.addColumn('noted_at', 'text').execute()
  await customers.addColumn('note_refused_at', 'text').execute()
  // Looked at each hour: few are due, however many customers there are.
  await schema
    .createIndex('customers_to_note')
    .on('customers')
    .column('linked_at')
    .where('noted_at' as never, 'is', null as never)
    .execute()
  await schema
    .createTable('merges')
    .addColumn('id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('from_person', 'text', (id) => id.notNull())
    .addColumn('into_person', 'text', (id) => id.notNull())
    .addColumn('at', 'text', (at) => at.notNull())
    .addColumn('how', 'text', (how) => how.notNull())
    .addColumn('moved', 'text', (moved) => moved.notNull())
    .addColumn('undone_at', 'text')
    .execute()
  for (const side of ['from_person', 'into_person'])
    await schema.createIndex(`merges_by_${side}`).on('merges').column(side).execute()
  await schema
    .createTable('left_alone')
    .addColumn('customer_id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('at', 'text', (at) => at.notNull())
    .execute()
  // A customer's orders are looked for by it, when it gets its owner and when it moves to another.
  await schema
    .createIndex('orders_by_customer')
    .on('orders')
    .column('customer')
    .where('customer' as never, 'is not', null as never)
    .execute()
}
