import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fastifyStatic from '@fastify/static'
import fastify from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import { createLineSandbox, type LineStandIn } from '../sandbox/line/start.ts'
import { createStripeSandbox } from '../sandbox/stripe/start.ts'
import { launchChromium } from '../support/chromium.ts'
import { median, type Outcome, verdict } from './figures.ts'
import { inFolder, loneEnv, startNorenChild } from './noren-env.ts'

const ROUNDS = 7
const ROOT = join(import.meta.dirname, '..', '..')
/** A slow phone on a slow line: 4x slower CPU, 1.6 Mbit/s down, 150 ms a round trip. */
const SLOW_CPU = 4
const SLOW_4G = {
  offline: false,
  latency: 150,
  downloadThroughput: 204_800,
  uploadThroughput: 93_750,
}

/**
 * From the navigation to a "buy" that can be tapped, on a slow phone, by somebody who is logged in and
 * has nothing cached: our shop page, and the article's page built with the full SDK.
 */
export async function measureFirstLoad(): Promise<Outcome> {
  const line = await createLineSandbox({ liffId: '2000000001-BenchApp' })
  const user = line.addUser({ name: '花子' })
  const browser = await launchChromium()
  const article = await serveArticlePage()
  try {
    return await inFolder(async (file) => {
      const { url, stop } = await serveShop(file, line)
      const shop: Visit[] = []
      const page: Visit[] = []
      for (let at = 0; at < ROUNDS; at++) {
        shop.push(await visit(browser, line, user.userId, url, 'a[href^="/checkout/"]'))
        page.push(await visit(browser, line, user.userId, article.url, '#buy:not([disabled])'))
      }
      await stop()
      return outcome(shop, page)
    })
  } finally {
    await browser.close()
    await article.stop()
    await line.close()
  }
}

type Visit = { tappable: number; javascript: number }

function outcome(shop: Visit[], article: Visit[]): Outcome {
  const of = (visits: Visit[], key: keyof Visit) => median(visits.map((each) => each[key]))
  const ratio = median(shop.map((each, at) => each.tappable / (article[at]?.tappable ?? 1)))
  return {
    title: 'First load on a slow phone (CPU 4x slower, slow 4G), nothing cached, logged in',
    head: ['page', 'ms to a tappable "buy"', 'KB of JavaScript in all, gzipped'],
    rows: [
      ['the article’s page, full SDK', of(article, 'tappable'), of(article, 'javascript')],
      ['Noren’s shop', of(shop, 'tappable'), of(shop, 'javascript')],
    ],
    verdicts: [
      verdict('time to "buy", of the article’s', ratio, { most: 0.8 }),
      verdict('KB of JavaScript, LIFF SDK included', of(shop, 'javascript'), { most: 45 }),
    ],
  }
}

async function serveShop(file: string, line: LineStandIn) {
  const stripe = await createStripeSandbox()
  for (let at = 0; at < 6; at++)
    stripe.addLink({ items: [{ name: `お茶 ${at}`, amount: 1_000 + at }], currency: 'jpy' })
  const env = {
    ...loneEnv(file),
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_API_BASE: stripe.url,
    LINE_API_BASE: line.url,
    BENCH_APP_DIR: join(ROOT, 'dist'),
  }
  const noren = await startNorenChild(env)
  await fetch(noren.url) // the first visitor of all waits for Stripe; the others do not
  const stop = async () => {
    await noren.stop()
    await stripe.close()
  }
  return { url: noren.url.replace('127.0.0.1', 'localhost'), stop }
}

/** The article's page, built by the same Vite and served as compressed as ours is. */
async function serveArticlePage() {
  const outDir = mkdtempSync(join(tmpdir(), 'noren-article-'))
  await build({
    configFile: join(ROOT, 'vite.config.ts'),
    root: join(import.meta.dirname, 'article-page'),
    logLevel: 'error',
    build: { outDir },
  })
  const app = fastify({ forceCloseConnections: true })
  await app.register(fastifyStatic, { root: outDir, preCompressed: true, wildcard: false })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const stop = async () => {
    await app.close()
    rmSync(outDir, { recursive: true, force: true })
  }
  return { url: url.replace('127.0.0.1', 'localhost'), stop }
}

