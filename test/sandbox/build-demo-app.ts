import { join } from 'node:path'
import { build } from 'vite'

/**
 * Builds the LIFF app with LINE's stand-in in place of LINE's own hosts, into dist-demo. Takes about a
 * second, so it is done at each start: an old build can never be mistaken for today's.
 */
export async function buildDemoApp(): Promise<void> {
  await build({
    configFile: join(import.meta.dirname, '..', '..', 'vite.config.ts'),
    mode: 'demo',
    logLevel: 'error',
  })
}
