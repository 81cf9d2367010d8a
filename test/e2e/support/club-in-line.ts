import { type AddressInfo, createServer } from 'node:net'
import fastify from 'fastify'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { frontProxy } from '../../sandbox/front-proxy.ts'
import { DEMO_APP } from '../../sandbox/rig.ts'
import { type Club, type ClubOptions, openClub } from '../../support/club.ts'
import { closePhones, theBrowser } from './browser.ts'
import { PHONE, type VisitOptions } from './stage.ts'

/** A club whose pages LINE's stand-in opens, and phones to open them on. */
export type ClubInLine = {
  club: Club
  origin: string
  phone(options?: VisitOptions & BrowserContextOptions): Promise<Page>
  close(): Promise<void>
}

export async function openClubInLine(options: ClubOptions = {}): Promise<ClubInLine> {
  const club = await openClub({ ...options, appDir: DEMO_APP })
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const front = fastify({ forceCloseConnections: true })
  await front.register(frontProxy, { line: club.line, origin, norenUrl: club.url, stripeUrl: null })
  await front.listen({ port, host: '127.0.0.1' })
  club.line.endpointUrl = `${origin}/`
  const browser = await theBrowser()
  return {
    club,
    origin,
    async phone({ prepare, ...options }: VisitOptions & BrowserContextOptions = {}) {
      const context = await browser.newContext({
        ...{ baseURL: origin, viewport: PHONE, locale: 'ja-JP' },
        ...{ reducedMotion: 'reduce', bypassCSP: true },
        ...options,
      })
      context.setDefaultTimeout(15_000)
      await prepare?.(context)
      return context.newPage()
    },
    async close() {
      await closePhones(browser)
      await front.close()
      await club.close()
    },
  }
}

/** The front has to know its own address before it listens. */
async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((listening) => probe.listen(0, '127.0.0.1', listening))
  const { port } = probe.address() as AddressInfo
  await new Promise((closed) => probe.close(closed))
  return port
}
