import { LANGUAGES, localized } from '../shared/language.ts'
import { ICON_NAMES } from './line/menu/icons.ts'
import { lettersMissing } from './line/menu/set-text.ts'
import type { ShopConfig } from './shop/define-shop.ts'

/**
 * What cannot be drawn of a shop's menus, in sentences: an icon that there is none of, a letter that our
 * fonts lack. Menus with a picture of the shop's own draw nothing.
 */
export function checkMenus(shop: ShopConfig): string[] {
  const roles = Array.isArray(shop.roles) ? shop.roles : []
  return roles.flatMap(({ id, menu }) => {
    if (!menu || menu.picture || !Array.isArray(menu.tiles)) return []
    const where = `shop.config roles.${id}.menu.tiles`
    return menu.tiles.flatMap(({ icon, label }) => [
      ...(icon !== undefined && !ICON_NAMES.some((name) => name === icon)
        ? [`${where}: there is no icon "${icon}". There are: ${ICON_NAMES.join(', ')}.`]
        : []),
      ...(label === undefined ? [] : undrawable(label, where)),
    ])
  })
}

function undrawable(label: Parameters<typeof localized>[0], where: string): string[] {
  const texts = new Set(LANGUAGES.map((language) => localized(label, language)))
  const missing = new Set([...texts].flatMap((text) => lettersMissing(text)))
  if (missing.size === 0) return []
  return [
    `${where}: our fonts have no ${[...missing].join(' ')}. Use other words, or a picture of your own.`,
  ]
}
