import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MUTANTS } from './mutants.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const CONFIG = join(import.meta.dirname, 'mutants.vitest.ts')
export const UNCHANGED = 'as it is'

export type Ran = { passed: number; failed: number; words: string }

/**
 * Each mutant's test with its mistake, and all of them without one, in a single run: starting six costs
 * four times as much. By the mutant's name, and `UNCHANGED`. Rejects when a text is not found.
 */
export async function tryMutants(): Promise<Record<string, Ran>> {
  for (const { name, changes } of MUTANTS)
    for (const { file, from } of changes)
      if (readFileSync(join(ROOT, file), 'utf8').split(from).length !== 2)
        throw new Error(`the mutant "${name}" needs just one "${from}" in ${file}: follow the code`)
  const folder = mkdtempSync(join(tmpdir(), 'noren-mutants-'))
  try {
    return await runAll(join(folder, 'report.json'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runAll(report: string): Promise<Record<string, Ran>> {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const tests = MUTANTS.map(({ caughtBy }) => caughtBy.test)
  const names = [...new Set(tests)].map((test) => test.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const words = ['run', '--config', CONFIG, '-t', names.join('|')]
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    CI: '1',
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'compiled'),
    MUTANTS_REPORT: report,
  }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [vitest, ...words], { cwd: ROOT, env }, (_error, out, err) => {
      try {
        resolve(JSON.parse(readFileSync(report, 'utf8')))
      } catch {
        reject(new Error(`no report of the mutants:\n${out}${err}`))
      }
    })
  })
}
