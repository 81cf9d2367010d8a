import { beforeAll, describe, expect, test } from 'vitest'
import { MUTANTS } from './chaos/mutants.ts'
import { type Ran, runMutant, runUnchanged } from './chaos/try-mutants.ts'

const AT_ONCE = 2

describe('mistakes made on purpose', () => {
  const ran = new Map<string, Ran>()
  let unchanged: Ran

  beforeAll(async () => {
    const left = [...MUTANTS]
    const work = async () => {
      for (let mutant = left.shift(); mutant; mutant = left.shift())
        ran.set(mutant.name, await runMutant(mutant))
    }
    const original = runUnchanged(MUTANTS).then((result) => {
      unchanged = result
    })
    await Promise.all([original.then(work), ...Array.from({ length: AT_ONCE - 1 }, work)])
  }, 180_000)

  test('the tests that find them pass as long as nobody makes them', () => {
    expect(unchanged).toEqual({
      passed: new Set(MUTANTS.map((each) => each.caughtBy.test)).size,
      failed: 0,
      words: '',
    })
  })

  test.each(MUTANTS)('$name: a test fails', ({ name }) => {
    expect(ran.get(name)).toMatchObject({ passed: 0, failed: 1 })
    // The promise was broken, and not the file.
    expect(ran.get(name)?.words).toContain('AssertionError')
  })
})
