import type Stripe from 'stripe'
import { orNull } from './not-found.ts'
import type { NameProduct } from './read-subscription.ts'

/** A name that the shop has changed may be told wrongly for so long; nothing is decided by it. */
const REMEMBER_MS = 600_000
const MOST_NAMES = 1_000

/**
 * Subscriptions name their products by id only, and Stripe expands no deeper than four levels, so a
 * product costs a read of its own: once in ten minutes, and not once for each member.
 */
export function openNames(stripe: Stripe): NameProduct {
  const known = new Map<string, { name: Promise<string | null>; until: number }>()

  function ask(product: string, now: number): Promise<string | null> {
    if (known.size >= MOST_NAMES) known.clear()
    const name = readName(stripe, product).catch((error: unknown) => {
      known.delete(product)
      throw error
    })
    known.set(product, { name, until: now + REMEMBER_MS })
    return name
  }

  return async (product, price) => {
    // Elapsed time, not the time of day: this is about how long a process remembers.
    const now = performance.now()
    const held = known.get(product)
    const name = await (held && held.until > now ? held.name : ask(product, now))
    return name ?? price.nickname ?? ''
  }
}

/** null: the shop has deleted it. */
async function readName(stripe: Stripe, id: string): Promise<string | null> {
  const product = await orNull(() => stripe.products.retrieve(id))
  return product?.name ?? null
}
