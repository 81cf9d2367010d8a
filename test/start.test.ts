import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Running, startNoren } from '../server/start.ts'
import { sealReference } from '../shared/reference.ts'
import { createLineSandbox, type LineStandIn } from './sandbox/line/start.ts'
import { sandboxEnv } from './sandbox/sandbox-env.ts'
import { createStripeSandbox } from './sandbox/stripe/start.ts'
import type { LineUser, StripeSandbox } from './sandbox/types.ts'
import { TEA } from './support/house.ts'

const appDir = join(import.meta.dirname, 'support', 'app')

let folder: string
let stripe: StripeSandbox
let line: LineStandIn
let hanako: LineUser
let env: Record<string, string>
let running: Running[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'noren-start-'))
  stripe = await createStripeSandbox()
  line = await createLineSandbox()
  hanako = line.addUser({ name: '花子' })
  const place = { database: `file:${join(folder, 'noren.db')}`, publicUrl: 'http://localhost:3000' }
  env = sandboxEnv({ stripe, line }, place)
  running = []
})
afterEach(async () => {
  await stripe.close()
  await Promise.all(running.splice(0).map((each) => each.close()))
  await line.close()
  rmSync(folder, { recursive: true, force: true })
})

async function start(over: Record<string, string> = {}, stopSeconds?: number): Promise<Running> {
  const settings = { env: { ...env, ...over }, appDir, logLevel: 'silent' }
  const started = await startNoren(stopSeconds ? { ...settings, stopSeconds } : settings)
  running.push(started)
  return started
}

async function stop(one: Running): Promise<void> {
  running.splice(running.indexOf(one), 1)
  await one.close()
}

/** Pays by card with a reference of ours, as if the shop had sent the buyer there. */
async function buy(): Promise<void> {
  const issuedAt = Math.floor(Date.now() / 1000)
  const seal = { userId: hanako.userId, source: 'shop', issuedAt }
  const reference = sealReference(seal, env['REFERENCE_SECRET'] ?? '')
  const url = `${stripe.addLink(TEA).url}?client_reference_id=${reference}`
  await stripe.payByCard(stripe.visit(url))
}

const summaries = () => line.chat(hanako.userId).length

test('the whole shop, with its threads, delivers within five seconds of the webhook', async () => {
  const { url } = await start()
  stripe.sendWebhooksTo(`${url}/webhooks/stripe`)
  await buy()
  await vi.waitUntil(() => summaries() === 1, { timeout: 5_000 })
})

test('web and worker may be two processes on one database', async () => {
  const web = await start({ PROCESS: 'web' })
  stripe.sendWebhooksTo(`${web.url}/webhooks/stripe`)
  await buy()
  expect(summaries()).toBe(0)
  const worker = await start({ PROCESS: 'worker' })
  expect(worker.url).toBeNull()
  await vi.waitUntil(() => summaries() === 1, { timeout: 5_000 })
})

test('what was written down before a stop is delivered after the next start', async () => {
  const first = await start({ PROCESS: 'web' })
  stripe.sendWebhooksTo(`${first.url}/webhooks/stripe`)
  await buy()
  await stop(first)
  expect(summaries()).toBe(0)
  await start()
  await vi.waitUntil(() => summaries() === 1, { timeout: 5_000 })
})

test('a stop waits for what is in hand, and is not long about it', async () => {
  const shop = await start()
  stripe.sendWebhooksTo(`${shop.url}/webhooks/stripe`)
  line.latencyMs = 300
  await buy()
  await vi.waitUntil(() => line.requests.some((each) => each.includes('/message/push')), {
    timeout: 5_000,
  })
  const began = performance.now()
  await stop(shop)
  expect(performance.now() - began).toBeLessThan(8_000)
  expect(summaries()).toBe(1)
})

test('a caller who never finishes the letter does not keep the shop from closing', async () => {
  const shop = await start({ PROCESS: 'web' }, 1)
  const caller = connect(Number(new URL(shop.url ?? '').port), '127.0.0.1')
  caller.on('error', () => {})
  caller.write('POST /webhooks/stripe HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\n')
  caller.write('content-length: 1000\r\n\r\n{')
  await once(caller, 'connect')
  expect((await fetch(`${shop.url}/healthz`)).status).toBe(200)
  const began = performance.now()
  await stop(shop)
  expect(performance.now() - began).toBeLessThan(3_000)
  caller.destroy()
})

test('a worker whose vendor is silent still stops in time', async () => {
  const web = await start({ PROCESS: 'web' })
  stripe.sendWebhooksTo(`${web.url}/webhooks/stripe`)
  await buy()
  stripe.latencyMs = 6_000
  const worker = await start({ PROCESS: 'worker' }, 1)
  const asked = () => stripe.requests.some((each) => each.includes('/v1/checkout/sessions/'))
  await vi.waitUntil(asked, { timeout: 3_000 })
  const began = performance.now()
  await stop(worker)
  expect(performance.now() - began).toBeLessThan(3_000)
})

test.each(['all', 'web', 'worker'])(
  'a database that somebody else holds does not keep PROCESS=%s from closing in time',
  async (PROCESS) => {
    const shop = await start({ PROCESS }, 1)
    // What was counted meanwhile is to be written down at the end.
    await vi.waitUntil(() => stripe.requests.length > 0, { timeout: 5_000 })
    const other = new Database(join(folder, 'noren.db'))
    other.exec('begin immediate')
    const began = performance.now()
    await stop(shop)
    expect(performance.now() - began).toBeLessThan(3_000)
    other.close()
  },
)

test('a port that another program holds is named in a sentence, and nothing stays behind', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as { port: number }
  await expect(start({ PORT: String(port) })).rejects.toThrow(
    new RegExp(`^Nothing can be opened at 127\\.0\\.0\\.1:${port}: another program`),
  )
  await new Promise((resolve) => other.close(resolve))
  expect((await start({ PROCESS: 'web', PORT: String(port) })).url).toBe(`http://127.0.0.1:${port}`)
})

test('without the built page the shop does not open, and says what to do', async () => {
  const nowhere = startNoren({ env, appDir: join(folder, 'nowhere'), logLevel: 'silent' })
  await expect(nowhere).rejects.toThrow(/not built .* Run "npm run build" first/)
})
