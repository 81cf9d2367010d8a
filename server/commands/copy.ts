import { systemClock } from '../furnish.ts'
import type { Store } from '../ports.ts'
import { type Database, readDatabaseUrl } from '../read-env.ts'
import { type Count, copyBooks, countBooks, ringBells, strangeTable } from '../store/copy-books.ts'
import { isHalfCopied, markHalfCopied, markWhole } from '../store/half-copy.ts'
import { openSource, openTarget } from '../store/open-alone.ts'
import { type BareCommand, couldNot, done, notUnderstood, type Outcome } from './command.ts'
import { bar, sayProgress } from './say-progress.ts'
import { tableOf } from './table.ts'

type Source = Awaited<ReturnType<typeof openSource>>

const PARTS = {
  clock: systemClock,
  report: (error: unknown) => console.error(error instanceof Error ? error.message : error),
}

/** Moves house: all rows from one database to another of this version, counted on both sides at the end. */
export const copy: BareCommand = async (_words, options) => {
  const from = readDatabaseUrl(options.from ?? '')
  const to = readDatabaseUrl(options.to ?? '')
  if (!from || !to)
    return notUnderstood('copy takes --from and --to, each file:PATH or postgres://….')
  if (options.from === options.to) return notUnderstood('--from and --to are the same database.')
  try {
    return await between(from, to)
  } catch (error) {
    return couldNot(`${error instanceof Error ? error.message : error}`)
  }
}

async function between(from: Database, to: Database): Promise<Outcome> {
  const source = await openSource(from, PARTS)
  try {
    const target = await openTarget(to, PARTS)
    try {
      return await move(source, target)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

async function move({ db }: Source, target: Store): Promise<Outcome> {
  if (await isHalfCopied(db))
    return couldNot('The source is itself a copy that was not finished. Finish that one first.')
  const strange = await strangeTable(db, target.db)
  if (strange)
    return couldNot(
      `The target holds rows in "${strange}" that are not the source's: it is another shop's, or has been in use. Copy into an empty database.`,
    )
  await markHalfCopied(target.db)
  const before = await countBooks(db, target.db)
  const all = before.reduce((sum, { there }) => sum + there, 0)
  let moved = 0
  const quiet = sayProgress(() => bar(moved, all, 'rows'))
  try {
    await copyBooks(db, target, (rows) => {
      moved += rows
    })
  } finally {
    quiet()
  }
  return judge(await countBooks(db, target.db), target)
}

async function judge(counts: Count[], target: Store): Promise<Outcome> {
  const table = tableOf(
    counts.map(({ table, there, here }) => ({ table, source: there, target: here })),
  )
  if (counts.some(({ there, here }) => there !== here))
    return couldNot(
      `${table}\n\nThe two do not agree. Nothing was taken from the source; go on using it.`,
    )
  const bells = await ringBells(target)
  await markWhole(target.db)
  return done(
    `${table}\n\nBoth sides agree, and ${bells} open events and messages will be taken up. Now set DATABASE_URL to the target and start Noren; keep the source until you are sure.`,
  )
}
