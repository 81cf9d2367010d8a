import { type Outcome, verdict } from '../bench/figures.ts'
import { makeDatabase } from '../support/postgres-database.ts'
import { startTempPostgres } from '../support/temp-postgres.ts'
import { killBetweenSteps } from './kill-points.ts'
import { type LongRunFigures, runLong } from './long-run.ts'
import { cutPower } from './power-cut.ts'

const NONE = { most: 0 }

/** A day's worth of orders while everything fails. */
export async function showLongRun(run: {
  seed: number
  orders: number
  engine: 'sqlite' | 'postgres'
}): Promise<Outcome> {
  if (run.engine === 'sqlite')
    return longRunOutcome('SQLite, one process', await runLong({ ...LONG, ...run, roles: ['all'] }))
  const postgres = await startTempPostgres({ fsync: true })
  try {
    const { url } = await makeDatabase(postgres.url, { empty: true })
    const found = await runLong({
      ...LONG,
      ...run,
      roles: MANY,
      databaseUrl: url,
      midway: async () => {
        await postgres.stop('immediate')
        await postgres.start()
      },
    })
    const where = 'Postgres, 2 web and 3 worker processes; Postgres itself crashes once'
    return longRunOutcome(where, found)
  } finally {
    await postgres.close()
  }
}

const MANY = ['web', 'web', 'worker', 'worker', 'worker'] as const
const LONG = {
  // Stripe allows 25 reads a second; a bad day needs nearly two for each order.
  ordersPerSecond: 12,
  killEvery: 5_000,
  kills: Infinity,
  hangs: 100,
  slowness: 8_000,
  hurry: false,
  patience: 1_800_000,
}

function longRunOutcome(where: string, found: LongRunFigures): Outcome {
  for (const story of found.stories) console.error(story)
  const { letters } = found
  return {
    title: `A bad day: ${where}`,
    head: ['what', 'how often'],
    rows: [
      ['orders', found.orders],
      ['of them paid', found.paid],
      ['processes killed (SIGKILL)', found.kills],
      ['webhooks sent twice', letters.twice],
      ['webhooks out of order', letters.late],
      ['webhooks never sent', letters.neverSent],
      ['webhooks sent again because nobody answered 2xx', letters.sentAgain],
      ...Object.entries(found.spoiled).toSorted(([a], [b]) => a.localeCompare(b)),
      ['seconds', found.seconds],
    ],
    verdicts: [
      verdict('messages lost', found.lost.length, NONE),
      verdict('messages double', found.double.length, NONE),
      verdict('amounts that are not Stripe’s', found.wrong.length, NONE),
      verdict('acknowledged events that are not held', found.forgotten.length, NONE),
      verdict('processes that fell by themselves', found.fell.length, NONE),
    ],
  }
}

/** Killed at each step of an order. */
export async function showKillPoints(options: { hits: number }): Promise<Outcome> {
  const { hits, kills, orders, lost, double } = await killBetweenSteps(options)
  return {
    title: 'Killed between every pair of steps: SQLite',
    head: ['killed when', 'times, proven by the books'],
    rows: [...Object.entries(hits), ['kills in all', kills], ['orders', orders]],
    verdicts: [
      verdict('times each step was hit', Math.min(...Object.values(hits)), { least: options.hits }),
      verdict('messages lost', lost.length, NONE),
      verdict('messages double', double.length, NONE),
    ],
  }
}

/** The power goes; and with two mistakes made on purpose, to see that the loss would show. */
export async function showPowerCuts(run: { seed: number; rounds: number }): Promise<Outcome> {
  const mistakes = [undefined, 'synchronous=NORMAL', 'answered before the commit'] as const
  const rows: (string | number)[][] = []
  const lost: number[] = []
  let broken = 0
  for (const mistake of mistakes) {
    const sum = { cuts: 0, acked: 0, lost: 0 }
    for (let round = 0; round < run.rounds; round++) {
      const with_ = mistake ? { mistake } : {}
      const found = await cutPower({ seed: run.seed + round, events: 2_000, cuts: 40, ...with_ })
      sum.cuts += found.cuts
      sum.acked += found.acked
      sum.lost += found.lost
      broken += found.broken
    }
    rows.push([mistake ?? 'as it is', sum.cuts, sum.acked, sum.lost])
    lost.push(sum.lost)
  }
  return {
    title: 'Power cuts: only what was synced is left, or that and any part of the rest',
    head: ['the pen', 'cuts', 'events acknowledged', 'lost, over all cuts'],
    rows,
    verdicts: [
      verdict('acknowledged events lost', lost[0] ?? -1, NONE),
      verdict('databases that were not sound afterwards', broken, NONE),
      verdict('lost with synchronous=NORMAL', lost[1] ?? 0, { least: 1 }),
      verdict('lost when answered before the commit', lost[2] ?? 0, { least: 1 }),
    ],
  }
}
