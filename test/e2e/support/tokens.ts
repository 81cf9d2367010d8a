import type { Page } from 'playwright-core'

/**
 * What the LIFF SDK keeps in the page's storage: `LIFF_STORE:<liffId>:IDToken` and the same decoded,
 * per tab inside LINE and for the whole browser elsewhere.
 */
export function storedTokens(page: Page, liffId: string) {
  return {
    /** As if this token had been handed out at the login. */
    async replace(idToken: string): Promise<void> {
      const claims = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString())
      await page.evaluate(
        ({ liffId, idToken, claims }) => {
          const key = `LIFF_STORE:${liffId}:`
          for (const shelf of [localStorage, sessionStorage]) {
            if (shelf.getItem(`${key}IDToken`) === null) continue
            shelf.setItem(`${key}IDToken`, JSON.stringify(idToken))
            shelf.setItem(`${key}decodedIDToken`, JSON.stringify(claims))
          }
        },
        { liffId, idToken, claims },
      )
    },
  }
}
