import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { buildApp } from '../../server/app.ts'
import { type Config, loadConfig } from '../../server/config.ts'
import { type Furnished, furnish } from '../../server/furnish.ts'
import { openIdentity } from '../../server/line/identity.ts'
import { openLog } from '../../server/log.ts'
import { createHandler } from '../../server/reactions.ts'
import type { Database } from '../../server/read-env.ts'
import type { ShopConfig } from '../../server/shop/define-shop.ts'
import { openLedger } from '../../server/store/open-store.ts'
import { createRecorder } from '../../server/store/record-events.ts'
import { openSqliteFile } from '../../server/store/sqlite.ts'
import { penOn } from '../../server/store/sqlite-pen.ts'
import type { NewEvent } from '../../server/store/tables.ts'
import { createDiscordSandbox, type DiscordStandIn } from '../sandbox/discord/start.ts'
import { createLineSandbox, type LineStandIn } from '../sandbox/line/start.ts'
import { createMailSandbox } from '../sandbox/mail/start.ts'
import { sandboxEnv } from '../sandbox/sandbox-env.ts'
import { createStripeSandbox } from '../sandbox/stripe/start.ts'
import type { LineUser, LinkSeed, MailSandbox, StripeSandbox } from '../sandbox/types.ts'
import { type Engine, placeFor, usualEngine } from './engines.ts'
import { keepInStep } from './postgres-database.ts'
import { sharedCompilers } from './shared-compilers.ts'

export const TEA: LinkSeed = {
  items: [
    { name: '宇治煎茶 100g', amount: 1980, quantity: 1 },
    { name: '抹茶ようかん', amount: 990, quantity: 2 },
  ],
  currency: 'jpy',
  paymentMethods: ['card', 'konbini'],
}

/** A whole Noren with real SDKs, a real database file and stand-in vendors over real HTTP. */
export type House = Omit<Furnished, 'stripe' | 'mail' | 'discord'> & {
  stripe: StripeSandbox
  gateway: Furnished['stripe']
  line: LineStandIn
  /** The mail server, where the house was opened with one */
  mail: MailSandbox | null
  mailChannel: Furnished['mail']
  /** Where the house was opened with it: its server, its bot, and who is there */
  discord: DiscordStandIn | null
  config: Config
  app: FastifyInstance
  /** Where the house answers */
  url: string
  /** As DATABASE_URL wants it */
  databaseUrl: string
  /** What writes webhooks down; in production SQLite's has a thread of its own */
  pen: HousePen
  /** Logged as JSON lines */
  logged: string[]
  /** The shop's own LINE group */
  staff: string
  /** A friend of the shop, Japanese */
  hanako: LineUser
  /** Moves the clock of Noren and of both vendors. */
  forward(by: { hours?: number; seconds?: number }): void
  /** Resolves when every webhook is answered and every job that is due is done. */
  settle(): Promise<void>
  /** The same, and whatever was put off within this time is tried again when it is due. */
  settleFor(seconds: number): Promise<void>
  /** Logs in with a genuine ID token; the answer is the cookie. */
  logIn(user: LineUser, language?: string): Promise<string>
  api(cookie: string, method: 'GET' | 'POST', path: string, body?: unknown): Promise<ApiAnswer>
  /** Buys as the page does: log in, ask for the checkout address, visit it. Returns the session id. */
  order(user: LineUser, link: string, source?: string): Promise<string>
  /** The kinds of messages in a chat, by their altText or text. */
  heard(to: string): string[]
  close(): Promise<void>
}

export type HouseWithMail = House & { mail: MailSandbox }
export type HouseWithDiscord = House & { discord: DiscordStandIn }

export type ApiAnswer = { status: number; body: Record<string, never>; headers: Headers }

type HousePen = {
  write(events: readonly NewEvent[]): boolean | Promise<boolean>
  close(): void | Promise<void>
}

export type HouseOptions = {
  /** The run's own unless it is said, and that is SQLite unless it is said */
  engine?: Engine
  env?: Record<string, string>
  /** With a mail server of its own */
  mail?: boolean
  /** On Discord too, with a server of its own */
  discord?: boolean
  /** A function where the shop names what the vendors hold: products, prices, links, roles */
  shop?:
    | Partial<ShopConfig>
    | ((stripe: StripeSandbox, discord: DiscordStandIn | null) => Partial<ShopConfig>)
  config?: Partial<Config>
  /** Where LINE's stand-in answers; any free port otherwise */
  linePort?: number
  /** The built page; a small one otherwise */
  appDir?: string
  /** Puts something into the database (as DATABASE_URL names it) before Noren first sees it */
  prepare?: (databaseUrl: string) => void
}

