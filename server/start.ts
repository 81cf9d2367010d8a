import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { type Config, loadConfig } from './config.ts'
import { type Furnished, furnish, systemClock, WORKER_GAP_MS } from './furnish.ts'
import { openIdentity } from './line/identity.ts'
import { openLog } from './log.ts'
import { atMost, openWork } from './open-work.ts'
import { refreshCatalogue } from './shop/catalogue.ts'
import { readShopPage } from './shop/shop-page.ts'
import { HALF_COPIED, isHalfCopied } from './store/half-copy.ts'
import { openLedger } from './store/open-store.ts'
import { createRecorder } from './store/record-events.ts'
import type { Work } from './work.ts'

export type Running = {
  /** http://host:port, or null where this process is a worker only */
  url: string | null
  /** Finishes what is in hand, within 10 s or what the options say. */
  close(): Promise<void>
}

export type StartOptions = {
  /** For programs that open a house inside their own process; its worker gets the same. */
  env?: Record<string, string>
  appDir?: string
  logLevel?: string
  /** How long a stop may take; what is not done by then is taken up again by the next start. Default 10. */
  stopSeconds?: number
}

/**
 * Of a stop's time this much is kept for closing the books. A database that does not answer then loses
 * some counts: whatever was promised is on its disk, or was never answered.
 */
const LAST_WORDS_MS = 1_000

const APP_DIR = join(import.meta.dirname, '..', 'dist')

/**
 * Opens the shop: config, store, adapters, rooms, doors. Throws a sentence when it cannot.
 */
export async function startNoren(options: StartOptions = {}): Promise<Running> {
  const log = openLog(options.logLevel)
  const config = options.env ? await loadConfig(options.env) : await loadConfig()
  const appDir = options.appDir ?? APP_DIR
  if (config.process !== 'worker') readShopPage(appDir)
  const gapMs = config.process === 'worker' ? WORKER_GAP_MS : 0
  const furnished = furnish(config, systemClock, log, gapMs)
  await furnished.store.migrate()
  if (await isHalfCopied(furnished.store.db)) {
    await furnished.close()
    throw new Error(HALF_COPIED)
  }
  const limitMs = (options.stopSeconds ?? 10) * 1_000
  const stopMs = Math.max(limitMs - LAST_WORDS_MS, limitMs / 2)
  const work = openWork(config.process, furnished, { ...options, stopMs }, log)
  if (config.process === 'worker')
    return { url: null, close: () => atMost(limitMs, closeAll(furnished, work)) }

  const report = (error: unknown) => log.error({ err: error }, 'the ledger failed')
  const ledger = openLedger(config.database, { report })
  const record = createRecorder(ledger.write, work.ring, report)
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
  const closeHouse = async () => {
    await Promise.all([closeDoors(app, stopMs), work.stop()])
    await ledger.close()
    await furnished.close()
  }
  const close = () => atMost(limitMs, closeHouse())
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

/** Answers what has been asked; a caller who never ends the question must not keep the house open. */
async function closeDoors(app: FastifyInstance, stopMs: number): Promise<void> {
  const limit = setTimeout(() => app.server.closeAllConnections(), stopMs)
  await app.close()
  clearTimeout(limit)
}

async function closeAll(furnished: Furnished, work: Work): Promise<void> {
  await work.stop()
  await furnished.close()
}
