import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { type Rig, type RigOptions, startRig } from '../../sandbox/rig.ts'
import type { LineUser } from '../../sandbox/types.ts'
import { closePhones, theBrowser } from './browser.ts'

/** A phone as most buyers of a LINE shop hold it. */
export const PHONE = { width: 390, height: 844 }

/** The whole shop and one browser; each visit is a new phone that remembers nothing. */
export type Stage = {
  rig: Rig
  browser: Browser
  /** A new phone, and an empty page in it. */
  visit(options?: VisitOptions): Promise<Page>
  /**
   * Closes every phone. Returns what a careful developer would have seen in its console, or on the wire, and
   * not liked.
   */
  putAway(): Promise<string[]>
  /** Somebody new on LINE, a friend of the shop who reads Japanese unless told otherwise. */
  person(who: Partial<LineUser> & { name: string }): LineUser
  close(): Promise<void>
}

export type VisitOptions = BrowserContextOptions & {
  /** Failures that the test itself causes; what matches is no complaint. */
  expecting?: RegExp
  prepare?: (context: BrowserContext) => Promise<void>
}

/**
 * Chromium itself reports every refused request as an error. This one is no fault: a visitor without
 * an ID token asks whether the cookie of an earlier visit is still good.
 */
const ASKING_FOR_THE_COOKIE = /status of 401 .*\/api\/me$/

/** Starts the rig and Chromium. Who logs in is asked on the stand-in's page, unless a test says who holds the phone. */
export async function openStage(options: Omit<RigOptions, 'port'> = {}): Promise<Stage> {
  const [rig, browser] = await Promise.all([startRig(options), theBrowser()])
  rig.line.holder = null
  const complaints: string[] = []

  async function visit({ expecting, prepare, ...context }: VisitOptions = {}): Promise<Page> {
    const phone = await browser.newContext({
      baseURL: rig.origin,
      viewport: PHONE,
      locale: 'ja-JP',
      timezoneId: 'Asia/Tokyo',
      reducedMotion: 'reduce',
      ...context,
    })
    phone.setDefaultTimeout(15_000)
    await prepare?.(phone)
    watch(phone, (complaint) => {
      if (ASKING_FOR_THE_COOKIE.test(complaint) || expecting?.test(complaint)) return
      complaints.push(complaint)
    })
    return phone.newPage()
  }

  return {
    rig,
    browser,
    visit,
    async putAway() {
      await closePhones(browser)
      return complaints.splice(0)
    },
    person: (who) => rig.line.addUser(who),
    async close() {
      await closePhones(browser)
      await rig.close()
    },
  }
}

function watch(phone: BrowserContext, complain: (what: string) => void): void {
  phone.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complain(`${message.text()} ${message.location().url}`.trim())
  })
  phone.on('weberror', (error) => complain(`uncaught: ${error.error().message}`))
  phone.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    const here = /^(localhost|127\.0\.0\.1)$/.test(hostname) || /^(data|blob|liff):$/.test(protocol)
    if (!here) complain(`a request left this machine: ${request.url()}`)
  })
}