export async function openHouse(
  options: HouseOptions & { mail: true; discord: true },
): Promise<HouseWithMail & HouseWithDiscord>
export async function openHouse(options: HouseOptions & { mail: true }): Promise<HouseWithMail>
export async function openHouse(
  options: HouseOptions & { discord: true },
): Promise<HouseWithDiscord>
export async function openHouse(options?: HouseOptions): Promise<House>
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  let ahead = 0
  const clock = { now: () => new Date(Date.now() + ahead) }
  const now = clock.now
  const stripe = await createStripeSandbox({ now })
  const line = await createLineSandbox({ now, port: options.linePort ?? 0 })
  const mail = options.mail ? await createMailSandbox({ now }) : null
  const discord = options.discord ? await createDiscordSandbox({ now }) : null
  const books = await placeFor(options.engine ?? usualEngine(), {
    empty: options.prepare !== undefined,
  })
  options.prepare?.(books.url)
  const place = { database: books.url, publicUrl: 'http://localhost:3000' }
  const loaded = await loadConfig({
    ...sandboxEnv({ stripe, line, mail, discord }, place),
    ...options.env,
  })
  const staff = line.addGroup('のれん茶房 スタッフ')
  const given = typeof options.shop === 'function' ? options.shop(stripe, discord) : options.shop
  const shop = { ...loaded.shop, staff: { line: staff }, ...given }
  const config: Config = { ...loaded, shop, ...options.config }

  const logged: string[] = []
  const log = openLog('info', { write: (text: string) => logged.push(text) })
  const plain = furnish(config, clock, log)
  await books.migrate(plain.store)
  // What a power cut would leave is tried elsewhere (chaos/power-cut.ts); here each fsync is only waited for.
  if (books.database.engine === 'sqlite')
    await sql`pragma synchronous = off`.execute(plain.store.db)
  const furnished: Furnished =
    books.database.engine === 'sqlite'
      ? plain
      : { ...plain, store: keepInStep(plain.store, () => ahead) }
  const ring = () => {}
  const pen = penFor(books.database)
  const app = await buildApp({
    ...furnished,
    config,
    clock,
    ring,
    record: createRecorder(async (events) => pen.write(events), ring),
    verifyIdentity: openIdentity({
      apiBase: config.line.apiBase,
      channelId: config.liff.channelId,
      clock,
    }),
    appDir: options.appDir ?? join(import.meta.dirname, 'app'),
    log,
    schemaController: sharedCompilers,
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  stripe.sendWebhooksTo(`${url}/webhooks/stripe`)
  line.sendWebhooksTo(`${url}/webhooks/line`)
  discord?.sendInteractionsTo(`${url}/webhooks/discord`)
  const handle = createHandler(furnished.house)
  const hanako = line.addUser({ name: '花子', friend: true, language: 'ja' })

  async function settle(): Promise<void> {
    for (;;) {
      await stripe.settled()
      await discord?.settled()
      if ((await furnished.store.drain(handle)) === 0) return
    }
  }

  async function settleFor(seconds: number): Promise<void> {
    const end = now().getTime() + seconds * 1_000
    for (;;) {
      await settle()
      const due = (await furnished.store.nextDue())?.getTime()
      if (due === undefined || due > end) return
      ahead += Math.max(0, due - now().getTime())
    }
  }

  async function api(
    cookie: string,
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
  ): Promise<ApiAnswer> {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text ? JSON.parse(text) : {}, headers: answer.headers }
  }

  async function logIn(user: LineUser, language?: string): Promise<string> {
    const idToken = await line.idToken(user.userId)
    const answer = await api('', 'POST', '/api/session', { idToken, language })
    if (answer.status !== 200) throw new Error(`no log-in: ${JSON.stringify(answer.body)}`)
    return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  }

  return {
    ...furnished,
    gateway: furnished.stripe,
    stripe,
    line,
    mail,
    mailChannel: furnished.mail,
    discord,
    config,
    app,
    url,
    logged,
    staff,
    hanako,
    pen,
    databaseUrl: place.database,
    forward: ({ hours = 0, seconds = 0 }) => {
      ahead += hours * 3_600_000 + seconds * 1_000
    },
    settle,
    settleFor,
    logIn,
    api,
    async order(user, link, source) {
      const cookie = await logIn(user)
      const answer = await api(cookie, 'POST', '/api/checkout', { offer: link, source })
      if (answer.status !== 200) throw new Error(`no checkout: ${JSON.stringify(answer.body)}`)
      return stripe.visit(answer.body['url'] as unknown as string)
    },
    heard: (to) =>
      line
        .chat(to)
        .filter((push) => push.delivered)
        .flatMap((push) => push.messages.map((each) => String(each['altText'] ?? each['text']))),
    async close() {
      await stripe.close()
      await discord?.settled()
      await app.close()
      await pen.close()
      await furnished.close()
      await line.close()
      await mail?.close()
      await discord?.close()
      await books.remove()
    },
  }
}

function penFor(database: Database): HousePen {
  if (database.engine !== 'sqlite') return openLedger(database, { report: () => {} })
  const connection = openSqliteFile(database.file)
  connection.pragma('synchronous = off')
  return penOn(connection)
}
