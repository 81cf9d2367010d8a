import { expect, test } from 'vitest'
import { runLong } from './chaos/long-run.ts'
import { chooseSeed } from './chaos/seed.ts'
import { makeDatabase } from './support/postgres-database.ts'
import { startTempPostgres } from './support/temp-postgres.ts'

const seed = chooseSeed()
const SHORT = {
  seed,
  // What a test key allows would be the longest part of it.
  stripeRate: '200/200',
  ordersPerSecond: 40,
  slowness: 1_000,
  hurry: true,
  patience: 90_000,
}

test(`on a bad day every paid order is told once to the buyer and once to the shop (CHAOS_SEED=${seed})`, async () => {
  const found = await runLong({
    ...SHORT,
    orders: 70,
    roles: ['all'],
    killEvery: 1_200,
    kills: 2,
    hangs: 1,
  })
  expect(found.stories.join('\n')).toBe('')
  expect(found).toMatchObject({ lost: [], double: [], wrong: [], forgotten: [], fell: [] })
  expect(found.kills).toBeGreaterThan(0)
  expect(found.paid).toBeGreaterThan(50)
}, 180_000)

test(`the same with two web and two worker processes on Postgres, which crashes too (CHAOS_SEED=${seed})`, async () => {
  const postgres = await startTempPostgres()
  const { url } = await makeDatabase(postgres.url, { empty: true })
  const found = await runLong({
    ...SHORT,
    orders: 30,
    roles: ['web', 'web', 'worker', 'worker'],
    killEvery: 800,
    kills: 1,
    // Ten seconds each; on the other engine they are waited for.
    hangs: 0,
    databaseUrl: url,
    midway: async () => {
      await postgres.stop('immediate')
      await postgres.start()
    },
  }).finally(() => postgres.close())
  expect(found.stories.join('\n')).toBe('')
  expect(found).toMatchObject({ lost: [], double: [], wrong: [], forgotten: [], fell: [] })
  expect(found.paid).toBeGreaterThan(18)
}, 180_000)
