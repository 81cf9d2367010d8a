import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'

/** What nobody ever deletes: a copy with fewer of them than there were is no copy. */
const BOOKS = ['events', 'orders', 'order_items', 'deliveries'] as const
/** Old events may go while the copy is made (operations/prune-books.ts); nothing of these ever does. */
const NEVER_FEWER = BOOKS.filter((table) => table !== 'events')

export type Backup = { bytes: number; rows: Record<(typeof BOOKS)[number], number> }

/**
 * Writes a consistent copy of a SQLite database while others use it: one read transaction, so webhooks
 * go on being written meanwhile. Without the free pages, and with them what was erased. The copy has
 * its name only once it was opened, checked from end to end, counted and synced to the disk.
 * Throws a sentence when it cannot.
 */
export function backupSqlite(file: string, target: string): Backup {
  if (!existsSync(file)) throw new Error(`There is no database at ${file}. Check DATABASE_URL.`)
  if (existsSync(target))
    throw new Error(`${target} exists already, and nothing is overwritten. Give another name.`)
  if (!existsSync(dirname(target)))
    throw new Error(`There is no folder ${dirname(target)}. Make it first, or give another name.`)
  const partial = `${target}.partial`
  try {
    const before = copyInto(file, partial)
    const rows = check(partial, before)
    sync(partial)
    renameSync(partial, target)
    sync(dirname(target))
    return { bytes: statSync(target).size, rows }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    const reason = words.startsWith('no such table') ? `${file} holds no books of Noren` : words
    throw new Error(`No backup was made: ${reason}`, { cause: error })
  } finally {
    rmSync(partial, { force: true })
  }
}

function copyInto(file: string, partial: string): Backup['rows'] {
  rmSync(partial, { force: true })
  const source = new Database(file, { fileMustExist: true, timeout: 5_000 })
  try {
    const before = count(source)
    source.prepare('vacuum into ?').run(partial)
    return before
  } finally {
    source.close()
  }
}

function check(partial: string, before: Backup['rows']): Backup['rows'] {
  const copy = new Database(partial, { readonly: true })
  try {
    const found = copy.pragma('integrity_check', { simple: true })
    if (found !== 'ok') throw new Error(`the copy is damaged (${found})`)
    const rows = count(copy)
    for (const table of NEVER_FEWER)
      if (rows[table] < before[table])
        throw new Error(`the copy has ${rows[table]} ${table}, and there were ${before[table]}`)
    return rows
  } finally {
    copy.close()
  }
}

function count(database: Database.Database): Backup['rows'] {
  const rows = BOOKS.map((table) => [
    table,
    database.prepare(`select count(*) from ${table}`).pluck().get(),
  ])
  return Object.fromEntries(rows) as Backup['rows']
}

/** VACUUM INTO leaves the writing to the system's leisure; a backup that a power cut takes is none. */
function sync(path: string): void {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
