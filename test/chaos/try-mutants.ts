import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mutant } from './mutants.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const COPIED = [
  'server',
  'shared',
  'liff-app',
  'test',
  'package.json',
  'shop.config.ts',
  'tsconfig.json',
  'vite.config.ts',
]
/** Large, and none of these tests looks at it */
const NOT_COPIED = /[\\/]test[\\/](e2e|bench|demo-page)/

export type Ran = { passed: number; failed: number; words: string }

/** Runs one test of a copy of this tree that has the mistake in it. Throws when a text is not found. */
export function runMutant({ name, changes, caughtBy }: Mutant): Promise<Ran> {
  return inCopy((folder) => {
    for (const { file, from, to } of changes) {
      const path = join(folder, file)
      const text = readFileSync(path, 'utf8')
      if (text.split(from).length !== 2)
        throw new Error(`the mutant "${name}" needs just one "${from}" in ${file}: follow the code`)
      writeFileSync(
        path,
        text.replace(from, () => to),
      )
    }
    return runTests(folder, [caughtBy])
  })
}

/** The same tests on a copy without a mistake. */
export function runUnchanged(mutants: readonly Mutant[]): Promise<Ran> {
  return inCopy((folder) =>
    runTests(
      folder,
      mutants.map(({ caughtBy }) => caughtBy),
    ),
  )
}

async function inCopy<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'noren-mutant-'))
  try {
    for (const name of COPIED)
      cpSync(join(ROOT, name), join(folder, name), {
        recursive: true,
        filter: (path) => !NOT_COPIED.test(path.slice(ROOT.length)),
      })
    mkdirSync(join(folder, 'dist'))
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction')
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runTests(folder: string, tests: readonly Mutant['caughtBy'][]): Promise<Ran> {
  const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs')
  const files = [...new Set(tests.map(({ file }) => file))]
  const names = tests.map(({ test }) => test.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const report = join(folder, 'report.json')
  const words = [
    'run',
    '--project',
    'house',
    '-t',
    names,
    '--reporter=json',
    `--outputFile=${report}`,
  ]
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', CI: '1' }
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [vitest, ...words, ...files],
      { cwd: folder, env },
      (_error, out, err) => {
        try {
          resolve(readReport(report))
        } catch {
          reject(new Error(`no report of ${files.join(', ')}:\n${out}${err}`))
        }
      },
    )
  })
}

function readReport(file: string): Ran {
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
    testResults: { message: string; assertionResults: { failureMessages: string[] | null }[] }[]
  }
  const messages = report.testResults.flatMap(({ message, assertionResults }) => [
    message,
    ...assertionResults.flatMap(({ failureMessages }) => failureMessages ?? []),
  ])
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    words: messages.filter(Boolean).join('\n'),
  }
}
