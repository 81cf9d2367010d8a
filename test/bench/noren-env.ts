import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, startChild } from './child.ts'

/** An empty page stands for the LIFF app where only the server is measured. */
const APP_DIR = join(import.meta.dirname, '..', 'support', 'app')
export const WEBHOOK_SECRET = 'whsec_for_the_benchmark'

/** A Noren without vendors: for what never leaves the house. */
export function loneEnv(databaseFile: string): Record<string, string> {
  return {
    PORT: '0',
    DATABASE_URL: `file:${databaseFile}`,
    STRIPE_SECRET_KEY: 'sk_test_benchmark',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_BASE: 'http://127.0.0.1:9',
    LINE_CHANNEL_SECRET: 'channel-secret',
    LINE_CHANNEL_ACCESS_TOKEN: 'token',
    LINE_API_BASE: 'http://127.0.0.1:9',
    LIFF_ID: '2000000001-BenchApp',
    REFERENCE_SECRET: 'reference-secret-of-the-benchmark-1',
    SESSION_SECRET: 'session-secret-of-the-benchmark-0001',
    BENCH_APP_DIR: APP_DIR,
  }
}

/** The same with vendors that were started by `serve-vendors.ts`. */
export function vendorEnv(vendors: Child, databaseFile: string): Record<string, string> {
  const told = vendors.told as Record<string, string>
  return {
    ...loneEnv(databaseFile),
    STRIPE_SECRET_KEY: told['secretKey'] ?? '',
    STRIPE_WEBHOOK_SECRET: told['webhookSecret'] ?? '',
    STRIPE_API_BASE: vendors.url,
    // The stand-in has no limit unless it is given one.
    STRIPE_RATE: '100000/100000',
    LINE_CHANNEL_SECRET: told['channelSecret'] ?? '',
    LINE_CHANNEL_ACCESS_TOKEN: told['channelAccessToken'] ?? '',
    LINE_API_BASE: told['lineUrl'] ?? '',
    LIFF_ID: told['liffId'] ?? '',
  }
}

export function startNorenChild(env: Record<string, string>): Promise<Child> {
  return startChild('./serve-noren.ts', env)
}

/** A folder for a database, gone when the work is done. */
export async function inFolder<T>(work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'noren-bench-'))
  try {
    return await work(join(folder, 'noren.db'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
