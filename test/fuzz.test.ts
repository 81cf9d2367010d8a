import { expect, test } from 'vitest'
import { runFuzz } from './fuzz/run-fuzz.ts'
import { ENGINES } from './support/engines.ts'

/** The short form; `npm run chaos -- fuzz` sends 200,000. */
test.each(ENGINES)(
  'a thousand random requests at all doors break nothing, leave nothing behind and see nobody else’s things (%s)',
  async (engine) => {
    const figures = await runFuzz({ requests: 1_000, house: { engine } })
    const how = `again with seed ${figures.seed}`
    expect(figures.faults, how).toEqual([])
    expect(figures.grownMb, how).toBeLessThan(20)
    // Nothing is shown by a run in which nobody got in.
    for (const door of [
      '/webhooks/stripe',
      '/webhooks/line',
      '/webhooks/discord',
      '/api/orders',
      '/api/me',
    ])
      expect(figures.answers[`${door} 200`], `${door}, ${how}`).toBeGreaterThan(0)
    expect(figures.held, how).toBeGreaterThan(100)
  },
  60_000,
)
