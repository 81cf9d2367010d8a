import type pg from 'pg'

type Lent = { client: Promise<pg.PoolClient>; users: number; broken: boolean }

/**
 * One connection for all statements that are under way together; the last gives it back. Of a pool
 * with `pipeline`: Postgres has the next statement before we have read the answer to the last, and
 * each is a transaction of its own. (On two connections, two statements of the letterbox wait for each
 * other's locks and caches: a fifth more CPU.) After an error the connection is thrown away, and
 * whoever comes next gets another. (Of the first two on a new connection, one that cannot even be
 * parsed takes the other with it, which then hears of a prepared statement that does not exist.)
 */
export function shareConnection(pool: pg.Pool) {
  let lent: Lent | null = null

  function giveBack(mine: Lent): void {
    mine.users--
    if (lent === mine && (mine.broken || mine.users === 0)) lent = null
    if (mine.users === 0)
      mine.client.then(
        (client) => client.release(mine.broken),
        () => {}, // who asked for it has heard
      )
  }

  return async <Row extends pg.QueryResultRow>(
    statement: pg.QueryConfig,
  ): Promise<pg.QueryResult<Row>> => {
    lent ??= { client: pool.connect(), users: 0, broken: false }
    const mine = lent
    mine.users++
    try {
      return await (await mine.client).query<Row>(statement)
    } catch (error) {
      mine.broken = true
      throw error
    } finally {
      giveBack(mine)
    }
  }
}
