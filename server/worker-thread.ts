import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { loadConfig } from './config.ts'
import { furnish, systemClock, WORKER_GAP_MS } from './furnish.ts'
import { openLog } from './log.ts'
import { startWorker } from './start-worker.ts'

/**
 * The worker beside a web process: a thread of its own, because delivering in the letterbox's loop
 * makes Stripe wait (measured: p99 of the answer from 39 to 168 ms at 300 orders a second).
 */
// On Linux a priority is a thread's own: where cores are few, answering Stripe goes first. Elsewhere it
// would be the whole process's, and change nothing between its threads.
if (process.platform === 'linux') setPriority(10)

const log = openLog((workerData as { logLevel?: string } | null)?.logLevel)
const report = (error: unknown) => log.error({ err: error }, 'the queue has trouble of its own')
const furnished = furnish(await loadConfig(), systemClock, log, WORKER_GAP_MS)
await furnished.store.migrate()
const work = startWorker(furnished, systemClock, report)

parentPort?.on('message', async (message: 'ring' | 'stop') => {
  if (message === 'ring') return work.ring()
  await work.stop()
  await furnished.close()
  process.exit(0)
})
