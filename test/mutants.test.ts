import { beforeAll, describe, expect, test } from 'vitest'
import { MUTANTS } from './chaos/mutants.ts'
import { type Ran, tryMutants, UNCHANGED } from './chaos/try-mutants.ts'

describe('mistakes made on purpose', () => {
  let ran: Record<string, Ran>

  beforeAll(async () => {
    ran = await tryMutants()
  }, 180_000)

  test('the tests that find them pass as long as nobody makes them', () => {
    expect(ran[UNCHANGED]).toEqual({
      passed: new Set(MUTANTS.map((each) => each.caughtBy.test)).size,
      failed: 0,
      words: '',
    })
  })

  test.each(MUTANTS)('$name: a test fails', ({ name }) => {
    expect(ran[name]).toMatchObject({ passed: 0, failed: 1 })
    // The promise was broken, and not the file.
    expect(ran[name]?.words).toContain('AssertionError')
  })
})
