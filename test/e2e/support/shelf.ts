import { vi } from 'vitest'
import type { Rig } from '../../sandbox/rig.ts'
import type { LinkSeed } from '../../sandbox/types.ts'

/** Puts a new offer into the shop, and waits until its page would show it. Returns the Payment Link. */
export async function stock(rig: Rig, seed: LinkSeed) {
  const returnUrl = `${rig.origin}/return?session={CHECKOUT_SESSION_ID}`
  const link = rig.stripe.addLink({ returnUrl, ...seed })
  // The stand-in takes a new link for one that was always there; a change is what it tells of.
  rig.stripe.updateLink(link.id, { active: true })
  await shelfShows(rig, `"id":"${link.id}"`)
  return link
}

/** Waits until what Noren would write into the shop's page holds this piece of JSON. */
export async function shelfShows(rig: Rig, json: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const page = await (await fetch(rig.origin)).text()
      if (!page.includes(json)) throw new Error(`not on the shelf yet: ${json}`)
    },
    { timeout: 10_000, interval: 50 },
  )
}
