import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { startNoren } from '../../server/start.ts'
import { serveParent } from './child.ts'

/** Noren exactly as `npm start` runs it, with the environment that the parent gave. */
const running = await startNoren({
  appDir: process.env['BENCH_APP_DIR'] ?? '',
  logLevel: 'error',
})
const memory = () => process.memoryUsage.rss()
serveParent({ url: running.url }, { memory, 'memory at rest': memoryAtRest }, () => running.close())

/** Twice, and a moment in between: what the first sets free is given back by the second. */
async function memoryAtRest(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let times = 0; times < 2; times++) {
    collect()
    await wait(500)
  }
  return memory()
}
