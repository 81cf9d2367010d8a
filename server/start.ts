import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { type Config, loadConfig } from './config.ts'
import { type Furnished, furnish, systemClock } from './furnish.ts'
import { openIdentity } from './line/identity.ts'
import { openLog } from './log.ts'
import { createHandler } from './reactions.ts'
import { refreshCatalogue } from './shop/catalogue.ts'
import { readShopPage } from './shop/shop-page.ts'
import { migrate } from './store/migrate.ts'
import { openWriter } from './store/open-writer.ts'
import { createRecorder } from './store/record-events.ts'
import { startWork, type Work } from './work.ts'

export type Running = {
  /** http://host:port, or null where this process is a worker only */
  url: string | null
  /** Finishes what is in hand, within 10 s. */
  close(): Promise<void>
}

export type StartOptions = {
  /** For programs that open a house inside their own process; its worker gets the same. */
  env?: Record<string, string>
  appDir?: string
  logLevel?: string
}

/** How long a stop may take; what is not done by then is taken up again by the next start. */
const STOP_SECONDS = 10
/** What Node calls the thread of a worker that has ended; it will not say goodbye a second time. */
const DEAD_THREAD = -1
const APP_DIR = join(import.meta.dirname, '..', 'dist')

/**
 * Opens the shop: config, store, adapters, rooms, doors. Throws a sentence when it cannot.
 */
export async function startNoren(options: StartOptions = {}): Promise<Running> {
  const log = openLog(options.logLevel)
  const report = (error: unknown) => log.error({ err: error }, 'a job failed')
  const config = options.env ? await loadConfig(options.env) : await loadConfig()
  const appDir = options.appDir ?? APP_DIR
  if (config.process !== 'worker') readShopPage(appDir)
  const furnished = furnish(config, systemClock, report)
  await migrate(furnished.store.db)
  const work = openWork(config.process, furnished, options, log)
  if (config.process === 'worker') return { url: null, close: () => closeAll(furnished, work) }

  const pen = openWriter(config.databaseFile, report)
  const record = createRecorder(pen.write, work.ring)
  const verifyIdentity = openIdentity({
    apiBase: config.line.apiBase,
    channelId: config.liff.channelId,
    clock: systemClock,
  })
  const rooms = { ...furnished, config, clock: systemClock, record, ring: work.ring, appDir, log }
  const app = await buildApp({ ...rooms, verifyIdentity })
  void refreshCatalogue(furnished.catalogue).catch((error) =>
    log.warn({ err: error }, 'Stripe did not list the offers; the shop shows the last known ones'),
  )
  const close = async () => {
    await app.close()
    await pen.close()
    await closeAll(furnished, work)
  }
  const url = await listen(app, config).catch(async (error) => {
    await close()
    throw error
  })
  log.info({ url, publicUrl: config.publicUrl }, 'the curtain is up')
  return { url, close }
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    return await app.listen({ port, host })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'EADDRINUSE' ? 'another program already uses this port' : message
    throw new Error(`Nothing can be opened at ${host}:${port}: ${why}. Check PORT and HOST.`, {
      cause: error,
    })
  }
}

function openWork(
  process: 'all' | 'web' | 'worker',
  furnished: Furnished,
  options: StartOptions,
  log: FastifyBaseLogger,
): Work {
  const report = (error: unknown) => log.error({ err: error }, 'a job failed')
  if (process === 'web') return { ring: () => {}, stop: async () => {} }
  if (process === 'all') return startThread(options, log)
  const handle = createHandler(furnished.house)
  return startWork({ store: furnished.store, handle, clock: systemClock, report })
}

/** A thread that dies is started again: webhooks go on being accepted, so somebody must do the work. */
function startThread({ env, logLevel }: StartOptions, log: FastifyBaseLogger): Work {
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
      const limit = setTimeout(() => void thread.terminate(), STOP_SECONDS * 1_000)
      await gone
      clearTimeout(limit)
    },
  }
}

async function closeAll(furnished: Furnished, work: Work): Promise<void> {
  await work.stop()
  await furnished.store.close()
}
