import type { Db } from '../ports.ts'

/** There from the first row of a copy until both sides agree. */
const MARK = 'unfinished_copy'

/** Why nobody may use it: of half the books, messages that were said already would be said again. */
export const HALF_COPIED =
  'This database is a copy that was not finished. Run the same "npm run noren -- copy" again, or set DATABASE_URL to where the books were before.'

export async function markHalfCopied({ schema }: Db): Promise<void> {
  await schema.createTable(MARK).ifNotExists().addColumn('since', 'text').execute()
}

export async function markWhole({ schema }: Db): Promise<void> {
  await schema.dropTable(MARK).ifExists().execute()
}

export async function isHalfCopied({ introspection }: Db): Promise<boolean> {
  return (await introspection.getTables()).some(({ name }) => name === MARK)
}
