import { expect, test } from 'vitest'
import { runLong } from './chaos/long-run.ts'
import { chooseSeed } from './chaos/seed.ts'

const seed = chooseSeed()

test(`on a bad day every paid order is told once to the buyer and once to the shop (CHAOS_SEED=${seed})`, async () => {
  const found = await runLong({
    seed,
    orders: 200,
    ordersPerSecond: 40,
    roles: ['all'],
    killEvery: 2_500,
    kills: 3,
    hangs: 1,
    slowness: 1_000,
    hurry: true,
    patience: 90_000,
  })
  expect(found.stories.join('\n')).toBe('')
  expect(found).toMatchObject({ lost: [], double: [], wrong: [], forgotten: [], fell: [] })
  expect(found.kills).toBeGreaterThan(0)
  expect(found.paid).toBeGreaterThan(150)
}, 180_000)
