import { Worker } from 'node:worker_threads'
import type { FastifyBaseLogger } from 'fastify'
import { type Furnished, systemClock } from './furnish.ts'
import { startWorker } from './start-worker.ts'
import type { Work } from './work.ts'

/** What Node calls the thread of a worker that has ended; it will not say goodbye a second time. */
const DEAD_THREAD = -1

type WorkOptions = {
  env?: Record<string, string>
  logLevel?: string
  /** What is in hand longer than this after a stop is left to the next start */
  stopMs: number
}

/** Whoever does the jobs of this process: a thread of its own, this very loop (`worker`), or nobody (`web`). */
export function openWork(
  process: 'all' | 'web' | 'worker',
  furnished: Furnished,
  options: WorkOptions,
  log: FastifyBaseLogger,
): Work {
  const report = (error: unknown) => log.error({ err: error }, 'the queue has trouble of its own')
  if (process === 'web') return { ring: () => {}, stop: async () => {} }
  if (process === 'all') return startThread(options, log)
  const work = startWorker(furnished, systemClock, report)
  return { ...work, stop: () => atMost(options.stopMs, work.stop()) }
}

/** A thread that dies is started again: webhooks go on being accepted, so somebody must do the work. */
function startThread({ env, logLevel, stopMs }: WorkOptions, log: FastifyBaseLogger): Work {
  let stopping = false
  let thread = open()

  function open(): Worker {
    const worker = new Worker(new URL('./worker-thread.ts', import.meta.url), {
      ...(env ? { env } : {}),
      workerData: { logLevel },
    })
    worker.on('error', (error) => log.error({ err: error }, 'the worker thread died'))
    worker.on('exit', () => {
      if (!stopping)
        setTimeout(() => {
          if (!stopping) thread = open()
        }, 1_000)
    })
    return worker
  }

  return {
    ring: () => thread.postMessage('ring'),
    async stop() {
      stopping = true
      if (thread.threadId === DEAD_THREAD) return
      const gone = new Promise((resolve) => thread.once('exit', resolve))
      thread.postMessage('stop')
      const limit = setTimeout(() => void thread.terminate(), stopMs)
      await gone
      clearTimeout(limit)
    },
  }
}

/** Resolves when it is done or the time is over; what is not done by then goes on by itself. */
export async function atMost(limitMs: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs)
  })
  await Promise.race([done, limit])
  clearTimeout(timer)
}
