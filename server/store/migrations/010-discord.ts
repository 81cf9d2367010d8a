import type { Kysely } from 'kysely'

/** A second chat: which roles we gave there, what keeps one from being given, and where an answer may still be said. */
export async function up({ schema }: Kysely<never>): Promise<void> {
  await schema.alterTable('signs').addColumn('refused', 'text').execute()
  await schema.alterTable('signs').addColumn('refused_at', 'text').execute()
  await schema
    .createIndex('signs_refused')
    .on('signs')
    .column('account_id')
    .where('refused' as never, 'is not', null as never)
    .execute()
  await schema
    .createTable('given_roles')
    .addColumn('account_id', 'text', (id) => id.notNull())
    .addColumn('guild', 'text', (guild) => guild.notNull())
    .addColumn('role_id', 'text', (id) => id.notNull())
    .addColumn('given_at', 'text', (at) => at.notNull())
    .addPrimaryKeyConstraint('given_roles_pk', ['account_id', 'guild', 'role_id'])
    .execute()
  await schema
    .createTable('refused_roles')
    .addColumn('guild', 'text', (guild) => guild.notNull())
    .addColumn('role_id', 'text', (id) => id.notNull())
    .addColumn('why', 'text', (why) => why.notNull())
    .addColumn('words', 'text', (words) => words.notNull())
    .addColumn('tried_at', 'text', (at) => at.notNull())
    .addColumn('told_at', 'text')
    .addPrimaryKeyConstraint('refused_roles_pk', ['guild', 'role_id'])
    .execute()
  await schema
    .createTable('open_answers')
    .addColumn('account_id', 'text', (id) => id.primaryKey().notNull())
    .addColumn('token', 'text', (token) => token.notNull())
    .addColumn('until', 'text', (until) => until.notNull())
    .execute()
}
