import CloseWindow from '@line/liff/close-window'
import { liff } from '@line/liff/core'
import GetAppLanguage from '@line/liff/get-app-language'
import GetDecodedIDToken from '@line/liff/get-decoded-id-token'
import GetIDToken from '@line/liff/get-id-token'
import IsInClient from '@line/liff/is-in-client'
import IsLoggedIn from '@line/liff/is-logged-in'
import Login from '@line/liff/login'
import Logout from '@line/liff/logout'
import OpenWindow from '@line/liff/open-window'
import { Problem } from './problem.ts'

liff.use(new CloseWindow())
liff.use(new GetAppLanguage())
liff.use(new GetDecodedIDToken())
liff.use(new GetIDToken())
liff.use(new IsInClient())
liff.use(new IsLoggedIn())
liff.use(new Login())
liff.use(new Logout())
liff.use(new OpenWindow())

/** LINE as the pages see it, once the SDK has come up. */
export type Line = {
  /** True only in LINE's own LIFF browser. */
  inClient: boolean
  /** The language LINE itself is set to (BCP 47). */
  language: string
  /** Null when nobody is logged in, or when the token has less than a minute to live. */
  freshIdToken(): string | null
  /** Leaves for LINE's login and comes back to this very address. Not for the LIFF browser. */
  login(): void
  openOutside(url: string): void
  close(): void
}

/** The SDK leaves these behind after a login; a reload or a shared link must not carry them. */
const LOGIN_LEFTOVERS = [
  'code',
  'state',
  'liffClientId',
  'liffRedirectUri',
  'error',
  'error_description',
  'liffOAuth2Error',
]

/**
 * Starts the SDK. Call it once a page load: it has no lock of its own and would send the login code twice.
 * May never resolve, because the SDK reloads the page for `liff.state`. Throws a Problem.
 */
export async function initLine(liffId: string): Promise<Line> {
  const refused = new URLSearchParams(location.search).has('error')
  try {
    await liff.init({ liffId })
  } catch (error) {
    throw refused ? new Problem('loginRefused') : problemOfInit(error)
  } finally {
    dropLoginLeftovers()
  }
  return {
    inClient: liff.isInClient(),
    language: liff.getAppLanguage(),
    freshIdToken,
    login,
    openOutside: (url) => liff.openWindow({ url, external: true }),
    close: () => liff.closeWindow(),
  }
}

/**
 * A token the SDK could not check stays in its storage and would fail on every load, so it is thrown
 * away. Errors without a code, and these codes, come from the network or from LINE's own trouble.
 */
function problemOfInit(error: unknown): Problem {
  const code = (error as { code?: unknown }).code
  if (typeof code !== 'string' || /^(429|5\d\d|UNKNOWN|TIMEOUT)$/.test(code))
    return new Problem('lineUnreachable')
  try {
    liff.logout()
  } catch {
    // It had not even learned which app this is; then there is nothing to throw away.
  }
  return new Problem(liff.isInClient() ? 'reopen' : 'loginFailed')
}

/** The SDK hands out the ID token for hours after it has expired (it lives one hour). */
function freshIdToken(): string | null {
  if (!liff.isLoggedIn()) return null
  const expiresAt = (liff.getDecodedIDToken()?.exp ?? 0) * 1000
  return expiresAt > Date.now() + 60_000 ? liff.getIDToken() : null
}

/** Logging out first drops the stale token, which the SDK would otherwise keep after a new login. */
function login(): void {
  if (liff.isLoggedIn()) liff.logout()
  liff.login({ redirectUri: location.href })
}

function dropLoginLeftovers(): void {
  const url = new URL(location.href)
  const before = url.href
  for (const name of LOGIN_LEFTOVERS) url.searchParams.delete(name)
  if (url.href !== before) history.replaceState(history.state, '', url)
}
