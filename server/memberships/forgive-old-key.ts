import { NeedsPerson } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { hasRoles } from './reasons.ts'

/**
 * A shop without roles may have a key from before there were any. What that may not read is null there, for
 * nobody's rights hang on it; a shop with roles hears of it.
 */
export function forgiveOldKey<T>(shop: ShopConfig, asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: unknown) => {
    if (error instanceof NeedsPerson && !hasRoles(shop)) return null
    throw error
  })
}
