import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkMenus } from './check-menus.ts'
import { type Database, type DiscordSettings, type Env, readers } from './read-env.ts'
import { readPictures } from './read-pictures.ts'
import { checkShop } from './shop/check-shop.ts'
import type { ShopConfig } from './shop/define-shop.ts'
import type { OwnPictures } from './signs/menu-spec.ts'

/** Everything the house needs to know, read once. Nobody else looks at process.env. */
export type Config = {
  port: number
  host: string
  /** Without a trailing slash */
  publicUrl: string
  database: Database
  stripe: {
    secretKey: string
    webhookSecrets: string[]
    apiBase: URL | null
    livemode: boolean
    /** What Stripe allows, in calls a second: on one endpoint, and in all */
    rate: { endpoint: number; inAll: number }
  }
  line: {
    channelSecret: string
    /** A pasted long-lived token, or none: then stateless tokens are issued for `channelId` */
    accessToken: string | null
    channelId: string | null
    apiBase: URL
  }
  liff: { id: string; channelId: string }
  /** null: the shop is not on Discord */
  discord: DiscordSettings | null
  /** null: no mails. `url` is smtp:// or smtps://, with user and password in it */
  mail: { url: string; from: string } | null
  /** host:port of other systems in our own network, which webhooks may reach nevertheless */
  outboundHosts: string[]
  referenceSecrets: string[]
  sessionSecrets: string[]
  referenceStyle: 'sealed' | 'bare'
  unsealedReferences: 'notify' | 'ignore'
  paymentLinks: string[] | null
  process: 'all' | 'web' | 'worker'
  shop: ShopConfig
  /** The shop's own pictures for menus, by the path that the shop file names */
  pictures: OwnPictures
}

/** Why the start is refused: every fault at once, each a sentence that says what to do. */
export class ConfigFaults extends Error {
  override name = 'ConfigFaults'
  readonly faults: string[]
  constructor(faults: string[]) {
    super(`Noren cannot start:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

/**
 * Reads the environment (and a `.env` file beside package.json, whose values the environment
 * overrides) and the shop config it points to. Throws ConfigFaults.
 */
export async function loadConfig(env: Env = withDotEnv()): Promise<Config> {
  const faults: string[] = []
  const file = env['SHOP_CONFIG'] || './shop.config.ts'
  const shop = await loadShop(file, faults)
  const pictures = shop ? readPictures(shop, dirname(resolve(file)), faults) : new Map()
  const config = readEnv(env, faults, shop, pictures)
  if (shop) faults.push(...checkShop(shop, config.stripe.livemode), ...checkMenus(shop))
  // Disputes would go to nobody, and nothing would say so.
  if (shop?.staff?.mail?.length && !config.mail)
    faults.push('shop.config staff.mail needs a mail server: set SMTP_URL and MAIL_FROM.')
  // Members would wait for a role that nobody gives.
  if (!config.discord && wantsDiscord(shop))
    faults.push(
      'shop.config roles: discordRoles need the bot: set DISCORD_APPLICATION_ID, DISCORD_PUBLIC_KEY, DISCORD_BOT_TOKEN and DISCORD_GUILD_ID, or strike discordRoles.',
    )
  if (faults.length > 0 || !shop) throw new ConfigFaults(faults)
  return config
}

/** The file may be plain JavaScript, and its own check has said so by now. */
function wantsDiscord(shop: ShopConfig | null): boolean {
  const roles = Array.isArray(shop?.roles) ? shop.roles : []
  return roles.some((role) => [role?.discordRoles ?? []].flat().length > 0)
}

function withDotEnv(): Env {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env')
  } catch {
    // Node says "no such file" also of one that is there and closed to us.
    throw new ConfigFaults([
      '.env cannot be read: run this as the user it belongs to, like sudo -u noren ….',
    ])
  }
  return process.env
}

async function loadShop(path: string, faults: string[]): Promise<ShopConfig | null> {
  try {
    const module = (await import(pathToFileURL(resolve(path)).href)) as { default?: ShopConfig }
    if (typeof module.default === 'object' && module.default) return module.default
    faults.push(`SHOP_CONFIG: ${path} must have "export default defineShop({ … })".`)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    faults.push(`SHOP_CONFIG: ${path} could not be read (${reason}).`)
  }
  return null
}

function readEnv(
  env: Env,
  faults: string[],
  shop: ShopConfig | null,
  pictures: OwnPictures,
): Config {
  const read = readers(env, faults)
  const stripeKey = read.matching(
    'STRIPE_SECRET_KEY',
    /^(sk|rk)_(test|live)_\w+$/,
    'the secret or restricted key from the Stripe dashboard (sk_test_…, rk_live_…)',
  )
  const livemode = /^\w\w_live_/.test(stripeKey)
  const channelId = env['LINE_CHANNEL_ID'] || null
  const accessToken = env['LINE_CHANNEL_ACCESS_TOKEN']?.trim() || null
  if (!channelId && !accessToken)
    faults.push(
      'LINE_CHANNEL_ACCESS_TOKEN is missing: paste the Messaging API channel’s token, or set LINE_CHANNEL_ID so that Noren issues its own.',
    )
  const liffId = read.matching(
    'LIFF_ID',
    /^\d+-\w+$/,
    'the id of the LIFF app, like 1234567890-AbcdEfgh',
  )
  const port = read.port('PORT', 3000)
  const referenceStyle = read.oneOf('REFERENCE_STYLE', ['sealed', 'bare'])
  const unsealedReferences = read.oneOf('UNSEALED_REFERENCES', ['notify', 'ignore'])
  if (referenceStyle === 'bare' && unsealedReferences === 'ignore')
    faults.push(
      'REFERENCE_STYLE=bare with UNSEALED_REFERENCES=ignore would leave every buyer without a receipt: choose one of the two.',
    )
  return {
    port,
    host: env['HOST'] || '127.0.0.1',
    publicUrl: read.publicUrl(`http://localhost:${port}`),
    database: read.database(),
    stripe: {
      secretKey: stripeKey,
      webhookSecrets: read.list('STRIPE_WEBHOOK_SECRET', 'the signing secret (whsec_…)', 8),
      apiBase: read.loopback('STRIPE_API_BASE'),
      livemode,
      // https://docs.stripe.com/rate-limits: a sandbox has 25 for everything.
      rate: read.rate('STRIPE_RATE', { endpoint: 25, inAll: livemode ? 100 : 25 }),
    },
    line: {
      channelSecret: read.required('LINE_CHANNEL_SECRET', 'the Messaging API channel’s secret'),
      accessToken,
      channelId,
      apiBase: read.loopback('LINE_API_BASE') ?? new URL('https://api.line.me'),
    },
    liff: { id: liffId, channelId: liffId.split('-')[0] ?? '' },
    discord: read.discord(),
    mail: read.mail('SMTP_URL', 'MAIL_FROM'),
    outboundHosts: read.hosts('OUTBOUND_HOSTS'),
    referenceSecrets: read.list('REFERENCE_SECRET', 'a random text', 32),
    sessionSecrets: read.list('SESSION_SECRET', 'a random text', 32),
    referenceStyle,
    unsealedReferences,
    paymentLinks: read.paymentLinks(),
    process: read.oneOf('PROCESS', ['all', 'web', 'worker']),
    shop: shop as ShopConfig,
    pictures,
  }
}
