import { menuWordsIn } from '../../shared/i18n/menus.ts'
import { type Language, localized } from '../../shared/language.ts'
import { memberLinks } from '../notifications/member-links.ts'
import type { MenuArea, MenuSpec } from '../ports.ts'
import type { Menu, MenuPlace, MenuTile, ShopConfig } from '../shop/define-shop.ts'

const GUEST = 'guest'

/** What a shop gets that has said nothing about menus. */
const GUEST_MENU: Menu = {
  tiles: [{ opens: 'shop' }, { opens: 'join' }, { opens: 'orders' }],
}
const MEMBER_MENU: Menu = {
  tiles: [
    { opens: 'membership' },
    { opens: 'shop' },
    { opens: 'orders' },
    { opens: 'card' },
    { opens: 'plan' },
    { opens: 'help' },
  ],
}
/** One row holds so many tiles; more make two. */
const COMPACT_TILES = 3

/** A picture of the shop's own, by the path that shop.config names. */
export type OwnPictures = ReadonlyMap<string, { file: Buffer; type: 'image/png' | 'image/jpeg' }>

/**
 * The menu as one role sees it in one language: a pure function of what the shopkeeper wrote, so that
 * the same words make the same menu. Each tile opens LIFF, which decides by the present state: a menu
 * that is out of date breaks nothing.
 */
export function menuSpec(
  parts: { shop: ShopConfig; liffId: string; pictures: OwnPictures },
  role: string,
  language: Language,
): MenuSpec {
  const { shop } = parts
  const named = shop.roles?.find(({ id }) => id === role)
  const menu = named?.menu ?? (role === GUEST ? GUEST_MENU : MEMBER_MENU)
  const words = menuWordsIn(language)
  const own = menu.picture === undefined ? undefined : parts.pictures.get(menu.picture)
  return {
    size: menu.size ?? (menu.tiles.length > COMPACT_TILES ? 'large' : 'compact'),
    bar: menu.bar ? localized(menu.bar, language) : role === GUEST ? words.bar : words.memberBar,
    areas: menu.tiles.map((tile) => areaOf(tile, parts, language)),
    picture: own ?? {
      brand: shop.brand,
      shopName: localized(shop.name, language),
      roleTitle: named && role !== GUEST ? localized(named.title, language) : null,
    },
  }
}

function areaOf(
  tile: MenuTile,
  { shop, liffId }: { shop: ShopConfig; liffId: string },
  language: Language,
): MenuArea {
  const words = menuWordsIn(language)
  const { opens } = tile
  if (isPlace(opens)) {
    const label = tile.label ? localized(tile.label, language) : words.places[opens]
    return { label, icon: tile.icon ?? iconOf(opens), action: actionOf(opens, shop, liffId, words) }
  }
  const label = localized(tile.label ?? opens, language)
  const icon = tile.icon ?? (opens.startsWith('tel:') ? 'phone' : 'star')
  return { label, icon, action: { type: 'uri', uri: opens } }
}

/** Places and icons share their names, but for the one that shows a person and leads to a page. */
function iconOf(place: MenuPlace): string {
  return place === 'membership' ? 'member' : place
}

function isPlace(opens: MenuTile['opens']): opens is MenuPlace {
  return !opens.includes(':')
}

function actionOf(
  place: MenuPlace,
  shop: ShopConfig,
  liffId: string,
  words: ReturnType<typeof menuWordsIn>,
): MenuArea['action'] {
  if (place === 'help') return { type: 'message', text: words.help }
  if (place === 'friend')
    return shop.friendUrl
      ? { type: 'uri', uri: shop.friendUrl }
      : { type: 'message', text: words.friend }
  return { type: 'uri', uri: memberLinks(liffId, 'menu')[place] }
}
