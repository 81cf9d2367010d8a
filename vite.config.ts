import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { lineStandInEndpoints } from './test/sandbox/line-stand-in-endpoints.ts'
import { LongFilesFirst } from './test/support/long-files-first.ts'

const FORGETFUL = 'test/member-pages.test.ts'

const EVERY_RUN = ['test/support/work-in-memory.ts', 'test/support/compile-once.ts']

/**
 * Houses are opened and closed by the hundred: with room for the young, a tenth less of the processor's
 * time goes into sorting what lives from what does not (27 -> 24 ms a house).
 */
const ROOM_FOR_THE_YOUNG = ['--min-semi-space-size=32', '--max-semi-space-size=96']

/**
 * `vite build` makes the real LIFF app in dist/. `vite build --mode demo` makes the same app with the
 * LIFF SDK's own endpoints on the page's origin, in dist-demo/, for the demo and the end-to-end tests.
 */
export default defineConfig(({ mode }) => ({
  root: 'liff-app',
  plugins: mode === 'demo' ? [lineStandInEndpoints(), precompress()] : [precompress()],
  build: {
    outDir: mode === 'demo' ? '../dist-demo' : '../dist',
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: {
      // The first page in one file: on a slow line eight small files cost more than their bytes.
      output: { codeSplitting: { groups: [{ name: 'shop', test: /liff-app\/main\.tsx$/ }] } },
    },
  },
  test: {
    root: import.meta.dirname,
    sequence: { sequencer: LongFilesFirst },
    reporters: ['default', './test/support/summary-reporter.ts'],
    projects: [
      {
        test: {
          name: 'house',
          root: import.meta.dirname,
          // Many wait for killed processes and silent vendors; two files more keep two cores busy then.
          maxWorkers: 4,
          // Each file would load the server anew: a fifth of the time. No test leaves anything in a module that another trips over.
          isolate: false,
          execArgv: ROOM_FOR_THE_YOUNG,
          environment: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', FORGETFUL, 'node_modules/**'],
          testTimeout: 20_000,
          globalSetup: [...EVERY_RUN, 'test/support/shared-postgres.ts'],
          // The first that asks for Postgres waits for its start: 2 s, more on a busy machine.
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          // Begins anew in the middle, as a page that is loaded again: the houses' modules are not to be forgotten with it.
          name: 'house, page reloaded',
          root: import.meta.dirname,
          // As many as the houses have, or it would be run alone at the end (on two cores), or refused (on four).
          maxWorkers: 4,
          environment: 'node',
          include: [FORGETFUL],
        },
      },
      {
        test: {
          // What a shop lives by, once more on the other engine.
          name: 'house on postgres',
          root: import.meta.dirname,
          maxWorkers: 4,
          isolate: false,
          execArgv: ROOM_FOR_THE_YOUNG,
          environment: 'node',
          include: ['test/orders.test.ts', 'test/desk.test.ts'],
          testTimeout: 60_000,
          globalSetup: [...EVERY_RUN, 'test/support/shared-postgres.ts'],
          hookTimeout: 30_000,
          provide: { engine: 'postgres' },
        },
      },
      {
        test: {
          name: 'e2e',
          root: import.meta.dirname,
          // Afterwards, and by themselves: pages wait for one another, so that a third browser keeps two cores busy.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          // As above: a seventh of the processor's time.
          isolate: false,
          execArgv: ROOM_FOR_THE_YOUNG,
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: [...EVERY_RUN, 'test/support/unpack-early.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
}))

/** Writes each asset once more as .br and .gz, so that a small server never compresses while a buyer waits. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle({ dir = '' }) {
      const assets = join(dir, 'assets')
      for (const name of readdirSync(assets).filter((each) => /\.(js|css|svg)$/.test(each))) {
        const plain = readFileSync(join(assets, name))
        writeFileSync(join(assets, `${name}.br`), brotliCompressSync(plain))
        writeFileSync(join(assets, `${name}.gz`), gzipSync(plain, { level: 9 }))
      }
    },
  }
}
