import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { createLineSandbox } from '../sandbox/line/start.ts'
import { sandboxEnv } from '../sandbox/sandbox-env.ts'
import { createStripeSandbox } from '../sandbox/stripe/start.ts'
import type { Happening } from '../sandbox/types.ts'
import { COMPILED, endWith, freePort, startMain, untilReady } from './houses.ts'
import { isThrough, type Scene } from './scene.ts'
import { writeShop } from './shop-file.ts'
import type { Wish } from './shoppers.ts'
import type { Trap } from './traps.ts'

const TRAP_MS = 8_000
const SETTLE_MS = 60_000
const nap = new Int32Array(new SharedArrayBuffer(4))

/** One real house between stand-ins that can be frozen, and a hand on its database's lock. */
export async function openStage() {
  const folder = mkdtempSync(join(tmpdir(), 'noren-kill-'))
  const watchers = new Set<(happening: Happening) => void>()
  const watch = (happening: Happening) => {
    for (const each of [...watchers]) each(happening)
  }
  const answers = new Map<string, number[]>()
  const stripe = await createStripeSandbox({ watch, carry })
  const line = await createLineSandbox({ watch })
  const url = `http://127.0.0.1:${await freePort()}`
  stripe.sendWebhooksTo(`${url}/webhooks/stripe`)
  const file = join(folder, 'noren.db')
  const place = { database: `file:${file}`, publicUrl: url, port: Number(new URL(url).port) }
  const env = { ...sandboxEnv({ stripe, line }, place), SHOP_CONFIG: writeShop(folder, null) }
  const link = stripe.addLink({ items: [{ name: '煎茶', amount: 1_980 }], currency: 'jpy' })
  const wishes: Wish[] = []
  // Once in peace where nobody was before, so that what Node compiles is kept for the starts to come.
  if (!existsSync(COMPILED)) await endWith(await start(), 'SIGTERM')
  let child = await start()
  const database = new Database(file, { timeout: 0 })
  let closed = false

  /** Stripe's patience, in milliseconds instead of days. */
  async function carry(
    stored: { event: { data: { object: unknown } } },
    send: () => Promise<number>,
  ) {
    const { id = '' } = stored.event.data.object as { id?: string }
    for (;;) {
      const status = await send()
      answers.set(id, [...(answers.get(id) ?? []), status])
      if (status === 200 || closed) return status
      await wait(50)
    }
  }

  async function start(): Promise<ChildProcess> {
    const made = startMain({ env, cwd: folder, log: join(folder, 'noren.log') })
    await untilReady(url, made)
    return made
  }

  function tryLock(): boolean {
    try {
      if (!database.inTransaction) database.exec('begin immediate')
      return true
    } catch (error) {
      if ((error as { code?: unknown }).code === 'SQLITE_BUSY') return false
      throw error
    }
  }

  function lock(): void {
    while (!tryLock()) Atomics.wait(nap, 0, 0, 1)
  }

  /** Time that teaches nothing: a dead one's claims, the pause before a next try. */
  function skip(change: string): void {
    lock()
    database.exec(`update jobs set ${change}; commit`)
  }

  function sceneOf(session: string, signal = AbortSignal.abort()): Scene {
    return {
      stripe,
      line,
      session,
      signal,
      url,
      answers: answers.get(session) ?? [],
      lock,
      tryLock,
      unlock: () => void (database.inTransaction && database.exec('rollback')),
      holds: (text) =>
        database.prepare(text).get(text.includes('$session') ? { session } : {}) !== undefined,
      answered: (on) => nextAnswer(watchers, on),
    }
  }

  async function settled(): Promise<void> {
    const open = database.prepare(
      `select (select count(*) from events where handled_at is null)
        + (select count(*) from deliveries where state = 'pending') as open`,
    )
    const told = () => wishes.every(({ session }) => answers.get(session)?.includes(200))
    const began = performance.now()
    while (!told() || (open.get() as { open: number }).open > 0) {
      if (performance.now() - began > SETTLE_MS)
        throw new Error(
          'an order does not come to its end: nobody takes its webhook or its message',
        )
      skip(`run_at = '2026-01-01' where claimed_until is null`)
      await wait(20)
    }
  }

  /** One order, one kill. A hit: the books prove that it was that step. */
  async function killAt(trap: Trap): Promise<'hit' | 'missed' | 'slipped through'> {
    await settled()
    const buyer = line.addUser({ name: '花子', friend: true })
    const session = stripe.visit(`${link.url}?client_reference_id=${buyer.userId}`)
    wishes.push({ session, course: 'card', buyer, follows: false })
    const springing = new AbortController()
    const late = wait(TRAP_MS, undefined, { signal: springing.signal }).catch(() => {})
    await Promise.race([trap.spring(sceneOf(session, springing.signal)), late])
    springing.abort()
    if (isThrough(sceneOf(session))) return 'slipped through'
    await endWith(child, 'SIGKILL')
    sceneOf(session).unlock()
    const hit = trap.proof(sceneOf(session))
    stripe.clearFaults()
    line.clearFaults()
    skip('claimed_until = null')
    child = await start()
    return hit ? 'hit' : 'missed'
  }

  async function close(): Promise<void> {
    closed = true
    await endWith(child, 'SIGKILL')
    database.close()
    await stripe.close()
    await line.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { stripe, line, wishes, killAt, settled, close }
}

function nextAnswer(watchers: Set<(happening: Happening) => void>, on: RegExp): Promise<void> {
  return new Promise((resolve) => {
    const look = ({ title, status }: Happening) => {
      if (status !== 200 || title.search(on) < 0) return
      watchers.delete(look)
      resolve()
    }
    watchers.add(look)
  })
}
