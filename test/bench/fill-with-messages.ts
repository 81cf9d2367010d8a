import { readDatabaseUrl } from '../../server/read-env.ts'
import { openStore } from '../../server/store/open-store.ts'

const AT_ONCE = 500

/** Writes messages into the books that wait to be sent, as after a day on which LINE was away. */
export async function fillWithMessages(
  databaseUrl: string,
  userIds: readonly string[],
  count: number,
): Promise<void> {
  const database = readDatabaseUrl(databaseUrl)
  if (!database) throw new Error(`no database at ${databaseUrl}`)
  const report = (error: unknown) => console.error(error)
  const store = openStore(database, { clock: { now: () => new Date() }, report, gapMs: 0 })
  await store.migrate()
  const now = new Date().toISOString()
  await store.transaction(async (tx) => {
    const people = userIds.map((userId) => ({ id: `person-${userId}`, created_at: now }))
    await tx.insertInto('people').values(people).execute()
    const accounts = userIds.map((address) => ({
      id: `line:${address}`,
      person_id: `person-${address}`,
      channel: 'line' as const,
      address,
      friend: 1 as const,
    }))
    await tx.insertInto('accounts').values(accounts).execute()
  })
  for (let from = 0; from < count; from += AT_ONCE)
    await store.transaction(async (tx) => {
      const rows = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, at) => ({
        id: crypto.randomUUID(),
        subject: `bench-${from + at}`,
        kind: 'paid' as const,
        account_id: `line:${userIds[at % userIds.length]}`,
        body: JSON.stringify([{ type: 'text', text: `ご注文 ${from + at} を承りました` }]),
        state: 'pending' as const,
        attempts: 0,
        created_at: now,
        pending_since: now,
      }))
      await tx.insertInto('deliveries').values(rows).execute()
      await store.enqueue(
        tx,
        rows.map(({ id }) => ({ kind: 'deliver' as const, ref: id })),
      )
    })
  await store.close()
}
