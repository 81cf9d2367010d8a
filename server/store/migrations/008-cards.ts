import type { Kysely } from 'kysely'

/** Which card a subscription is charged to: said once, before it runs out. */
export async function up({ schema }: Kysely<never>): Promise<void> {
  await schema.alterTable('subscriptions').addColumn('card', 'text').execute()
}
