import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MUTANTS } from './mutants.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const CONFIG = join(import.meta.dirname, 'mutants.vitest.ts')

export type Ran = { passed: number; failed: number; words: string }

/**
 * Each mutant's test with its mistake, in a single run: starting five costs four times as much. That the
 * same tests pass where nobody makes it is seen by the run that this one is a part of. By the mutant's name.
 * Rejects when a text is not found.
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
