import { startNoren } from '../../server/start.ts'
import { serveParent } from './child.ts'

/** Noren exactly as `npm start` runs it, with the environment that the parent gave. */
const running = await startNoren({
  appDir: process.env['BENCH_APP_DIR'] ?? '',
  logLevel: 'error',
})
serveParent({ url: running.url }, {}, () => running.close())
