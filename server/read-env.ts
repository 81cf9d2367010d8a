import { isMailbox, readSender } from './mail/sender.ts'

export type Env = Record<string, string | undefined>

/** Where the books are kept. */
export type Database = { engine: 'sqlite'; file: string } | { engine: 'postgres'; url: string }

/** The shop's application on Discord, its bot, and the one server that it serves. */
export type DiscordSettings = {
  applicationId: string
  /** Ed25519, 64 hex digits: with it Discord's interactions are verified */
  publicKey: string
  botToken: string
  guildId: string
  apiBase: URL
}

/** `file:…` or `postgres://…`; null when it is neither. */
export function readDatabaseUrl(text: string): Database | null {
  if (/^postgres(ql)?:/.test(text))
    return URL.canParse(text) ? { engine: 'postgres', url: text } : null
  const file = /^file:(?:\/\/)?(.+)$/.exec(text)?.[1]
  return file ? { engine: 'sqlite', file } : null
}

/**
 * Readers of single settings: each returns what was given, or notes a sentence in `faults` that says
 * what to do, so that all faults can be told at once. `env` is handed in; only config.ts knows the real one.
 */
export function readers(env: Env, faults: string[]) {
  const given = (name: string) => env[name]?.trim() || ''
  const fault = (name: string, sentence: string) => {
    faults.push(`${name} ${sentence}`)
  }
  const isLoopback = (url: URL) => ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)

  function required(name: string, what: string): string {
    if (!given(name)) fault(name, `is missing: set it to ${what}.`)
    return given(name)
  }
  function matching(name: string, pattern: RegExp, what: string): string {
    const text = required(name, what)
    if (text && !pattern.test(text)) fault(name, `does not look right: it should be ${what}.`)
    return text
  }
  function list(name: string, what: string, atLeast: number): string[] {
    const texts = required(name, `${what} of ${atLeast} characters or more`)
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== '')
    if (given(name) && texts.length === 0) fault(name, `is only commas: set it to ${what}.`)
    if (texts.some((text) => text.length < atLeast))
      fault(
        name,
        `is too short: each value needs ${atLeast} characters or more ("openssl rand -hex 32" makes one).`,
      )
    return texts
  }
  function oneOf<const T extends readonly [string, ...string[]]>(name: string, all: T): T[number] {
    const text = given(name) || all[0]
    if (!all.includes(text)) fault(name, `must be one of: ${all.join(', ')}.`)
    return text as T[number]
  }
  function port(name: string, otherwise: number): number {
    const number = given(name) === '' ? otherwise : Number(given(name))
    if (!Number.isInteger(number) || number < 0 || number > 65535)
      fault(name, 'must be a port number from 0 to 65535.')
    return number
  }
  function url(name: string, text: string): URL | null {
    const parsed = URL.parse(text)
    if (parsed && /^https?:$/.test(parsed.protocol)) return parsed
    fault(name, 'must be a web address that begins with https://.')
    return null
  }
  function publicUrl(otherwise: string): string {
    const parsed = url('PUBLIC_URL', given('PUBLIC_URL') || otherwise)
    if (parsed && parsed.protocol !== 'https:' && !isLoopback(parsed))
      fault('PUBLIC_URL', 'must begin with https://: LINE opens nothing else.')
    return parsed ? parsed.href.replace(/\/+$/, '') : otherwise
  }
  function loopback(name: string): URL | null {
    if (!given(name)) return null
    const parsed = url(name, given(name))
    if (parsed && !isLoopback(parsed))
      fault(name, 'is for the sandbox only and must point at this machine (127.0.0.1).')
    return parsed
  }
  function database(): Database {
    const text = given('DATABASE_URL') || 'file:./data/noren.db'
    const database = readDatabaseUrl(text)
    if (!database)
      fault(
        'DATABASE_URL',
        'must be file: and a path, like file:./data/noren.db, or postgres://user:password@host/name.',
      )
    return database ?? { engine: 'sqlite', file: '' }
  }
  function rate(name: string, otherwise: { endpoint: number; inAll: number }) {
    if (!given(name)) return otherwise
    const [endpoint = 0, inAll = 0] = given(name).split('/').map(Number)
    if (!(endpoint >= 1 && inAll >= endpoint && /^\d+\/\d+$/.test(given(name))))
      fault(
        name,
        'must be two numbers like 25/100: calls a second on one endpoint, and in all, as Stripe granted them to you.',
      )
    return { endpoint, inAll }
  }
  function mail(server: string, sender: string): { url: string; from: string } | null {
    if (!given(server) && !given(sender)) return null
    const url = URL.parse(given(server))
    if (!url || !/^smtps?:$/.test(url.protocol) || !url.hostname || !isReadable(url))
      fault(
        server,
        'must be the mail server’s address, like smtp://user:password@smtp.example.com:587 (smtps:// for port 465), with %25 for a % in the password, %2F for a / and %23 for a #.',
      )
    // Two addresses or none would be refused by the server, long after the start.
    if (!isMailbox(readSender(given(sender)).address))
      fault(
        sender,
        'must be whom mails come from, like のれん茶房 <shop@example.com>; it goes together with SMTP_URL.',
      )
    return { url: given(server), from: given(sender) }
  }
  function hosts(name: string): string[] {
    const all = given(name)
      .split(/[\s,]+/)
      .filter(Boolean)
      .map((host) => host.toLowerCase())
    // As an address in a list, so that [::1]:5678 is one and http://…, a path or a missing port are none.
    const isHost = (text: string) => /^(\[[\da-f:.]+\]|[\w.-]+):\d{1,5}$/.test(text)
    if (!all.every((host) => isHost(host) && URL.canParse(`https://${host}`)))
      fault(
        name,
        'must be hosts with their ports, separated by commas, like n8n.internal:443,127.0.0.1:5678.',
      )
    return all
  }
  function discord(): DiscordSettings | null {
    const base = loopback('DISCORD_API_BASE')
    const asked = ['APPLICATION_ID', 'PUBLIC_KEY', 'BOT_TOKEN', 'GUILD_ID'] as const
    if (!asked.some((name) => given(`DISCORD_${name}`))) return null
    const id = /^[1-9]\d{16,19}$/
    return {
      applicationId: matching(
        'DISCORD_APPLICATION_ID',
        id,
        'the application’s id, a long number (Developer Portal, General Information)',
      ),
      publicKey: matching(
        'DISCORD_PUBLIC_KEY',
        /^[0-9a-f]{64}$/i,
        'the application’s public key, 64 digits of 0-9a-f (Developer Portal, General Information)',
      ),
      botToken: matching(
        'DISCORD_BOT_TOKEN',
        /^[\w-]+\.[\w-]+\.[\w-]+$/,
        'the bot’s token, three parts with dots between them (Developer Portal, Bot, Reset Token)',
      ),
      guildId: matching(
        'DISCORD_GUILD_ID',
        id,
        'your server’s id, a long number (right-click the server, Copy Server ID, with Developer Mode on)',
      ),
      apiBase: base ?? new URL('https://discord.com'),
    }
  }
  function paymentLinks(): string[] | null {
    const ids = given('PAYMENT_LINKS')
      .split(/[\s,]+/)
      .filter(Boolean)
    if (ids.some((id) => !/^plink_\w+$/.test(id)))
      fault(
        'PAYMENT_LINKS',
        'must be ids like plink_1AbC…, separated by commas (not the buy.stripe.com addresses).',
      )
    return ids.length > 0 ? ids : null
  }
  return {
    required,
    matching,
    list,
    oneOf,
    port,
    publicUrl,
    loopback,
    database,
    rate,
    mail,
    hosts,
    discord,
    paymentLinks,
  }
}

/** Are user and password written so that they can be read back? */
function isReadable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password)
    return true
  } catch {
    return false
  }
}
