import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const ROOT = join(import.meta.dirname, '..', '..')
const REQUIRE_NODE = join(ROOT, 'server', 'require-node.mjs')
const MAIN = join(ROOT, 'server', 'main.ts')
/** Where starts keep what Node compiled (server/require-node.mjs); a killed process writes nothing there. */
export const COMPILED = join(ROOT, 'node_modules', '.cache', 'compiled')
/** A busy machine starts a process in seconds; one that takes this long will not come. */
const START_MS = 120_000

export type Role = 'all' | 'web' | 'worker'

export type Houses = {
  /** Where the web processes answer, or will answer when they are up again */
  urls: string[]
  /** Ends one of them with SIGKILL, whatever it is doing, and starts it again. */
  killOne(which: number, meanwhile?: () => Promise<void> | void): Promise<void>
  count: number
  killed: number
  /** Processes that ended without being asked to: there must be none */
  fell: string[]
  stop(): Promise<void>
}

/**
 * Noren as a shopkeeper starts it: real processes of `server/main.ts`, each with its own port. What
 * they print goes to `noren-N.log` in the folder.
 */
export async function openHouses(options: {
  roles: readonly Role[]
  env: Record<string, string>
  folder: string
}): Promise<Houses> {
  const places = await Promise.all(
    options.roles.map(async (role, at) => ({
      role,
      port: role === 'worker' ? 0 : await freePort(),
      log: join(options.folder, `noren-${at}.log`),
    })),
  )
  const children: (ChildProcess | null)[] = places.map(() => null)
  const expected = new WeakSet<ChildProcess>()
  const fell: string[] = []
  let killed = 0
  let stopping = false
  let opened = false

  async function start(at: number): Promise<void> {
    const { role, port, log } = places[at]!
    const env = { ...options.env, PROCESS: role, PORT: String(port) }
    const child = startMain({ env, cwd: options.folder, log })
    children[at] = child
    child.once('exit', (code, signal) => {
      if (expected.has(child) || stopping || !opened) return
      // Sent away by a database that was just away itself; whoever runs a server starts it again.
      if (!lastWords(log).includes('cannot be reached'))
        fell.push(`${role} ${at}: ${code ?? signal}`)
      void wait(300).then(() => (stopping ? undefined : start(at)))
    })
    if (role !== 'worker') await untilReady(`http://127.0.0.1:${port}`, child)
    if (!opened && child.exitCode !== null)
      throw new Error(`The house does not even start: ${lastWords(log)}`)
  }

  await Promise.all(places.map((_, at) => start(at)))
  opened = true
  return {
    urls: places
      .filter(({ role }) => role !== 'worker')
      .map(({ port }) => `http://127.0.0.1:${port}`),
    count: places.length,
    get killed() {
      return killed
    },
    fell,
    async killOne(which, meanwhile) {
      const at = which % places.length
      const child = children[at]
      if (child && child.exitCode === null) {
        expected.add(child)
        killed++
        await endWith(child, 'SIGKILL')
      }
      await meanwhile?.()
      if (!stopping) await start(at)
    },
    async stop() {
      stopping = true
      await Promise.all(children.map((child) => child && endWith(child, 'SIGTERM')))
    },
  }
}

function lastWords(log: string): string {
  return readFileSync(log, 'utf8').slice(-2_000)
}

/** One `server/main.ts`, away from the checkout so that no `.env` of its owner is read. */
export function startMain(options: {
  env: Record<string, string>
  cwd: string
  log: string
  uid?: number
  /** Words of the shell that bind it: `ulimit -f 2048` */
  limits?: string
}): ChildProcess {
  const log = openSync(options.log, 'a')
  const words = ['--import', REQUIRE_NODE, MAIN]
  // A shell only where it is needed: it is not what gets killed.
  const [program, ...rest] = options.limits
    ? ['/bin/sh', '-c', `${options.limits}; exec "$0" "$@"`, process.execPath, ...words]
    : [process.execPath, ...words]
  const child = spawn(program ?? '', rest, {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'] ?? '', ...options.env },
    stdio: ['ignore', log, log],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  })
  closeSync(log)
  const endToo = () => void child.kill('SIGKILL')
  process.once('exit', endToo)
  child.once('exit', () => process.removeListener('exit', endToo))
  return child
}

export async function endWith(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await gone
}

/** Resolves when the house answers. Throws when its process ended or never got so far. */
export async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (const began = performance.now(); performance.now() - began < START_MS; await wait(20)) {
    if (child.exitCode !== null || child.signalCode !== null) return
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => null,
    )
    await answer?.arrayBuffer()
    if (answer?.status === 200) return
  }
  throw new Error(`nobody answered at ${url} within ${START_MS} ms`)
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
