import { parseArgs } from 'node:util'
import { backup } from './commands/backup.ts'
import {
  type BareCommand,
  type Command,
  couldNot,
  notUnderstood,
  OPTIONS,
  type Options,
  type Outcome,
} from './commands/command.ts'
import { copy } from './commands/copy.ts'
import { deliveries } from './commands/deliveries.ts'
import { events } from './commands/events.ts'
import { forget } from './commands/forget.ts'
import { HELP } from './commands/help.ts'
import { ignore } from './commands/ignore.ts'
import { reconcile } from './commands/reconcile.ts'
import { retry } from './commands/retry.ts'
import { status } from './commands/status.ts'
import { type Config, ConfigFaults, loadConfig } from './config.ts'
import { furnish, systemClock, WORKER_GAP_MS } from './furnish.ts'
import type { Log } from './ports.ts'
import type { Env } from './read-env.ts'

type Entry = { words: number; options: readonly (keyof Options)[] } & (
  | { run: Command }
  | { bare: BareCommand }
)

const COMMANDS: Readonly<Record<string, Entry>> = {
  status: { run: status, words: 0, options: ['json'] },
  events: { run: events, words: 0, options: ['unhandled', 'limit', 'json'] },
  deliveries: { run: deliveries, words: 0, options: ['dead', 'late', 'limit', 'json'] },
  reconcile: { run: reconcile, words: 0, options: ['since'] },
  retry: { run: retry, words: 1, options: ['again'] },
  ignore: { run: ignore, words: 1, options: [] },
  backup: { bare: backup, words: 1, options: [] },
  copy: { bare: copy, words: 0, options: ['from', 'to'] },
  forget: { run: forget, words: 1, options: ['yes'] },
}

/**
 * The operator's tool. Exit code 0 done, 1 it could not (or not all), 2 the words were not understood.
 * `env` instead of the process's own, for programs that open a house inside their own process.
 */
export async function runCommand(args: string[], env?: Env): Promise<Outcome> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: OPTIONS })
  const [name = 'help', ...words] = positionals
  if (values.help || name === 'help') return { said: HELP, code: 0 }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!entry) return { said: HELP, code: 2 }
  if (words.length !== entry.words)
    return notUnderstood(`"${name}" takes ${entry.words || 'no'} word(s) after it.\n\n${HELP}`)
  const stray = Object.keys(values).find((each) => !entry.options.includes(each as keyof Options))
  if (stray) return notUnderstood(`--${stray} does not go with "${name}".\n\n${HELP}`)
  if ('bare' in entry) return entry.bare(words, values, () => settings(env))
  return runWithBooks(entry.run, words, values, await settings(env))
}

function settings(env: Env | undefined): Promise<Config> {
  return env ? loadConfig(env) : loadConfig()
}

async function runWithBooks(
  run: Command,
  words: string[],
  options: Options,
  config: Config,
): Promise<Outcome> {
  const furnished = furnish(config, systemClock, sayErrors, WORKER_GAP_MS)
  try {
    // An upgrade is the start's business: beside a server of the old version it would pull its floor away.
    if (!(await furnished.store.isMigrated())) return couldNot(NOT_CURRENT)
    return await run(furnished, words, options, config)
  } finally {
    await furnished.close()
  }
}

const NOT_CURRENT =
  'The database is not at this version of Noren. If it is older (or new), start Noren once, which brings it up to date; if it is newer, install the version that wrote it.'

/** At a terminal, only what went wrong is worth a line. */
const sayErrors: Log = {
  debug: () => {},
  info: () => {},
  warn: (what, words) => sayError(what, words),
  error: (what, words) => sayError(what, words),
}

function sayError(what: object, words: string): void {
  const { err } = what as { err?: unknown }
  console.error(err instanceof Error ? err.message : words)
}

/** Ours for the operator; whatever else was thrown is a fault of ours, and wants its whole story told. */
function isSentence(error: unknown): error is Error {
  return error instanceof ConfigFaults || (error instanceof Error && error.cause instanceof Error)
}

async function main(): Promise<void> {
  try {
    const { said, code } = await runCommand(process.argv.slice(2))
    // Ours is all closed by now; a vendor's answer that nobody reads would hold the process for 10 s more.
    process.stdout.write(`${said}\n`, () => process.exit(code))
  } catch (error) {
    const bad = error instanceof TypeError && 'code' in error
    console.error(bad || isSentence(error) ? error.message : error)
    process.exitCode = bad ? 2 : 1
  }
}

if (import.meta.main) await main()
