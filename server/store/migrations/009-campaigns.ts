import { type Kysely, sql } from 'kysely'

/** Who wants no campaigns, and what finds whom a campaign is for among a hundred thousand. */
export async function up({ schema }: Kysely<never>): Promise<void> {
  // No reference to a person: an unsubscribe link outlives a merge, and its merge may be undone.
  await schema
    .createTable('campaign_optouts')
    .addColumn('person_id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('at', 'text', (at) => at.notNull())
    .addColumn('via', 'text', (via) => via.notNull())
    .execute()
  // A page of people is looked at with all of their accounts; others may have wished for it before us.
  await schema
    .createIndex('accounts_by_person_id')
    .ifNotExists()
    .on('accounts')
    .column('person_id')
    .execute()
  // Two who typed the same mailbox are two persons, but its owner says "no more" once.
  await schema
    .createIndex('accounts_by_mailbox')
    .on('accounts')
    .expression(sql`lower(address)`)
    .where('channel' as never, '=', sql.lit('mail') as never)
    .execute()
  await schema
    .createIndex('subscriptions_by_status')
    .on('subscriptions')
    .columns(['status', 'id'])
    .execute()
  await schema
    .createIndex('memberships_lapsed')
    .on('memberships')
    .columns(['since', 'person_id'])
    .where('role' as never, '=', sql.lit('guest') as never)
    .execute()
  // Receipts are the many: they must not pay for an index that only campaigns are looked up by.
  await schema
    .createIndex('deliveries_campaigns')
    .on('deliveries')
    .columns(['account_id', 'created_at'])
    .where('kind' as never, '=', sql.lit('campaign') as never)
    .execute()
}
