import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Outcome } from '../../server/commands/command.ts'
import { runCommand } from '../../server/noren.ts'
import { sandboxEnv } from '../sandbox/sandbox-env.ts'
import type { House } from './house.ts'

const ROOT = join(import.meta.dirname, '..', '..')

type Place = Pick<House, 'stripe' | 'line' | 'databaseUrl'> & Partial<Pick<House, 'config'>>

function envOf(house: Place): Record<string, string> {
  const env = sandboxEnv(house, { database: house.databaseUrl, publicUrl: 'http://localhost:3000' })
  return { ...env, OUTBOUND_HOSTS: house.config?.outboundHosts.join() ?? '' }
}

/** The same in this process, on connections of its own: a second sooner. */
export function runHere(house: Place, ...words: string[]): Promise<Outcome> {
  return runCommand(words, envOf(house))
}

/** The operator's own command, in a process of its own beside the running house. */
export async function runNoren(
  house: Place,
  ...words: string[]
): Promise<{ code: number; said: string }> {
  const child = spawn(
    process.execPath,
    ['--import', './server/require-node.mjs', 'server/noren.ts', ...words],
    {
      cwd: ROOT,
      env: { PATH: process.env['PATH'] ?? '', ...envOf(house) },
    },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  const [code] = (await once(child, 'close')) as [number]
  return { code, said }
}
