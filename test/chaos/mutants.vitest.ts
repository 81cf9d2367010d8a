import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import type { Reporter } from 'vitest/node'
import { MUTANTS, type Mutant } from './mutants.ts'
import type { Ran } from './try-mutants.ts'

const ROOT = join(import.meta.dirname, '..', '..')

/** One project for each mistake, which is made while the file is read; nothing on the disk changes. */
export default defineConfig({
  test: {
    root: ROOT,
    maxWorkers: 2,
    reporters: [reportTo(process.env['MUTANTS_REPORT'] ?? '')],
    projects: MUTANTS.map((mutant) => project(mutant)),
  },
})

function project(mutant: Mutant) {
  return {
    plugins: [makeMistake(mutant)],
    test: {
      name: mutant.name,
      root: ROOT,
      environment: 'node' as const,
      include: [mutant.caughtBy.file],
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  }
}

function makeMistake({ name, changes }: Mutant): Plugin {
  return {
    name,
    enforce: 'pre',
    transform(text, id) {
      const path = id.replaceAll('\\', '/')
      const mine = changes.filter(({ file }) => path.endsWith(`/${file}`))
      return mine.reduce((mistaken, { from, to }) => mistaken.replace(from, () => to), text)
    },
  }
}

function reportTo(file: string): Reporter {
  return {
    onTestRunEnd(modules, unhandled) {
      const ran: Record<string, Ran> = {}
      for (const each of modules) {
        const sum = ran[each.project.name] ?? { passed: 0, failed: 0, words: '' }
        ran[each.project.name] = sum
        sum.passed += [...each.children.allTests('passed')].length
        const failed = [...each.children.allTests('failed')]
        sum.failed += failed.length
        const errors = [...each.errors(), ...failed.flatMap((test) => test.result().errors ?? [])]
        for (const { stack, message } of errors) sum.words += `${stack ?? message}\n`
      }
      // Of no test, so of all of them: a run that broke must not look like one that passed.
      for (const { stack, message } of unhandled)
        for (const sum of Object.values(ran)) sum.words += `${stack ?? message}\n`
      writeFileSync(file, JSON.stringify(ran))
    },
  }
}
