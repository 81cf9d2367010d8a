import { setTimeout as pause } from 'node:timers/promises'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'

/** Who cannot be reached in this time is away; whoever asked tries again later. */
const CONNECT_MS = 5_000
/** Far longer than any statement of ours, also one that waits for a lock. The server ends it. */
const STATEMENT_MS = 10_000
/** For a server that says nothing any more, since a broken line is not noticed for many minutes. */
const SILENCE_MS = STATEMENT_MS + 2_000
/** Held by a process that froze in a transaction, a row would stop all others. */
const IDLE_IN_TRANSACTION_MS = 30_000

const INT8 = 20
const NUMERIC = 1700

/**
 * Connections to one Postgres. Whole numbers of 64 bits come as numbers, as they do from SQLite:
 * nothing of ours comes near 2^53. A connection that breaks is reported, never thrown.
 */
export function openPool(
  url: string,
  options: {
    most: number
    report: (error: unknown) => void
    patient?: boolean
    /** A connection takes the next statement before it has answered the last. */
    pipeline?: boolean
  },
): pg.Pool {
  const limits = {
    statement_timeout: STATEMENT_MS,
    query_timeout: SILENCE_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  }
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'noren',
    max: options.most,
    pipeline: options.pipeline ?? false,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    types: { getTypeParser: parserOf },
    onConnect: waitForDisk,
    // A migration may rewrite a large table; nobody else may take that long.
    ...(options.patient ? {} : limits),
  })
  // Without listeners, a restart of Postgres would end this process: the pool hears only of connections
  // that nobody uses, and one in use may break between two statements.
  pool.on('connect', (client) => client.on('error', () => {}))
  // Its words only: the error itself carries the whole connection, with what it logs in with. What breaks
  // while it is hung up is no news: the pool has ended before its last connections have.
  pool.on('error', ({ message }) => {
    if (!pool.ending) options.report(new Error(`a connection to Postgres broke: ${message}`))
  })
  return pool
}

/**
 * A 200 to Stripe is a promise: where the database's owner has switched the waiting off, what was
 * committed in the last 0.6 s would be gone after a crash. Stronger settings are left as they are.
 */
async function waitForDisk(client: pg.ClientBase): Promise<void> {
  await client.query(
    `select set_config('synchronous_commit', 'on', false)
     where current_setting('synchronous_commit') = 'off'`,
  )
}

const parserOf = ((type: number, format?: 'text' | 'binary') =>
  type === INT8 || type === NUMERIC
    ? Number
    : pg.types.getTypeParser(type, format as 'text')) as typeof pg.types.getTypeParser

/**
 * The same pool for Kysely. A query that got no answer leaves its connection waiting for it, and pg
 * would hand that connection out again: it is thrown away instead.
 */
export function discardSilent(pool: pg.Pool): PostgresPool {
  async function connect(): Promise<PostgresPoolClient> {
    const client = await pool.connect()
    let silent = false
    return {
      query: ((text: string, values: readonly unknown[]) =>
        client.query(text, values as unknown[]).catch((error: Error) => {
          silent ||= error.message === 'Query read timeout'
          throw error
        })) as unknown as PostgresPoolClient['query'],
      release: (discard?: boolean) => client.release(discard === true || silent),
    }
  }
  return { connect, end: () => pool.end(), options: pool.options }
}

/** Two that wait for each other (40P01), or that cannot be put in an order (40001): one begins again. */
const AGAIN = ['40001', '40P01']
const MOST_TRIES = 6

/** Runs a transaction again when Postgres broke it off only for the sake of others. */
export async function retryDeadlocks<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await run()
    } catch (error) {
      if (!AGAIN.includes(codeOf(error)) || tries === MOST_TRIES) throw error
      await pause(Math.random() * 10 * 2 ** tries)
    }
}

export function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? '')
}

/** Refused at the door: no such host or port, wrong password, no such database, full, starting, … */
const AT_THE_DOOR =
  /^(ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|28\w{3}|3D000|53300|57P03|08\w{3})$/

/** A sentence for whoever wrote DATABASE_URL, with host and database and never the password. */
export function explain(error: unknown, url: string): unknown {
  const words = error instanceof Error ? error.message : String(error)
  const refused = AT_THE_DOOR.test(codeOf(error)) || /timeout|terminated unexpectedly/.test(words)
  if (!refused) return error
  const { hostname, port, pathname } = new URL(url)
  const place = `${pathname.slice(1)} at ${hostname || 'localhost'}:${port || 5432}`
  const reason = words || codeOf(error)
  return new Error(
    `The database ${place} cannot be reached (${reason}). Check DATABASE_URL, and that Postgres is running.`,
    { cause: error },
  )
}
