import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyHelmetOptions } from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Boot, LEGAL_ITEMS, type ShopView } from '../../shared/api.ts'
import { answerNotFound } from '../errors.ts'
import { type Catalogue, readCatalogue } from './catalogue.ts'
import type { ShopConfig } from './define-shop.ts'
import { tablesOf } from './pricing-tables.ts'

type Options = {
  appDir: string
  catalogue: Catalogue
  liffId: string
  isOnDiscord: boolean
  /** What may run and be framed where a pricing table of Stripe's stands; null: this shop has none */
  tablePolicy: FastifyHelmetOptions['contentSecurityPolicy'] | null
}

const TABLE_ADDRESSES = ['/plans', '/plans/*']

const PLACE = '<!--boot-->'
/** A page without offers asks for them itself; one that does not come shows nothing at all. */
const LONGEST_WAIT_MS = 500

/** The built LIFF app, or a sentence: without it every buyer would see an empty page. */
export function readShopPage(appDir: string): string {
  const file = join(appDir, 'index.html')
  if (!existsSync(file))
    throw new Error(`The LIFF app is not built (${file} is missing). Run "npm run build" first.`)
  const html = readFileSync(file, 'utf8')
  if (!html.includes(PLACE)) throw new Error(`${file} has no ${PLACE}: build it again.`)
  return html
}

/**
 * The shop's page, on every address (LIFF's deep links are ordinary paths). What the first paint
 * needs stands in the HTML; assets are named by content and kept for good, the HTML never, since
 * the cache of LINE's browser cannot be emptied.
 */
export const shopPage: FastifyPluginAsync<Options> = async (app, options) => {
  const html = readShopPage(options.appDir)
  await app.register(fastifyStatic, {
    root: options.appDir,
    index: false,
    wildcard: false,
    // By its own name the page would come without its data.
    globIgnore: ['index.html'],
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const named = path.includes('assets')
      reply.header(
        'cache-control',
        named ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
      )
    },
  })
  const showPage = async (request: FastifyRequest, reply: FastifyReply) => {
    if (/^\/(api|assets|webhooks)([/?]|$)/.test(request.url)) return answerNotFound(request, reply)
    const boot = await bootOf(options, (error) => request.log.warn({ err: error }, 'no offers yet'))
    return reply
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(html.replace(PLACE, () => bootScript(boot)))
  }
  app.get('/*', showPage)
  // A policy comes with a page load: the page goes to these addresses, and away from them, by one.
  const { tablePolicy: contentSecurityPolicy } = options
  if (!contentSecurityPolicy) return
  for (const address of TABLE_ADDRESSES)
    app.get(address, { helmet: { contentSecurityPolicy } }, showPage)
}

async function bootOf(options: Options, report: (error: unknown) => void): Promise<Boot> {
  const reading = readCatalogue(options.catalogue, report).catch((error: unknown) => {
    report(error)
    return null
  })
  const list = await Promise.race([reading, wait(LONGEST_WAIT_MS, null, { ref: false })])
  const offers = list?.map(({ offer }) => offer) ?? null
  const { shop, stripe } = options.catalogue
  const view = shopView(shop, stripe.livemode)
  const discord = options.isOnDiscord ? { invite: shop.discord?.invite ?? null } : null
  return { liffId: options.liffId, shop: { ...view, discord }, offers }
}

/** A data block, not code, so the CSP needs no exception; `<` is escaped so that no text can end it. */
function bootScript(boot: Boot): string {
  const json = JSON.stringify(boot).replaceAll('<', '\\u003c')
  return `<script type="application/json" id="boot">${json}</script>`
}

function shopView(shop: ShopConfig, livemode: boolean): Omit<ShopView, 'discord'> {
  return {
    name: shop.name,
    tagline: shop.tagline ?? null,
    brand: shop.brand,
    logo: shop.logo ?? null,
    taxNote: shop.taxNote,
    friendUrl: shop.friendUrl ?? null,
    cancels: cancelsOf(shop),
    roles: (shop.roles ?? [])
      .filter(({ id }) => id !== 'guest')
      .map(({ id, title, benefits }) => ({ id, title, benefits: benefits ?? null })),
    tables: tablesOf(shop, livemode).map(({ id, title }) => ({ id, title })),
    legal: LEGAL_ITEMS.flatMap((item) => {
      const text = shop.legal[item]
      return text ? [{ item, text }] : []
    }),
  }
}

/** Until when somebody stays a member who cancels: what the page says before they join has to be true. */
function cancelsOf({ roles = [], portal = {} }: ShopConfig): ShopView['cancels'] {
  const views = ['member', ...roles.flatMap((role) => role.portal ?? [])]
  return views.some((name) => portal[name]?.cancel === 'now') ? 'now' : 'period_end'
}
