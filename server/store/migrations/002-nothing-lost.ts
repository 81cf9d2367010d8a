import { type Kysely, sql } from 'kysely'
import { isSqlite } from '../engine.ts'

/**
 * The second floor: why something failed stands beside the row it failed for, so that the queue holds
 * nothing but bells; and what all processes must agree on (how fast, who is paused, whose turn).
 */
export async function up(db: Kysely<never>): Promise<void> {
  const { schema } = db
  await schema
    .alterTable('events')
    .addColumn('attempts', 'integer', (attempts) => attempts.notNull().defaultTo(0))
    .execute()
  await schema.alterTable('events').addColumn('error', 'text').execute()
  // Few events are ever open: the oldest of them is found at once however many there were.
  await schema
    .createIndex('events_open')
    .on('events')
    .columns(['received_at'])
    .where('handled_at' as never, 'is', null as never)
    .execute()
  // A letter that comes in has no outcome yet, and waits for one index less.
  await schema
    .createIndex('events_by_outcome')
    .on('events')
    .columns(['outcome', 'received_at'])
    .where('outcome' as never, 'is not', null as never)
    .execute()
  // The event (or what else) that caused a message: one id from the letterbox to the phone.
  await schema.alterTable('deliveries').addColumn('cause', 'text').execute()
  // Since when it could have left: made, or released by a follow. It may be too late for one, not for the other.
  await schema.alterTable('deliveries').addColumn('pending_since', 'text').execute()
  // A person may send a dead message anew; where its first key has run out, under another.
  await schema.alterTable('deliveries').addColumn('retry_key', 'text').execute()
  await schema.alterTable('deliveries').addColumn('died_at', 'text').execute()
  await schema
    .createIndex('deliveries_late')
    .on('deliveries')
    .columns(['created_at'])
    .where('kind' as never, '=', sql.lit('staff_late') as never)
    .execute()
  await schema
    .createIndex('deliveries_dead')
    .on('deliveries')
    .columns(['created_at'])
    .where('state' as never, '=', sql.lit('dead') as never)
    .execute()
  // Those that wait for their money are few, and asked for each hour.
  await schema
    .createIndex('orders_awaiting')
    .on('orders')
    .columns(['created_at', 'id'])
    .where('status' as never, '=', sql.lit('awaiting_payment') as never)
    .execute()
  if (isSqlite(db)) await lightenQueue(db)
  await createShared(db)
}

/** Only where the queue is a table of ours. What had died there is told by its event from now on. */
async function lightenQueue(db: Kysely<never>): Promise<void> {
  await sql`
    update events set handled_at = received_at, outcome = 'dead',
      (attempts, error) = (select attempts, error from jobs where ref = events.id and kind = 'event'
        and dead_at is not null limit 1)
    where handled_at is null
      and id in (select ref from jobs where kind = 'event' and dead_at is not null)`.execute(db)
  await sql`
    update deliveries set state = 'dead'
    where state = 'pending'
      and id in (select ref from jobs where kind = 'deliver' and dead_at is not null)`.execute(db)
  await sql`delete from jobs where dead_at is not null`.execute(db)
  await db.schema.dropIndex('jobs_due').execute()
  await db.schema.alterTable('jobs').dropColumn('dead_at').execute()
  await db.schema.createIndex('jobs_due').on('jobs').columns(['kind', 'run_at', 'id']).execute()
}

async function createShared({ schema }: Kysely<never>): Promise<void> {
  await schema
    .createTable('paces')
    .addColumn('lane', 'text', (lane) => lane.primaryKey().notNull())
    .addColumn('rate', 'double precision', (rate) => rate.notNull())
    .addColumn('peak', 'double precision', (rate) => rate.notNull())
    .addColumn('next_free_at', 'double precision', (at) => at.notNull())
    .addColumn('lowered_at', 'double precision', (at) => at.notNull())
    .addColumn('raised_at', 'double precision', (at) => at.notNull())
    .addColumn('full_since', 'double precision', (at) => at.notNull())
    .addColumn('quiet_until', 'double precision', (at) => at.notNull())
    .execute()
  await schema
    .createTable('stripe_reads')
    .addColumn('day', 'text', (day) => day.primaryKey().notNull())
    .addColumn('reads', 'integer', (reads) => reads.notNull())
    .execute()
  // The month's orders are counted for what Stripe lets us read; without this that is the whole table.
  await schema.createIndex('orders_by_recording').on('orders').column('recorded_at').execute()
  await schema
    .createTable('pauses')
    .addColumn('channel', 'text', (channel) => channel.primaryKey().notNull())
    .addColumn('reason', 'text', (reason) => reason.notNull())
    .addColumn('since', 'text', (since) => since.notNull())
    .addColumn('until', 'text', (until) => until.notNull())
    .addColumn('failures', 'integer', (failures) => failures.notNull())
    .addColumn('probe', 'text')
    .addColumn('words', 'text')
    .execute()
  await schema
    .createTable('duties')
    .addColumn('name', 'text', (name) => name.primaryKey().notNull())
    .addColumn('due_at', 'text', (at) => at.notNull())
    .addColumn('held_until', 'text')
    .addColumn('held_by', 'text')
    .addColumn('done_at', 'text')
    .addColumn('failures', 'integer', (failures) => failures.notNull().defaultTo(0))
    .addColumn('error', 'text')
    .addColumn('bookmark', 'text')
    .execute()
  await schema
    .createTable('counters')
    .addColumn('name', 'text', (name) => name.notNull())
    .addColumn('labels', 'text', (labels) => labels.notNull())
    .addColumn('value', 'double precision', (value) => value.notNull())
    .addPrimaryKeyConstraint('counters_key', ['name', 'labels'])
    .execute()
}
