import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { startTempPostgres } from '../support/temp-postgres.ts'
import type { Child } from './child.ts'
import { type Outcome, verdict } from './figures.ts'
import { makeLetters } from './make-events.ts'
import { inFolder, loneEnv, startNorenChild, WEBHOOK_SECRET } from './noren-env.ts'
import { type Sent, sendLetters } from './send-letters.ts'

const LETTERS = 20_000
const CONNECTIONS = 200
/** A house that has just opened grows by itself until it has seen some work. */
const WARM_UP = 10_000

type Round = { sent: Sent; before: number; highest: number; after: number }

/**
 * 20,000 webhooks at 200 connections: against the house as it is, on either engine, and against one
 * whose database another program holds locked, where nobody may be told 200 and nothing may pile up.
 */
export function measureFlood(): Promise<Outcome> {
  return inFolder(async (file) => {
    const env = { ...loneEnv(file), PROCESS: 'web' }
    const rounds: [string, Round][] = [
      ['SQLite', await once(env)],
      ['SQLite, locked', await once(env, () => lock(file))],
    ]
    const postgres = await startTempPostgres({ fsync: true })
    rounds.push(['Postgres', await once({ ...env, DATABASE_URL: postgres.url })])
    await postgres.close()
    return {
      title: `A flood: ${LETTERS} webhooks at ${CONNECTIONS} connections`,
      head: [
        'books',
        '200',
        '503',
        'others',
        'p50 ms',
        'p99 ms',
        'MB before',
        'most MB',
        'MB after',
      ],
      rows: rounds.map(([name, round]) => row(name, round)),
      verdicts: rounds.flatMap(([name, round]) => verdictsOf(name, round)),
    }
  })
}

/** As another program would hold it; returns how it lets go. */
function lock(file: string): () => void {
  const other = new Database(file)
  other.exec('begin immediate')
  return () => other.close()
}

function row(name: string, { sent, before, highest, after }: Round): (string | number)[] {
  const { ok, busy, others } = countsOf(sent)
  return [name, ok, busy, others, sent.p50, sent.p99, before, highest, after]
}

function countsOf({ statuses }: Sent) {
  const { 200: ok = 0, 503: busy = 0, ...rest } = statuses
  return { ok, busy, others: Object.values(rest).reduce((sum, each) => sum + each, 0) }
}

function verdictsOf(name: string, { sent, before, highest, after }: Round): string[] {
  return [
    verdict(`${name}: answers that are neither 200 nor 503`, countsOf(sent).others, { most: 0 }),
    verdict(`${name}: MB more at the worst moment`, highest - before, { most: 100 }),
    verdict(`${name}: MB more afterwards`, after - before, { most: 30 }),
  ]
}

async function once(env: Record<string, string>, hinder?: () => () => void): Promise<Round> {
  const noren = await startNorenChild(env)
  await flood(noren, WARM_UP)
  const before = await atRest(noren)
  let highest = before
  let flooding = true
  const release = hinder?.()
  const watch = (async () => {
    for (; flooding; await wait(50)) highest = Math.max(highest, await memory(noren))
  })()
  const sent = await flood(noren, LETTERS)
  flooding = false
  await watch
  release?.()
  const after = await atRest(noren)
  await noren.stop()
  return { sent, before, highest, after }
}

function flood(noren: Child, count: number): Promise<Sent> {
  const letters = makeLetters(count, WEBHOOK_SECRET, 'checkout.session.completed')
  return sendLetters(noren.url, letters, CONNECTIONS)
}

/** Resident, in MB */
const memory = async (noren: Child) => (await noren.ask<number>('memory')) / 1_048_576

/** The same, after V8 was asked for all that it does not need. */
const atRest = async (noren: Child) => (await noren.ask<number>('memory at rest')) / 1_048_576
