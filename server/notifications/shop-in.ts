import { type Language, localized } from '../../shared/language.ts'
import type { ShopConfig } from '../shop/define-shop.ts'

/** The shop as a message names it, in its reader's language. */
export function shopIn(shop: ShopConfig, language: Language) {
  return {
    name: localized(shop.name, language),
    brand: shop.brand,
    taxNote: localized(shop.taxNote, language),
  }
}
