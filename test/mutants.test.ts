import { beforeAll, describe, expect, test } from 'vitest'
import { MUTANTS } from './chaos/mutants.ts'
import { type Ran, tryMutants } from './chaos/try-mutants.ts'

describe('mistakes made on purpose', () => {
  let ran: Record<string, Ran>

  beforeAll(async () => {
    ran = await tryMutants()
  }, 180_000)

  test.each(MUTANTS)('$name: a test fails', ({ name }) => {
    expect(ran[name]).toMatchObject({ passed: 0, failed: 1 })
    // The promise was broken, and not the file.
    expect(ran[name]?.words).toContain('AssertionError')
  })
})
