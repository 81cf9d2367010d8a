import { type Kysely, sql } from 'kysely'

/** Other systems: where they listen, what there was to tell them, and what of it each has taken. */
export async function up(db: Kysely<never>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('endpoints')
    .addColumn('id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('url', 'text', (url) => url.notNull())
    .addColumn('secret', 'text')
    .addColumn('old_secret', 'text')
    .addColumn('old_secret_until', 'text')
    .addColumn('events', 'text', (events) => events.notNull())
    .addColumn('format', 'text', (format) => format.notNull())
    .addColumn('state', 'text', (state) => state.notNull())
    .addColumn('failing_since', 'text')
    .addColumn('off_reason', 'text')
    .addColumn('off_at', 'text')
    .addColumn('created_at', 'text', (at) => at.notNull())
    .execute()
  await createMessages(db)
  await createDeliveries(db)
}

async function createMessages({ schema }: Kysely<never>): Promise<void> {
  await schema
    .createTable('outbound_messages')
    .addColumn('id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('type', 'text', (type) => type.notNull())
    .addColumn('object', 'text', (object) => object.notNull())
    .addColumn('seq', 'integer', (seq) => seq.notNull())
    .addColumn('person_id', 'text')
    .addColumn('payload', 'text', (payload) => payload.notNull())
    .addColumn('created_at', 'text', (at) => at.notNull())
    // Told once, whatever rings how often: not an if, but a key.
    .addColumn('cause', 'text', (cause) => cause.notNull().unique())
    .execute()
  await schema
    .createIndex('outbound_messages_by_object')
    .on('outbound_messages')
    .columns(['object', 'seq'])
    .execute()
  await schema
    .createIndex('outbound_messages_by_person')
    .on('outbound_messages')
    .column('person_id')
    .execute()
  await schema
    .createIndex('outbound_messages_by_age')
    .on('outbound_messages')
    .column('created_at')
    .execute()
}

async function createDeliveries({ schema }: Kysely<never>): Promise<void> {
  await schema
    .createTable('outbound_deliveries')
    .addColumn('id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('message_id', 'text', (id) => id.notNull())
    .addColumn('endpoint_id', 'text', (id) => id.notNull())
    .addColumn('state', 'text', (state) => state.notNull())
    .addColumn('attempts', 'integer', (attempts) => attempts.notNull())
    .addColumn('first_attempt_at', 'text')
    .addColumn('next_attempt_at', 'text')
    .addColumn('busy_until', 'text')
    .addColumn('delivered_at', 'text')
    .addColumn('status', 'integer')
    .addColumn('error', 'text')
    .addColumn('created_at', 'text', (at) => at.notNull())
    .execute()
  await schema
    .createIndex('outbound_deliveries_by_message')
    .on('outbound_deliveries')
    .column('message_id')
    .execute()
  await schema
    .createIndex('outbound_deliveries_pending')
    .on('outbound_deliveries')
    .column('endpoint_id')
    .where('state' as never, '=', sql.lit('pending') as never)
    .execute()
  await schema
    .createIndex('outbound_deliveries_dead')
    .on('outbound_deliveries')
    .column('endpoint_id')
    .where('state' as never, '=', sql.lit('dead') as never)
    .execute()
}
