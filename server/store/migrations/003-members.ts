import { type Kysely, sql } from 'kysely'

/** The third floor: who subscribes, what they are by it, how the chat shows it, and the ways in. */
export async function up(db: Kysely<never>): Promise<void> {
  await describeCustomers(db)
  await createMembers(db)
  await createSigns(db)
  await createWaysIn(db)
}

async function describeCustomers({ schema }: Kysely<never>): Promise<void> {
  const customers = schema.alterTable('customers')
  await customers.addColumn('version', 'integer', (at) => at.notNull().defaultTo(0)).execute()
  await customers.addColumn('deleted', 'integer', (is) => is.notNull().defaultTo(0)).execute()
  await customers.addColumn('features', 'text').execute()
  await customers.addColumn('checked_at', 'text').execute()
  await schema
    .createTable('subscriptions')
    .addColumn('id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('customer_id', 'text', (id) => id.notNull().references('customers.id'))
    .addColumn('version', 'integer', (version) => version.notNull())
    .addColumn('status', 'text', (status) => status.notNull())
    .addColumn('currency', 'text', (currency) => currency.notNull())
    .addColumn('items', 'text', (items) => items.notNull())
    .addColumn('started_at', 'text', (at) => at.notNull())
    .addColumn('period_end', 'text')
    .addColumn('trial_end', 'text')
    .addColumn('cancel_at', 'text')
    .addColumn('ended_at', 'text')
    .addColumn('pause', 'text')
    .addColumn('pause_until', 'text')
    .addColumn('invoice', 'text')
    .addColumn('invoice_unpaid', 'integer', (is) => is.notNull())
    .addColumn('invoice_at', 'text')
    .addColumn('invoice_amount', 'bigint')
    .addColumn('clock_at', 'text')
    .addColumn('disputed', 'text', (list) => list.notNull().defaultTo('[]'))
    .addColumn('seen_at', 'text', (at) => at.notNull())
    .execute()
  await index(schema, 'subscriptions', 'customer_id')
  // Whom a purchase made a member is asked for by person, for each of them.
  await index(schema, 'customers', 'person_id')
}

async function createMembers({ schema }: Kysely<never>): Promise<void> {
  await schema
    .createTable('staff_grants')
    .addColumn('id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('person_id', 'text', (id) => id.notNull().references('people.id'))
    .addColumn('role', 'text', (role) => role.notNull())
    .addColumn('until', 'text')
    .addColumn('note', 'text')
    .addColumn('given_at', 'text', (at) => at.notNull())
    .addColumn('revoked_at', 'text')
    .execute()
  await index(schema, 'staff_grants', 'person_id')
  await schema
    .createTable('memberships')
    .addColumn('person_id', 'text', (id) => id.primaryKey().notNull().references('people.id'))
    .addColumn('role', 'text', (role) => role.notNull())
    .addColumn('since', 'text', (at) => at.notNull())
    .addColumn('reconsider_at', 'text')
    .addColumn('portal_view', 'text')
    .execute()
  // Looked at each minute, whoever many members there are.
  await schema
    .createIndex('memberships_due')
    .on('memberships')
    .column('reconsider_at')
    .where('reconsider_at' as never, 'is not', null as never)
    .execute()
}

async function createSigns({ schema }: Kysely<never>): Promise<void> {
  await schema
    .createTable('signs')
    .addColumn('account_id', 'text', (id) => id.primaryKey().notNull().references('accounts.id'))
    .addColumn('role', 'text', (role) => role.notNull())
    .addColumn('version', 'integer', (version) => version.notNull())
    .addColumn('applied', 'text')
    .addColumn('applied_at', 'text')
    .execute()
  await schema
    .createTable('menus')
    .addColumn('channel', 'text', (channel) => channel.notNull())
    .addColumn('key', 'text', (key) => key.notNull())
    .addColumn('menu_id', 'text', (id) => id.notNull())
    .addColumn('made_at', 'text', (at) => at.notNull())
    .addPrimaryKeyConstraint('menus_key', ['channel', 'key'])
    .execute()
  await schema
    .createTable('portal_configurations')
    .addColumn('view', 'text', (view) => view.notNull())
    .addColumn('livemode', 'integer', (is) => is.notNull())
    .addColumn('configuration', 'text', (id) => id.notNull())
    .addColumn('content', 'text', (hash) => hash.notNull())
    .addColumn('checked_at', 'text', (at) => at.notNull())
    .addPrimaryKeyConstraint('portal_configurations_key', ['view', 'livemode'])
    .execute()
}

async function createWaysIn({ schema }: Kysely<never>): Promise<void> {
  await schema
    .createTable('links')
    .addColumn('hash', 'text', (hash) => hash.primaryKey().notNull())
    .addColumn('account_id', 'text', (id) => id.notNull().references('accounts.id'))
    .addColumn('created_at', 'text', (at) => at.notNull())
    .addColumn('expires_at', 'text', (at) => at.notNull())
    .addColumn('spent_at', 'text')
    .execute()
  await index(schema, 'links', 'account_id')
  await schema
    .createTable('procedures')
    .addColumn('id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('person_id', 'text', (id) => id.notNull().references('people.id'))
    .addColumn('account_id', 'text', (id) => id.notNull().references('accounts.id'))
    .addColumn('offer', 'text', (offer) => offer.notNull())
    .addColumn('terms', 'text', (version) => version.notNull())
    .addColumn('language', 'text', (language) => language.notNull())
    .addColumn('session_id', 'text')
    .addColumn('url', 'text')
    .addColumn('state', 'text', (state) => state.notNull())
    .addColumn('opened_at', 'text', (at) => at.notNull())
    .addColumn('closed_at', 'text')
    .execute()
  // Two tabs at once are one procedure, and so one subscription.
  await schema
    .createIndex('procedures_open')
    .unique()
    .on('procedures')
    .column('person_id')
    .where('state' as never, '=', sql.lit('open') as never)
    .execute()
  await index(schema, 'procedures', 'session_id')
  await schema
    .createTable('terms')
    .addColumn('version', 'text', (version) => version.primaryKey().notNull())
    .addColumn('words', 'text', (words) => words.notNull())
    .addColumn('first_shown_at', 'text', (at) => at.notNull())
    .execute()
}

async function index(schema: Kysely<never>['schema'], table: string, column: string) {
  await schema.createIndex(`${table}_by_${column}`).on(table).column(column).execute()
}
