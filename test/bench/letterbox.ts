import { startTempPostgres } from '../support/temp-postgres.ts'
import type { Child } from './child.ts'
import { startChild } from './child.ts'
import { median, type Outcome, verdict } from './figures.ts'
import { makeLetters } from './make-events.ts'
import { inFolder, loneEnv, startNorenChild, WEBHOOK_SECRET } from './noren-env.ts'
import { sendLetters } from './send-letters.ts'

const ROUNDS = 21
const LETTERS = 4_000

type Round = { perSecond: number; p50: number; p99: number; cpu: number }

/** What a durable answer costs, against a server that only verifies: in turn, so that noise hits both. */
export function measureLetterbox(): Promise<Outcome> {
  return inFolder(async (file) => {
    const { rows, rate, p99 } = await compareWithVerifyOnly(loneEnv(file))
    return {
      title: 'Letterbox: SQLite, synchronous=FULL, 5 KB signed events',
      head: HEAD,
      rows,
      verdicts: [
        verdict('rate at 64 connections, of verify-only', rate, { least: 0.6 }),
        verdict('p99 at 8 connections, times verify-only', p99, { most: 3 }),
      ],
    }
  })
}

/** The same on a Postgres that syncs, on the same cores: it takes its share of them. */
export async function measureLetterboxOnPostgres(): Promise<Outcome> {
  const postgres = await startTempPostgres({ fsync: true })
  try {
    const env = { ...loneEnv(''), DATABASE_URL: postgres.url }
    const { rows, rate } = await compareWithVerifyOnly(env)
    return {
      title: 'Letterbox: Postgres on the same cores, synchronous_commit=on, 5 KB signed events',
      head: HEAD,
      rows,
      verdicts: [verdict('rate at 64 connections, of verify-only', rate, { least: 0.45 })],
    }
  } finally {
    await postgres.close()
  }
}

const HEAD = ['connections', 'server', 'req/s', 'p50 ms', 'p99 ms', 'CPU µs/req']

async function compareWithVerifyOnly(env: Record<string, string>) {
  const verify = await startChild('./serve-verify-only.ts', {
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  })
  const noren = await startNorenChild({ ...env, PROCESS: 'web' })
  const at64 = await inTurn(verify, noren, 64)
  const at8 = await inTurn(verify, noren, 8)
  await verify.stop()
  await noren.stop()
  const rows = [
    row(64, 'verify only', at64.a),
    row(64, 'Noren', at64.b),
    row(8, 'verify only', at8.a),
    row(8, 'Noren', at8.b),
  ]
  return { rows, rate: ratio(at64, 'perSecond'), p99: ratio(at8, 'p99') }
}

async function inTurn(a: Child, b: Child, connections: number) {
  const rounds: { a: Round[]; b: Round[] } = { a: [], b: [] }
  for (let at = 0; at < ROUNDS + 2; at++) {
    const first = await once(a, connections)
    const second = await once(b, connections)
    if (at < 2) continue // warm-up
    rounds.a.push(first)
    rounds.b.push(second)
  }
  return rounds
}

async function once(server: Child, connections: number): Promise<Round> {
  const letters = makeLetters(LETTERS, WEBHOOK_SECRET, 'checkout.session.completed')
  const before = await server.cpu()
  const sent = await sendLetters(server.url, letters, connections)
  if (sent.failed > 0) throw new Error(`${sent.failed} webhooks were not answered 200`)
  return { ...sent, cpu: (((await server.cpu()) - before) / LETTERS) * 1_000 }
}

/** The median of the ratios pair by pair: the machine's speed drifts, the pairs drift together. */
function ratio(rounds: { a: Round[]; b: Round[] }, key: keyof Round): number {
  return median(rounds.b.map((round, at) => round[key] / (rounds.a[at]?.[key] ?? 1)))
}

function row(connections: number, name: string, rounds: Round[]) {
  const of = (key: keyof Round) => median(rounds.map((round) => round[key]))
  return [connections, name, of('perSecond'), of('p50'), of('p99'), of('cpu')]
}
