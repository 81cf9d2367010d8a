import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Addresses, type LogIns, layOut } from './support/lay-out.ts'
import { axeFindings, sidewaysScroll, smallTargets } from './support/looks.ts'
import { SCENES, type Who } from './support/scenes.ts'
import { openStage, PHONE, type Stage } from './support/stage.ts'
import { en, ja } from './support/words.ts'

let stage: Stage
let at: Addresses
let logIns: LogIns
beforeAll(async () => {
  stage = await openStage()
  const laidOut = await layOut(stage)
  at = laidOut.at
  logIns = laidOut.logIns
})
afterAll(() => stage.close())
afterEach(async () => expect(await stage.putAway()).toEqual([]))

/** Refusals that some of these pages are about. */
const PART_OF_IT = /status of 40[149]|net::ERR_FAILED/

function visitAs(who: Who, { english = false, width = PHONE.width } = {}) {
  return stage.visit({
    bypassCSP: true,
    expecting: PART_OF_IT,
    locale: english ? 'en-US' : 'ja-JP',
    viewport: { width, height: PHONE.height },
    ...(who === 'nobody' ? {} : { storageState: logIns[who] }),
  })
}

test.for(SCENES)(
  '$name can be read and used by everybody, by day, at night and on a narrow phone',
  async (scene) => {
    const page = await visitAs(scene.who)
    await scene.open(page, ja, at)
    expect(await axeFindings(page)).toEqual([])
    expect(await smallTargets(page)).toEqual([])
    expect(await sidewaysScroll(page)).toBe(0)

    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await axeFindings(page, { only: 'color-contrast' })).toEqual([])

    await page.setViewportSize({ width: 320, height: 568 })
    expect(await smallTargets(page)).toEqual([])
    expect(await sidewaysScroll(page)).toBe(0)

    // English needs more room. Stripe's pages offer no choice; they are looked at below.
    if (scene.atStripe) return
    await page.getByLabel(ja.shell.language).selectOption('en')
    await page.locator('html[lang=en]').waitFor()
    expect(await smallTargets(page)).toEqual([])
    expect(await sidewaysScroll(page)).toBe(0)
    await page.context().close()
  },
)

test('Stripe’s pages have room for English on a narrow phone too', async () => {
  for (const scene of SCENES.filter(({ atStripe }) => atStripe)) {
    const page = await visitAs(scene.who, { english: true, width: 320 })
    await scene.open(page, en, at)
    expect(await smallTargets(page)).toEqual([])
    expect(await sidewaysScroll(page)).toBe(0)
  }
})

test('what is wrong with a page is found: no name, no contrast, too small, too wide', async () => {
  const page = await visitAs('nobody')
  await page.setContent(
    '<html lang="ja"><title>x</title><main><h1>x</h1><button style="width:20px;height:20px"></button>' +
      '<p style="color:#ccc;background:#fff;width:900px">Hard to read</p></main>',
  )
  const findings = (await axeFindings(page)).map((finding) => finding.split(':')[0])
  expect(findings).toEqual(expect.arrayContaining(['button-name', 'color-contrast']))
  expect(await smallTargets(page)).toHaveLength(1)
  expect(await sidewaysScroll(page)).toBeGreaterThan(500)
})

test('the shop does not jump while it loads', async () => {
  const page = await visitAs('nobody')
  await page.addInitScript(() => {
    const shifts: number[] = []
    Object.assign(window, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        shifts.push((entry as never as { value: number }).value)
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto('/')
  await page.getByRole('listitem').last().scrollIntoViewIfNeeded()
  await page.waitForLoadState('networkidle')
  const shifts = await page.evaluate(() => (window as never as { shifts: number[] }).shifts)
  expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThanOrEqual(0.02)
})
