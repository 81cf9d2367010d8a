import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage } from './support/stage.ts'
import { ja } from './support/words.ts'

/** The app as a real shop serves it, not the demo's build. */
const REAL_APP = join(import.meta.dirname, '..', '..', 'dist')
/** KB of gzipped JavaScript until the shelf is shown and LINE is up; LIFF's SDK is more than half of it. */
const MOST_KB = 45

let stage: Stage
beforeAll(async () => {
  if (!existsSync(join(REAL_APP, 'index.html'))) throw new Error('run "npm run build" first')
  stage = await openStage({ appDir: REAL_APP })
})
afterAll(() => stage.close())

test(`the first page of the shop loads at most ${MOST_KB} KB of JavaScript, LINE’s SDK included, all of it from the shop`, async () => {
  // The real build asks LINE itself, which this browser cannot reach: that is the one thing left outside.
  const page = await stage.visit({ expecting: /api\.line\.me|ERR_NAME_NOT_RESOLVED/ })
  const scripts = new Map<string, number>()
  const outside: string[] = []
  page.on('requestfinished', async (request) => {
    if (request.resourceType() !== 'script') return
    const answer = await request.response()
    scripts.set(request.url(), gzipSync((await answer?.body()) ?? '').byteLength)
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(stage.rig.origin)) outside.push(request.url())
  })
  const askedLine = page.waitForRequest(/api\.line\.me/)
  await page.goto('/')
  await page.getByRole('heading', { level: 1, name: ja.shop.heading }).waitFor()
  await askedLine
  await page.waitForLoadState('networkidle')

  expect([...scripts.keys()].every((url) => url.startsWith(`${stage.rig.origin}/assets/`))).toBe(
    true,
  )
  expect(scripts.size).toBeGreaterThan(1)
  const bytes = [...scripts.values()].reduce((sum, size) => sum + size, 0)
  expect(bytes / 1024).toBeGreaterThan(20)
  expect(bytes / 1000).toBeLessThanOrEqual(MOST_KB)
  // Pictures come from where the shopkeeper keeps them, everything else from the shop and LINE's API.
  expect(outside.filter((url) => !url.startsWith('https://api.line.me/'))).toEqual([])
  expect(await stage.putAway()).toEqual([])
})
