import { expect, test } from 'vitest'
import { killBetweenSteps } from './chaos/kill-points.ts'
import { TRAPS } from './chaos/traps.ts'

test('a house that is killed at any step of an order sends its message, and sends it once', async () => {
  const { hits, lost, double } = await killBetweenSteps({ hits: 1 })
  expect(hits).toEqual(Object.fromEntries(TRAPS.map(({ step }) => [step, 1])))
  expect({ lost, double }).toEqual({ lost: [], double: [] })
}, 180_000)
