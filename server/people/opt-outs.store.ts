import { sql } from 'kysely'
import type { Db, Tx } from '../ports.ts'
import type { CampaignOptoutsTable } from '../store/tables.ts'

/** They want no campaigns from now on; what they caused themselves (receipts, their membership) they still hear. */
export async function optOut(
  tx: Tx,
  personId: string,
  via: CampaignOptoutsTable['via'],
  now: Date,
): Promise<void> {
  await tx
    .insertInto('campaign_optouts')
    .values({ person_id: personId, at: now.toISOString(), via })
    .onConflict((conflict) => conflict.column('person_id').doNothing())
    .execute()
}

/** They want them again, by their own word. */
export async function optIn(tx: Tx, personId: string): Promise<void> {
  await tx.deleteFrom('campaign_optouts').where('person_id', '=', personId).execute()
}

/**
 * Two persons turn out to be one: who said no as either of them has said no. The first row stays, so that
 * they still have said so when the merge is undone.
 */
export async function mergeOptOuts(tx: Tx, from: string, into: string): Promise<void> {
  const said = await tx
    .selectFrom('campaign_optouts')
    .selectAll()
    .where('person_id', '=', from)
    .executeTakeFirst()
  if (said) await optOut(tx, into, said.via, new Date(said.at))
}

/** Who has said no since two were one has said it as both: their letters went to the mailboxes of either. */
export async function partOptOuts(
  tx: Tx,
  { from, into, since }: { from: string; into: string; since: string },
): Promise<void> {
  const said = await tx
    .selectFrom('campaign_optouts')
    .selectAll()
    .where('person_id', '=', into)
    .where('at', '>=', since)
    .executeTakeFirst()
  if (said) await optOut(tx, from, said.via, new Date(said.at))
}

/**
 * Those of these persons who want no campaigns: who said so, and whose mailbox somebody said so for. Anybody may
 * type an address at the till, and who reads its mails need not say it to each of them.
 */
export async function optedOut(
  db: Db | Tx,
  personIds: readonly string[],
): Promise<{ persons: Set<string>; accounts: Set<string> }> {
  if (personIds.length === 0) return { persons: new Set(), accounts: new Set() }
  const said = await db
    .selectFrom('campaign_optouts')
    .select('person_id')
    .where('person_id', 'in', personIds)
    .execute()
  const stopped = await db
    .selectFrom('accounts as mine')
    .innerJoin('accounts as same', (join) =>
      join.on(
        // To the letter what the index says.
        sql<boolean>`lower(same.address) = lower(mine.address) and same.channel = 'mail'`,
      ),
    )
    .innerJoin('campaign_optouts', 'campaign_optouts.person_id', 'same.person_id')
    .select('mine.id')
    .where('mine.person_id', 'in', personIds)
    .where('mine.channel', '=', 'mail')
    .execute()
  return {
    persons: new Set(said.map(({ person_id }) => person_id)),
    accounts: new Set(stopped.map(({ id }) => id)),
  }
}
