import Database from 'better-sqlite3'

/**
 * Writes a SQLite file as SQL to standard output, the way the files beside this one were made:
 * `npx node test/versions/write-dump.ts data/noren.db > test/versions/NNN.sql`.
 *
 * Before the first new migration after a release, take one of that release with a row in every table
 * (a few minutes with `npm run demo` make most of them).
 */
const database = new Database(process.argv[2] ?? '', { readonly: true, fileMustExist: true })

type Thing = { name: string; type: string; sql: string }

const things = database
  .prepare(
    `select name, type, sql from sqlite_master
     where sql is not null and name not like 'sqlite_%' order by rowid`,
  )
  .all() as Thing[]

function quoted(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`
}

function* rowsOf(table: string): Iterable<string> {
  for (const row of database.prepare(`select * from "${table}"`).all() as object[]) {
    const names = Object.keys(row).map((name) => `"${name}"`)
    const values = Object.values(row).map(quoted)
    yield `insert into "${table}" (${names.join(', ')}) values (${values.join(', ')});`
  }
}

const tables = things.filter(({ type }) => type === 'table')
for (const { sql } of tables) console.log(`${sql};`)
for (const { name } of tables) for (const row of rowsOf(name)) console.log(row)
for (const { type, sql } of things) if (type !== 'table') console.log(`${sql};`)
