import type { Tx } from '../ports.ts'

/** What the chat shows an account, its ways in, where it may still be answered, what it set out to buy, and from where it came. */
export async function forgetWays(tx: Tx, accountId: string): Promise<void> {
  for (const table of ['signs', 'links', 'open_answers', 'procedures', 'visits'] as const)
    await tx.deleteFrom(table).where('account_id', '=', accountId).execute()
}

/** Did we give any of these accounts a role on a chat server? */
export async function haveRoles(tx: Tx, accountIds: readonly string[]): Promise<boolean> {
  const row = await tx
    .selectFrom('given_roles')
    .select('role_id')
    .where('account_id', 'in', accountIds)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * What a person was and by what. Their subscriptions go on at Stripe, which alone can end them; here they
 * are nobody's, and nobody hears of them.
 */
export async function forgetMembership(tx: Tx, personId: string): Promise<void> {
  await tx
    .deleteFrom('subscriptions')
    .where(
      'customer_id',
      'in',
      tx.selectFrom('customers').select('id').where('person_id', '=', personId),
    )
    .execute()
  for (const table of [
    'procedures',
    'staff_grants',
    'memberships',
    'campaign_optouts',
    'customers',
  ] as const)
    await tx.deleteFrom(table).where('person_id', '=', personId).execute()
}
