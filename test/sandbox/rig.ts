import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fastifyStatic from '@fastify/static'
import fastify from 'fastify'
import { runCommand } from '../../server/noren.ts'
import type { ShopConfig } from '../../server/shop/define-shop.ts'
import { type Running, startNoren } from '../../server/start.ts'
import { localized } from '../../shared/language.ts'
import shopConfig from '../../shop.config.ts'
import { DEMO_PORTAL, demoRoles, demoTables } from './demo-members.ts'
import { demoRoutes } from './demo-page/routes.ts'
import { DISCORD_INVITE, inviteToServer } from './demo-server.ts'
import { DEMO_DISPLAY, invitePeople, stockDemoShop } from './demo-shop.ts'
import { createDiscordSandbox, type DiscordStandIn } from './discord/start.ts'
import { frontProxy } from './front-proxy.ts'
import { createLineSandbox, type LineStandIn } from './line/start.ts'
import { createMailSandbox } from './mail/start.ts'
import { openOtherBrowser } from './other-browser.ts'
import { type OtherSystem, openOtherSystem } from './other-system.ts'
import { openRowReader } from './read-rows.ts'
import { sandboxEnv } from './sandbox-env.ts'
import { createStripeSandbox } from './stripe/start.ts'
import type {
  DiscordUser,
  Happening,
  LineUser,
  MailSandbox,
  StripeSandbox,
  Watch,
} from './types.ts'

const ROOT = join(import.meta.dirname, '..', '..')
/** The LIFF app built for the stand-ins: `vite build --mode demo` */
export const DEMO_APP = join(ROOT, 'dist-demo')

/** Noren as it is in production, with stand-ins for the vendors and one address for the browser. */
export type Rig = {
  /** http://localhost:PORT is the shop; the demo's page is at /__demo/ */
  origin: string
  stripe: StripeSandbox
  line: LineStandIn
  mail: MailSandbox
  discord: DiscordStandIn
  /** Who the people are on Discord, by their LINE ids */
  onDiscord: Map<string, DiscordUser>
  people: LineUser[]
  staff: { id: string; name: string }
  close(): Promise<void>
}

export type RigOptions = {
  port?: number
  appDir?: string
  /** More for shop.config, once the goods are there: what it names must be on Stripe's shelf. */
  shop?: (stripe: StripeSandbox) => Partial<ShopConfig>
  /** Pages that load from js.stripe.com are led to the stand-in. Otherwise whoever drives the browser does it. */
  leadsStripeHere?: boolean
}

/**
 * Starts the stand-ins, Noren, and a front server, the only thing the browser sees: it serves the
 * demo's page, answers for LINE's hosts under /__line/, and passes the rest on to Noren.
 * Needs the demo build of the LIFF app. Throws when `port` is taken.
 */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const port = await claimPort(options.port ?? 0)
  const origin = `http://localhost:${port}`
  const { watch, subscribe } = createWatch()
  const shopName = localized(shopConfig.name, 'ja')
  const stripe = await createStripeSandbox({ watch, shopName })
  const line = await createLineSandbox({ watch, endpointUrl: `${origin}/` })
  const mail = await createMailSandbox({ watch })
  const discord = await createDiscordSandbox({ watch })
  const people = invitePeople(line)
  const onDiscord = inviteToServer(discord, people)
  const staff = { id: line.addGroup(`${shopName} スタッフ`), name: `${shopName} スタッフ` }
  stockDemoShop(stripe, origin)
  const roles = demoRoles(stripe, discord)

  const other = await openOtherSystem(watch)
  const house = await openNoren({
    ...{ stripe, line, mail, discord, other, origin, staff: staff.id, appDir: options.appDir },
    shop: {
      roles,
      portal: DEMO_PORTAL,
      discord: { invite: DISCORD_INVITE },
      pricingTables: demoTables(stripe, origin),
      ...options.shop?.(stripe),
    },
  })
  const rows = openRowReader(house.databaseFile)
  const otherBrowser = await openOtherBrowser({ shop: origin, stripe: stripe.url })
  const front = fastify({ forceCloseConnections: true, bodyLimit: 4 * 1_048_576 })
  await front.register(fastifyStatic, {
    root: join(import.meta.dirname, 'demo-pictures'),
    prefix: '/pictures/',
    decorateReply: false,
  })
  await front.register(demoRoutes, {
    stripe,
    line,
    mail,
    discord: { sandbox: discord, users: onDiscord, browserUrl: otherBrowser.url },
    watchers: subscribe,
    readRows: rows.read,
    shopUrl: origin,
    shop: { name: shopConfig.name, brand: shopConfig.brand, roles },
    people,
    staff,
  })
  await front.register(frontProxy, {
    ...{ line, origin, norenUrl: house.running.url ?? '' },
    stripeUrl: options.leadsStripeHere ? stripe.url : null,
  })
  await front.listen({ port, host: '127.0.0.1' })

  async function close(): Promise<void> {
    await front.close()
    await otherBrowser.close()
    await stripe.close()
    await house.running.close()
    await other.close()
    await line.close()
    await mail.close()
    await discord.close()
    rows.close()
    rmSync(house.folder, { recursive: true, force: true })
  }
  return { origin, stripe, line, mail, discord, onDiscord, people, staff, close }
}

async function openNoren(parts: {
  stripe: StripeSandbox
  line: LineStandIn
  mail: MailSandbox
  discord: DiscordStandIn
  other: OtherSystem
  origin: string
  staff: string
  appDir: string | undefined
  shop: Partial<ShopConfig>
}): Promise<{ running: Running; folder: string; databaseFile: string }> {
  const { stripe, line, mail, discord, other, origin } = parts
  const folder = mkdtempSync(join(tmpdir(), 'noren-demo-'))
  const databaseFile = join(folder, 'noren.db')
  const shop = join(folder, 'shop.config.mjs')
  const demo = {
    staff: { line: parts.staff, mail: 'staff@noren.example' },
    offers: DEMO_DISPLAY,
    ...parts.shop,
  }
  const sample = JSON.stringify(pathToFileURL(join(ROOT, 'shop.config.ts')).href)
  writeFileSync(
    shop,
    `import shop from ${sample}\nexport default { ...shop, ...${JSON.stringify(demo)} }\n`,
  )
  const env = {
    ...sandboxEnv(
      { stripe, line, mail, discord },
      { database: `file:${databaseFile}`, publicUrl: origin },
    ),
    SHOP_CONFIG: shop,
    OUTBOUND_HOSTS: other.host,
  }
  const running = await startNoren({
    env,
    appDir: parts.appDir ?? DEMO_APP,
    logLevel: 'fatal',
  })
  stripe.sendWebhooksTo(`${running.url}/webhooks/stripe`)
  line.sendWebhooksTo(`${running.url}/webhooks/line`)
  discord.sendInteractionsTo(`${running.url}/webhooks/discord`)
  // As the shopkeeper would: the commands, and another system's address with the secret that is shown once.
  await runCommand(['discord', 'register'], env)
  await discord.settled()
  const { said } = await runCommand(['outbound', 'add', other.url, '--id', 'crm'], env)
  other.trust(/whsec_\S+/.exec(said)?.[0] ?? '')
  return { running, folder, databaseFile }
}

/** Both stand-ins tell what happens; whoever looks at the page hears it. */
function createWatch() {
  const watchers = new Set<Watch>()
  return {
    watch: (happening: Happening) => {
      for (const watcher of watchers) watcher(happening)
    },
    subscribe: (watcher: Watch) => {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
  }
}

/** A port that nobody has: this one, or any for 0. Asked before anything is started. */
function claimPort(wished: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(wished, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
