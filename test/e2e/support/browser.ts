import type { Browser } from 'playwright-core'
import { launchChromium } from '../../support/chromium.ts'

/** Nothing but this machine can be reached, so that a forgotten address fails here and not at a buyer's. */
const ONLY_THIS_MACHINE =
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1'

let launched: Promise<Browser> | null = null

/**
 * The one Chromium of this process, for every test file that it runs: phones are contexts of their own and
 * share nothing but the processor. Nobody closes it; it ends with the process, or is opened anew if it fell.
 */
export async function theBrowser(): Promise<Browser> {
  const known = await launched?.catch(() => null)
  if (known?.isConnected()) return known
  launched = launchChromium({ args: ['--no-sandbox', ONLY_THIS_MACHINE] })
  return launched
}

/** Closes every phone; one that lies open goes on asking, and slows all that come after it. */
export async function closePhones(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((phone) => phone.close()))
}
