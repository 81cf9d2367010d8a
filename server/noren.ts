import { existsSync } from 'node:fs'
import { backup } from './commands/backup.ts'
import { campaigns } from './commands/campaigns.ts'
import {
  type BareCommand,
  type Command,
  couldNot,
  notUnderstood,
  type Options,
  type Outcome,
  readWords,
  SEE_HELP,
} from './commands/command.ts'
import { copy } from './commands/copy.ts'
import { deliveries } from './commands/deliveries.ts'
import { doctorDiscord, registerDiscord } from './commands/discord.ts'
import { events } from './commands/events.ts'
import { forget } from './commands/forget.ts'
import { grant, revoke } from './commands/grant.ts'
import { HELP, usageOf } from './commands/help.ts'
import { ignore } from './commands/ignore.ts'
import { link, unlink } from './commands/link.ts'
import { LINK_OPTIONS, linkUrl } from './commands/link-url.ts'
import { members } from './commands/members.ts'
import {
  addOutbound,
  disableOutbound,
  enableOutbound,
  listOutbound,
  removeOutbound,
  rotateOutbound,
} from './commands/outbound.ts'
import { outboundDeliveries, replayOutbound, testOutbound } from './commands/outbound-deliveries.ts'
import { reconcile } from './commands/reconcile.ts'
import { report } from './commands/report.ts'
import { retry } from './commands/retry.ts'
import { status } from './commands/status.ts'
import { view } from './commands/view.ts'
import { type Config, ConfigFaults, loadConfig } from './config.ts'
import { furnish, systemClock, WORKER_GAP_MS } from './furnish.ts'
import type { Log } from './ports.ts'
import type { Env } from './read-env.ts'
import { HALF_COPIED, isHalfCopied } from './store/half-copy.ts'
import { stateOf } from './store/migrate.ts'

type Entry = {
  /** So many follow; a pair: at least, and at most */
  words: number | readonly [number, number]
  options: readonly (keyof Options)[]
  /** Options that stand in the place of the words */
  instead?: readonly (keyof Options)[]
} & ({ run: Command } | { bare: BareCommand })

/** A name of two words is a command of a family: `outbound add`. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  status: { run: status, words: 0, options: ['json'] },
  events: { run: events, words: 0, options: ['unhandled', 'limit', 'json'] },
  deliveries: { run: deliveries, words: 0, options: ['dead', 'late', 'limit', 'json'] },
  members: { run: members, words: 0, options: ['due', 'limit', 'json'] },
  report: { run: report, words: 0, options: ['since', 'until', 'by', 'csv', 'json'] },
  'link-url': { run: linkUrl, words: 0, options: LINK_OPTIONS },
  reconcile: { run: reconcile, words: 0, options: ['since'] },
  retry: { run: retry, words: 1, options: ['again'] },
  ignore: { run: ignore, words: 1, options: [] },
  grant: { run: grant, words: 2, options: ['days', 'note'] },
  revoke: { run: revoke, words: 2, options: [] },
  campaigns: { run: campaigns, words: 0, options: ['send', 'limit', 'json'] },
  view: { run: view, words: 2, options: [] },
  'outbound add': { run: addOutbound, words: 1, options: ['events', 'format', 'id'] },
  'outbound list': { run: listOutbound, words: 0, options: ['json'] },
  'outbound remove': { run: removeOutbound, words: 1, options: [] },
  'outbound enable': { run: enableOutbound, words: 1, options: [] },
  'outbound disable': { run: disableOutbound, words: 1, options: [] },
  'outbound rotate': { run: rotateOutbound, words: 1, options: [] },
  'outbound test': { run: testOutbound, words: 1, options: [] },
  'outbound deliveries': {
    run: outboundDeliveries,
    words: [0, 1],
    options: ['dead', 'limit', 'json'],
  },
  'outbound replay': { run: replayOutbound, words: [1, 2], options: ['since'] },
  link: {
    run: link,
    words: 2,
    options: ['find', 'invite', 'json'],
    instead: ['find', 'invite'],
  },
  unlink: { run: unlink, words: 1, options: [] },
  'discord register': { bare: registerDiscord, words: 0, options: ['json'] },
  'doctor discord': { bare: doctorDiscord, words: 0, options: ['json'] },
  backup: { bare: backup, words: 1, options: [] },
  copy: { bare: copy, words: 0, options: ['from', 'to'] },
  forget: { run: forget, words: 1, options: ['yes'] },
}

/**
 * The operator's tool. Exit code 0 done, 1 it could not (or not all), 2 the words were not understood.
 * `env` instead of the process's own, for programs that open a house inside their own process.
 */
