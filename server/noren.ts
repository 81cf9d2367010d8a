import { parseArgs } from 'node:util'
import type { Command } from './commands/command.ts'
import { reconcile } from './commands/reconcile.ts'
import { ConfigFaults, loadConfig } from './config.ts'
import { furnish, systemClock, WORKER_GAP_MS } from './furnish.ts'
import type { Log } from './ports.ts'

const HELP = `npm run noren -- COMMAND

  reconcile [--since 3d]   ask Stripe for every order of the last days (m, h or d) and catch up with
                           what no webhook told; delivers what it finds. Safe beside a running server.
  help                     this text`

const COMMANDS: Readonly<Record<string, { run: Command; mostWords: number }>> = {
  reconcile: { run: reconcile, mostWords: 0 },
}

/** The operator's tool. Exit code 0 done, 1 it could not (or not all), 2 the words were not understood. */
async function main(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { since: { type: 'string' }, help: { type: 'boolean' } },
  })
  const [name = 'help', ...words] = positionals
  if (values.help || name === 'help') return say(HELP, 0)
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command || words.length > command.mostWords) return say(HELP, 2)
  const furnished = furnish(await loadConfig(), systemClock, sayErrors, WORKER_GAP_MS)
  try {
    await furnished.store.migrate()
    const { said, code } = await command.run(furnished, words, values)
    return say(said, code)
  } finally {
    await furnished.close()
  }
}

/** At a terminal, only what went wrong is worth a line. */
const sayErrors: Log = {
  debug: () => {},
  info: () => {},
  warn: (_what, words) => console.error(words),
  error: (what, words) => {
    const { err } = what as { err?: unknown }
    console.error(err instanceof Error ? err.message : words)
  },
}

function say(text: string, code: number): number {
  console.log(text)
  return code
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const bad = error instanceof TypeError && 'code' in error
  console.error(error instanceof ConfigFaults || bad ? error.message : error)
  process.exitCode = bad ? 2 : 1
}
