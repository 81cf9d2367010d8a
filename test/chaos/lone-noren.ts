import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLineSandbox, type LineStandIn } from '../sandbox/line/start.ts'
import { sandboxEnv } from '../sandbox/sandbox-env.ts'
import { createStripeSandbox } from '../sandbox/stripe/start.ts'
import type { StripeSandbox } from '../sandbox/types.ts'
import { endWith, freePort, startMain, untilReady } from './houses.ts'
import { writeShop } from './shop-file.ts'

export type LoneNoren = {
  stripe: StripeSandbox
  line: LineStandIn
  folder: string
  /** The database's file */
  file: string
  /** Events that were answered 2xx */
  acked: Set<string>
  /** The statuses of all answers, 0 for none */
  statuses: number[]
  /** Starts Noren; resolves when it answers or has ended. `limits`: words for the shell before it. */
  start(options?: { uid?: number; limits?: string }): Promise<{ exitCode: number | null }>
  kill(): Promise<void>
  /** Keeps a copy of the database as it is. Only while nobody runs. */
  keep(): void
  /** The kept one again, nothing printed, and no statuses. Only while nobody runs. */
  putBack(): void
  /** One more buyer pays by card; resolves with the session when Stripe had its first answer. */
  sell(): Promise<string>
  /** How many summaries of this order LINE has taken */
  summaries(session: string): number
  printed(): string
  close(): Promise<void>
}

/** A real Noren process on a machine of which something is broken. */
export async function openLoneNoren(): Promise<LoneNoren> {
  const folder = mkdtempSync(join(tmpdir(), 'noren-lone-'))
  chmodSync(folder, 0o755)
  const acked = new Set<string>()
  const statuses: number[] = []
  const stripe = await createStripeSandbox({
    retryBaseMs: 50,
    async carry(stored, send) {
      const status = await send()
      statuses.push(status)
      if (status >= 200 && status < 300) acked.add(stored.event.id)
      return status
    },
  })
  const line = await createLineSandbox()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  stripe.sendWebhooksTo(`${url}/webhooks/stripe`)
  const file = join(folder, 'data', 'noren.db')
  const log = join(folder, 'noren.log')
  const env = {
    ...sandboxEnv({ stripe, line }, { database: `file:${file}`, publicUrl: url, port }),
    SHOP_CONFIG: writeShop(folder, null),
  }
  const link = stripe.addLink({ items: [{ name: '煎茶', amount: 1_980 }], currency: 'jpy' })
  let child: ReturnType<typeof startMain> | null = null

  return {
    stripe,
    line,
    folder,
    file,
    acked,
    statuses,
    async start(options = {}) {
      child = startMain({ env, cwd: folder, log, ...options })
      await untilReady(url, child)
      return child
    },
    async kill() {
      if (child) await endWith(child, 'SIGKILL')
    },
    keep() {
      cpSync(join(folder, 'data'), join(folder, 'kept'), { recursive: true })
    },
    putBack() {
      rmSync(join(folder, 'data'), { recursive: true })
      cpSync(join(folder, 'kept'), join(folder, 'data'), { recursive: true })
      writeFileSync(log, '')
      statuses.length = 0
    },
    async sell() {
      const buyer = line.addUser({ name: '花子', friend: true })
      const session = stripe.visit(`${link.url}?client_reference_id=${buyer.userId}`)
      await stripe.payByCard(session)
      return session
    },
    summaries: (session) =>
      line.book().filter(({ messages }) => JSON.stringify(messages).includes(session)).length,
    printed: () => readFileSync(log, 'utf8'),
    async close() {
      if (child) await endWith(child, 'SIGKILL')
      await stripe.close()
      await line.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
