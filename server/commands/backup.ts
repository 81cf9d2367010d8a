import { backupSqlite } from '../store/backup.ts'
import { type BareCommand, couldNot, done } from './command.ts'

/**
 * A checked copy of the SQLite file, beside a running server; also of one that is older than this
 * version, since before an upgrade is when it is wanted most. On Postgres: says what makes one.
 */
export const backup: BareCommand = async ([target = ''], _options, settings) => {
  const { database } = await settings()
  if (database.engine === 'postgres') return couldNot(withPgDump(database.url, target))
  const began = performance.now()
  try {
    const { bytes, rows } = backupSqlite(database.file, target)
    const counted = Object.entries(rows).map(([table, count]) => `${count} ${table}`)
    const seconds = ((performance.now() - began) / 1_000).toFixed(1)
    const size = (bytes / 1e6).toFixed(1)
    return done(
      `${target}: ${size} MB in ${seconds} s, opened and found whole; ${counted.join(', ')}.`,
    )
  } catch (error) {
    return couldNot(error instanceof Error ? error.message : String(error))
  }
}

/** Without the password, which stands in the process list of whoever pastes it. */
function withPgDump(address: string, target: string): string {
  const url = new URL(address)
  url.password = ''
  return [
    'Postgres makes its own backups, beside a running server:',
    '',
    `  pg_dump --format=custom --file='${target.replaceAll("'", "'\\''")}' '${url.href}'`,
    '',
    'The password comes from ~/.pgpass or PGPASSWORD; pg_restore --clean brings it back.',
  ].join('\n')
}
