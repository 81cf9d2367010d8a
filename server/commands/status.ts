import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { idleRules } from '../campaigns/preview-campaigns.ts'
import type { Config } from '../config.ts'
import { systemClock } from '../furnish.ts'
import { BY_HAND } from '../integrations/switch-endpoint.ts'
import { openQuota, type Quota } from '../operations/line-quota.ts'
import { type Survey, survey } from '../operations/survey.ts'
import type { Command } from './command.ts'

/** Older than this, and it is no back-off of a hiccup any more; nor a worker that is only busy. */
const LONG_OPEN_MS = 900_000
/** Fewer are a vendor's bad hour. */
const MANY_FAILURES = 5
/** Of the month's messages: the rest may be gone before anybody has changed the plan. */
const NEARLY_USED = 0.9
/** A vendor's refusal is news for so long. */
const SLOWED_MS = 3_600_000

/** How the house stands, on one screen. Exit code 1 when a person must look, and what at. */
export const status: Command = async ({ store, channel, campaigns }, _words, options, config) => {
  const clock = systemClock
  const quota = openQuota({ channel, clock, report: () => {} })
  const [state, jobs, used] = await Promise.all([survey(store.db), store.openJobs(), quota()])
  const look = [
    ...whatToLookAt(state, used, clock.now()),
    ...mailToLookAt(state, config),
    ...(await idleRules(campaigns)),
  ]
  const code = look.length > 0 ? 1 : 0
  const about = {
    version: version(),
    database: nameOf(config.database),
    jobs,
    mail: config.mail !== null,
  }
  if (options.json)
    return { said: JSON.stringify({ ...about, ...state, quota: used, look }, null, 2), code }
  return { said: screen(about, state, used, look, clock.now()), code }
}

function screen(
  about: { version: string; database: string; jobs: number; mail: boolean },
  { events, deliveries, mails, pauses, paces, duties, endpoints }: Survey,
  quota: Quota | null,
  look: string[],
  now: Date,
): string {
  const rows: [string, string][] = [
    ['Noren', about.version],
    ['database', about.database],
    ['events', `${events.open} open${since(events.oldest)}, ${events.dead} dead`],
    [
      'messages',
      `${deliveries.pending} on their way, ${deliveries.waiting} waiting to be let in, ${deliveries.dead} dead`,
    ],
    ['mails', mailWords(about.mail, mails.pending)],
    ['jobs', `${about.jobs} open`],
    ['LINE quota', quotaWords(quota)],
    ...endpoints.map((each): [string, string] => [`to ${each.id}`, endpointWords(each)]),
    ...pauses.map((each): [string, string] => [
      `${each.channel} paused`,
      `${each.reason}, since ${short(each.since)}, tried again at ${short(each.until)}${words(each.words)}`,
    ]),
    ...paces
      .filter(({ lowered_at }) => now.getTime() - lowered_at < SLOWED_MS)
      .map((each): [string, string] => ['slowed down', `${each.lane}: ${each.rate.toFixed(1)}/s`]),
    ...duties.map((each): [string, string] => [
      each.name,
      `last done ${each.done_at ? short(each.done_at) : 'never'}, due ${short(each.due_at)}${words(each.error)}`,
    ]),
  ]
  const lines = rows.map(([name, value]) => `${name.padEnd(14)}${value}`)
  const end =
    look.length > 0 ? ['', 'A person must look:', ...look.map((each) => `  - ${each}`)] : []
  return [...lines, ...(end.length > 0 ? end : ['', 'Nothing needs a person.'])].join('\n')
}