async function visit(
  browser: Browser,
  line: LineStandIn,
  userId: string,
  url: string,
  buy: string,
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'ja' })
  await loggedIn(context.addInitScript.bind(context), line, userId)
  const page = await context.newPage()
  let javascript = 0
  page.on('response', async (response) => {
    if (!/javascript/.test(response.headers()['content-type'] ?? '')) return
    javascript += gzipSync(await response.body().catch(() => Buffer.alloc(0)), { level: 9 }).length
  })
  await answerForLine(page, line)
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', SLOW_4G)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOW_CPU })
  await context.addInitScript(noteWhenTappable, buy)
  await page.goto(url, { waitUntil: 'commit' })
  const tappable = await page.waitForFunction(
    () => (window as never as { tappable?: number }).tappable,
  )
  const ms = await tappable.jsonValue()
  await page.waitForLoadState('networkidle')
  await context.close()
  return { tappable: ms ?? 0, javascript: javascript / 1_024 }
}

/** Runs in the page: the moment at which the button is there and has been painted. */
function noteWhenTappable(selector: string): void {
  const look = () => {
    if (document.querySelector(selector))
      (window as never as { tappable: number }).tappable = performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

/** Both pages find LINE's storage as it is after a login a minute ago. */
async function loggedIn(
  addInitScript: (script: (stored: Stored) => void, stored: Stored) => Promise<unknown>,
  line: LineStandIn,
  userId: string,
): Promise<void> {
  const idToken = await line.idToken(userId)
  const claims = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString())
  const context = {
    type: 'external',
    liffId: line.liffId,
    scope: ['profile', 'openid'],
    availability: {},
    endpointUrl: '',
    permanentLinkPattern: 'concat',
  }
  const values = {
    accessToken: 'stored-access-token',
    IDToken: idToken,
    decodedIDToken: claims,
    clientId: line.liffId.split('-')[0],
    context,
  }
  await addInitScript(store, { liffId: line.liffId, values })
}

type Stored = { liffId: string; values: Record<string, unknown> }

/** Runs in the page, before its own scripts. */
function store({ liffId, values }: Stored): void {
  for (const [name, value] of Object.entries(values))
    localStorage.setItem(`LIFF_STORE:${liffId}:${name}`, JSON.stringify(value))
  // biome-ignore lint/suspicious/noDocumentCookie: the LIFF SDK keeps its expiry in this very cookie
  document.cookie = `LIFF_STORE:expires:${liffId}=${Date.now() + 3_600_000}; path=/`
}

/**
 * LINE's hosts, as far away as everything else: what a test browser answers itself passes the slow line
 * by. Their downloads cost nothing here, which favours the page that fetches more of them.
 */
async function answerForLine(page: Page, line: LineStandIn): Promise<void> {
  await page.route(/line\.me|line-scdn\.net/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, SLOW_4G.latency))
    const url = new URL(route.request().url())
    if (url.hostname.endsWith('line-scdn.net'))
      return route.fulfill({ contentType: 'application/json', body: '{}' })
    if (url.pathname === '/oauth2/v2.1/verify')
      return route.fulfill({
        headers: { 'access-control-allow-origin': '*' },
        json: { scope: 'profile openid', client_id: line.liffId.split('-')[0], expires_in: 3_600 },
      })
    if (url.pathname === '/v2/profile')
      return route.fulfill({
        headers: { 'access-control-allow-origin': '*' },
        json: { userId: line.holder, displayName: '花子' },
      })
    const answer = await line.handle(new Request(url, { headers: route.request().headers() }))
    return route.fulfill({
      status: answer.status,
      headers: { ...Object.fromEntries(answer.headers), 'access-control-allow-origin': '*' },
      body: Buffer.from(await answer.arrayBuffer()),
    })
  })
}