export async function runCommand(args: string[], env?: Env): Promise<Outcome> {
  const parsed = readWords(args)
  if ('code' in parsed) return parsed
  const { positionals, values } = parsed
  const { name, words, entry } = findCommand(positionals)
  if (values.help || name === 'help') return { said: HELP, code: 0 }
  if (!entry)
    return notUnderstood(
      `There is no command "${name}", only ${Object.keys(COMMANDS).join(', ')}. ${SEE_HELP}`,
    )
  const usage = `npm run noren -- ${usageOf(name)}`
  const wanted = entry.instead?.some((each) => each in values) ? 0 : entry.words
  const [least, most] = typeof wanted === 'number' ? [wanted, wanted] : wanted
  if (words.length < least || words.length > most)
    return notUnderstood(`"${name}" takes ${countWords(least, most)} after it: ${usage}`)
  const stray = Object.keys(values).find((each) => !entry.options.includes(each as keyof Options))
  if (stray) return notUnderstood(`--${stray} does not go with "${name}": ${usage}`)
  if ('bare' in entry) return entry.bare(words, values, () => settings(env))
  return runWithBooks(entry.run, words, values, await settings(env))
}

function findCommand([name = 'help', ...words]: string[]): {
  name: string
  words: string[]
  entry: Entry | undefined
} {
  const [next, ...rest] = words
  const family = `${name} ${next}`
  if (Object.hasOwn(COMMANDS, family)) return { name: family, words: rest, entry: COMMANDS[family] }
  const known = Object.hasOwn(COMMANDS, name)
  return { name, words, entry: known ? COMMANDS[name] : undefined }
}

function countWords(least: number, most: number): string {
  const count = least === most ? `${least || 'no'}` : `${least || 'no'} to ${most}`
  return `${count} word${most > 1 ? 's' : ''}`
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
  const { database } = config
  // Opening would make an empty one wherever a mistyped path points, for somebody to take for the books.
  if (database.engine === 'sqlite' && !existsSync(database.file))
    return couldNot(`There is no database at ${database.file}. Check DATABASE_URL; ${NEW_SHOP}`)
  const furnished = furnish(config, systemClock, sayErrors, WORKER_GAP_MS)
  try {
    const { store } = furnished
    // An upgrade is the start's business: beside a server of the old version it would pull its floor away.
    if (!(await store.isMigrated())) return couldNot(NOT_CURRENT[await stateOf(store.db)])
    if (await isHalfCopied(store.db)) return couldNot(HALF_COPIED)
    return await run(furnished, words, options, config)
  } finally {
    await furnished.close()
  }
}

const NEW_SHOP = 'in a new shop, start Noren once, which makes it.'
const OLDER =
  'The database is not at this version of Noren, but older or new. Start Noren once, which brings it up to date.'
const NOT_CURRENT = {
  older: OLDER,
  // Ours are there, but not the queue's own tables.
  current: OLDER,
  newer:
    'The database is not at this version of Noren, but newer. Install the version that wrote it.',
}

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
  return error instanceof Error && error.cause instanceof Error
}

async function main(): Promise<void> {
  try {
    const { said, code } = await runCommand(process.argv.slice(2))
    // Ours is all closed by now; a vendor's answer that nobody reads would hold the process for 10 s more.
    process.stdout.write(`${said}\n`, () => process.exit(code))
  } catch (error) {
    console.error(
      error instanceof ConfigFaults ? lacking(error) : isSentence(error) ? error.message : error,
    )
    process.exitCode = 1
  }
}

function lacking({ faults }: ConfigFaults): string {
  return [
    'Settings are missing or wrong. They stand in .env or in the environment (docs/going-live.md):',
    ...faults.map((fault) => `  - ${fault}`),
  ].join('\n')
}

if (import.meta.main) await main()
