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

/** V8 keeps room for the next flood as long as nobody wants it; this is how somebody who does asks. */
async function memoryAtRest(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as NodeJS.GCFunction
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  await wait(500)
  return memory()
}
