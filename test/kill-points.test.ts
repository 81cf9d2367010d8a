import { expect, test } from 'vitest'
import { killBetweenSteps } from './chaos/kill-points.ts'

/** Each costs a kill and a start; `npm run chaos -- kill-points` takes the finer ones too. */
const STEPS = [
  'webhook written, not answered',
  'claimed, not fetched',
  'fetched, not written',
  'push sent, not arrived',
  'push taken, not answered',
  'push answered, not marked',
  'message marked, its job still there',
]

test('a house that is killed at any step of an order sends its message, and sends it once', async () => {
  const { hits, lost, double } = await killBetweenSteps({ hits: 1, steps: STEPS })
  expect(hits).toEqual(Object.fromEntries(STEPS.map((step) => [step, 1])))
  expect({ lost, double }).toEqual({ lost: [], double: [] })
}, 180_000)
