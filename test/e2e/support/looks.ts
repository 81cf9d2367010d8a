import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

type Axe = { run(part: string, options: object): Promise<AxeResults> }
type AxeResults = { violations: { id: string; nodes: { html: string }[] }[] }

/**
 * What axe finds on the page, or on a part of it, or with one of its rules only (at night nothing but
 * the colours is another). The context must bypass the page's CSP, or axe cannot come in.
 */
export async function axeFindings(
  page: Page,
  { part = 'html', only }: { part?: string; only?: string } = {},
): Promise<string[]> {
  const there = await page.evaluate(() => 'axe' in window)
  if (!there) await page.addScriptTag({ path: AXE })
  const runOnly = only ? [only] : WCAG_22_AA
  const { violations } = await page.evaluate(
    ([part, runOnly]) => {
      const { axe } = window as never as { axe: Axe }
      return axe.run(part, { runOnly, resultTypes: ['violations'] })
    },
    [part, runOnly] as const,
  )
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/** How many pixels the page could be moved sideways: always none on a phone. */
export async function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth - clientWidth
  })
}

/** WCAG wants 24; a thumb on a train wants 44 CSS pixels. */
const TARGET = 44

/**
 * What can be tapped and is too small to hit. Links in running text are exempt (WCAG 2.5.8), and so is
 * what a label enlarges: then the label is the target.
 */
export async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const tappable = 'a[href], button, select, summary, input:not([type=hidden]), [role=tab]'
    const found: string[] = []
    for (const element of document.querySelectorAll<HTMLElement>(tappable)) {
      const target = element.closest('label') ?? element
      const box = target.getBoundingClientRect()
      const style = getComputedStyle(element)
      const unseen = !element.checkVisibility({ visibilityProperty: true }) || box.width <= 1
      const offStage = box.bottom < 0 || box.right < 0
      const inText = style.display === 'inline' && element.closest('p, li, dd') !== null
      if (unseen || offStage || inText) continue
      // Half a pixel is lost in rounding at some zoom factors.
      if (box.height < least - 0.5 || box.width < least - 0.5) {
        const words = (element.textContent ?? '').trim().slice(0, 30)
        found.push(`${element.tagName} "${words}" ${box.width.toFixed(0)}×${box.height.toFixed(0)}`)
      }
    }
    return found
  }, TARGET)
}
