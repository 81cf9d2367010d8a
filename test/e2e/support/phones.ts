import type { BrowserContext } from 'playwright-core'
import type { VisitOptions } from './stage.ts'

const ANDROID =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AD1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 Line/14.8.0 LIFF'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Line/14.8.0 LIFF'

/** What LINE's own browser brings along; without `features` the SDK waits for the app to say that it is ready. */
async function bringLineAlong(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const asked: string[] = []
    Object.assign(window, {
      askedOfLine: asked,
      _liff: {
        features: [],
        postMessage: (type: string, _token: string, _callback: string, payload: string) =>
          asked.push(`${type} ${payload}`),
      },
    })
  })
}

/** LINE's own browser on Android, where `liff.isInClient()` is true. */
export const IN_LINE: VisitOptions = { userAgent: ANDROID, prepare: bringLineAlong }
export const IN_LINE_ON_IPHONE: VisitOptions = { userAgent: IPHONE, prepare: bringLineAlong }
