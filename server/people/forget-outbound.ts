import { type SqlBool, sql } from 'kysely'
import type { Tx } from '../ports.ts'
import { addressOf, channelOf, isChat } from './people.store.ts'

/**
 * What other systems were, or are to be, told of a person: the words go, the mark that it was told stays.
 * What has not left yet never will; what they have taken is theirs to erase. To be called while the accounts
 * and their orders are still somebody's. `persons`: who they are, also without any account, and who was made
 * one with them.
 */
export async function forgetOutbound(
  tx: Tx,
  accountIds: readonly string[],
  persons: readonly string[],
): Promise<void> {
  const people = tx.selectFrom('accounts').select('person_id').where('id', 'in', accountIds)
  const orders = tx
    .selectFrom('orders')
    .select(sql<string>`'order:' || id`.as('object'))
    .where('account_id', 'in', accountIds)
  // By their whole text, as with events: also where two people turned out to be one.
  const named = accountIds
    .filter((id) => isChat({ channel: channelOf(id) }))
    .map((id) => sql<SqlBool>`payload like ${`%${addressOf(id)}%`}`)
  const messages = await tx
    .updateTable('outbound_messages')
    .set({ payload: '', person_id: null })
    .where((eb) =>
      eb.or([
        eb('person_id', 'in', people),
        ...(persons.length > 0 ? [eb('person_id', 'in', persons)] : []),
        eb('object', 'in', orders),
        ...named,
      ]),
    )
    .returning('id')
    .execute()
  for (const { id } of messages) {
    // An answer may have told back what it was told.
    await tx
      .updateTable('outbound_deliveries')
      .set({ error: null })
      .where('message_id', '=', id)
      .execute()
    await tx
      .updateTable('outbound_deliveries')
      .set({ state: 'skipped' })
      .where('message_id', '=', id)
      .where('state', 'in', ['pending', 'dead'])
      .execute()
  }
}
