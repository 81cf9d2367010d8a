import type { Page } from 'playwright-core'
import { vi } from 'vitest'
import type { Boot, Offer } from '../../../shared/api.ts'
import type { Rig } from '../../sandbox/rig.ts'
import type { LinkSeed } from '../../sandbox/types.ts'

/** Puts a new offer into the shop, and waits until its page would show it. Returns the Payment Link. */
export async function stock(rig: Rig, seed: LinkSeed) {
  const returnUrl = `${rig.origin}/return?session={CHECKOUT_SESSION_ID}`
  const link = rig.stripe.addLink({ returnUrl, ...seed })
  // The stand-in takes a new link for one that was always there; a change is what it tells of.
  rig.stripe.updateLink(link.id, { active: true })
  await shelf(rig, (offers) => offers.some(({ id }) => id === link.id))
  return link
}

/** Waits until an offer has left the shop. */
export async function shelfLacks(rig: Rig, link: string): Promise<void> {
  await shelf(rig, (offers) => !offers.some(({ id }) => id === link))
}

const BOOT = /(<script type="application\/json" id="boot">)(.*)(<\/script>)/

/** Waits until what Noren writes into the shop's page is as it should be. */
async function shelf(rig: Rig, isRight: (offers: Offer[]) => boolean): Promise<void> {
  await vi.waitFor(
    async () => {
      const html = await (await fetch(rig.origin)).text()
      const { offers } = JSON.parse(BOOT.exec(html)?.[2] ?? '') as Boot
      if (!isRight(offers ?? [])) throw new Error(`the shelf holds ${JSON.stringify(offers)}`)
    },
    { timeout: 10_000, interval: 50 },
  )
}

/** The shop's first page, and no other. */
export const SHELF = /:\d+\/$/

/** Lets this page find other offers in the shop than Noren has written there. */
export async function rewriteShelf(page: Page, change: (offers: Offer[]) => Offer[] | null) {
  await page.route(SHELF, async (route) => {
    const answer = await route.fetch()
    const html = await answer.text()
    const body = html.replace(BOOT, (_all, open: string, json: string, end: string) => {
      const boot = JSON.parse(json) as Boot
      const changed = { ...boot, offers: change(boot.offers ?? []) }
      return open + JSON.stringify(changed) + end
    })
    await route.fulfill({ response: answer, body })
  })
}