function whatToLookAt(state: Survey, quota: Quota | null, now: Date): string[] {
  const { events, deliveries, pauses, duties, endpoints, unnoted, signs } = state
  const age = events.oldest ? now.getTime() - Date.parse(events.oldest) : 0
  const look = []
  if (events.dead > 0) look.push(`${were(events.dead, 'event')} given up: events --unhandled`)
  if (deliveries.dead > 0)
    look.push(`${were(deliveries.dead, 'message')} given up: deliveries --dead`)
  if (age > LONG_OPEN_MS)
    look.push(
      `an event has been open since ${short(events.oldest ?? '')}: events --unhandled; is a worker running?`,
    )
  for (const { name, failures, due_at, held_until } of duties) {
    if (failures >= MANY_FAILURES) look.push(`"${name}" failed ${failures} times in a row`)
    // Workers renew what they hold; a turn that is long due and that nobody takes has no worker.
    const since = held_until && held_until > due_at ? held_until : due_at
    if (now.getTime() - Date.parse(since) > LONG_OPEN_MS)
      look.push(`"${name}" has been due since ${short(since)}: is Noren running?`)
  }
  for (const { channel, reason, since } of pauses)
    if (reason !== 'outage')
      look.push(`${channel} has been paused since ${short(since)}: ${REASONS[channel][reason]}`)
  for (const { id, state, failing_since, off_reason, dead } of endpoints) {
    if (state === 'off' && off_reason !== BY_HAND)
      look.push(`"${id}" is switched off (${off_reason}); once it is mended: outbound enable ${id}`)
    if (state === 'on' && failing_since && now.getTime() - Date.parse(failing_since) > LONG_OPEN_MS)
      look.push(
        `"${id}" has taken nothing since ${short(failing_since)}: outbound deliveries ${id}`,
      )
    if (dead > 0) look.push(`${were(dead, 'webhook')} given up: outbound deliveries ${id} --dead`)
  }
  if (unnoted > 0)
    look.push(
      `Stripe’s dashboard does not say whose ${unnoted} customers are: give the key the right to write customers`,
    )
  if (signs.refused > 0)
    look.push(
      `${signs.refused} account${signs.refused === 1 ? ' waits' : 's wait'} for a role on Discord (${refusedRoles(signs)}): doctor discord`,
    )
  if (quota?.total && quota.used >= quota.total * NEARLY_USED)
    look.push(`LINE has sold ${quota.total} messages for this month, and ${quota.used} are used`)
  return look
}

const TROUBLES: Record<Survey['signs']['roles'][number]['why'], string> = {
  above_bot: 'stands above the bot’s own',
  no_permission: 'the bot may not manage roles',
  no_role: 'is not on the server',
  other: 'is refused',
}

function refusedRoles({ roles }: Survey['signs']): string {
  const all = roles.map(({ role_id, why }) =>
    why === 'no_permission' ? TROUBLES[why] : `${role_id} ${TROUBLES[why]}`,
  )
  return all.length > 0 ? all.join('; ') : 'about to be tried again'
}

const REASONS = {
  line: {
    quota: 'the month’s messages are used up; take a larger plan',
    refused: 'the key or token is refused; paste a valid one and restart',
  },
  discord: {
    quota: 'Discord takes nothing more for now; it will again by itself',
    refused: 'Discord refuses the bot; npm run noren -- doctor discord says why',
  },
  mail: {
    quota: 'the mail server takes no more today; ask whoever runs it for a higher limit',
    refused: 'the mail server refuses the login; mend SMTP_URL and restart',
  },
}

/** What was to go by mail stays where it is when the mail server is struck out of the settings. */
function mailToLookAt({ mails }: Survey, config: Config): string[] {
  if (config.mail || mails.pending === 0) return []
  return [
    `${were(mails.pending, 'mail')} to be sent, and no mail server is set: SMTP_URL, MAIL_FROM`,
  ]
}

function mailWords(isSet: boolean, pending: number): string {
  const open = `${pending} of the messages on their way`
  return isSet ? open : `${open}; no mail server is set`
}

const since = (at: string | null) => (at ? ` (oldest since ${short(at)})` : '')
const short = (at: string) => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`
const were = (count: number, what: string) => `${count} ${what}${count === 1 ? ' was' : 's were'}`
const words = (said: string | null) => (said ? ` (${said})` : '')

function endpointWords({
  state,
  failing_since,
  pending,
  dead,
}: Survey['endpoints'][number]): string {
  const failing = failing_since ? `, failing since ${short(failing_since)}` : ''
  return `${state}${failing}, ${pending} on their way, ${dead} dead`
}

function quotaWords(quota: Quota | null): string {
  if (!quota) return 'LINE does not tell'
  if (quota.total === null) return `${quota.used} used this month, no limit`
  return `${quota.used} of ${quota.total} used this month`
}

/** Where the books are, without the password. */
function nameOf(database: Config['database']): string {
  if (database.engine === 'sqlite') return `SQLite, ${database.file}`
  const { host, pathname } = new URL(database.url)
  return `Postgres, ${host}${pathname}`
}

function version(): string {
  const file = join(import.meta.dirname, '..', '..', 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
