import { expect, test } from 'vitest'
import { iconNamed } from '../server/line/menu/icons.ts'
import { MENU_PLACES, type Role } from '../server/shop/define-shop.ts'
import { menuSpec } from '../server/signs/menu-spec.ts'
import { LANGUAGES } from '../shared/language.ts'
import shop from '../shop.config.ts'

const specOf = (roles: Role[], role: string, language: (typeof LANGUAGES)[number]) =>
  menuSpec({ shop: { ...shop, roles }, liffId: '1-a', pictures: new Map() }, role, language)

const member: Role = { id: 'member', title: '会員' }

test('a shop that says nothing about menus gets one for guests and one for members, and each tile can be drawn', () => {
  for (const language of LANGUAGES)
    for (const role of ['guest', 'member']) {
      const { areas, bar } = specOf([member], role, language)
      for (const { icon } of areas) expect(() => iconNamed(icon)).not.toThrow()
      expect([...bar].length).toBeLessThanOrEqual(14)
    }
  expect(specOf([member], 'guest', 'ja').bar).not.toBe(specOf([member], 'member', 'ja').bar)
})

test('each of our pages has a picture of its own on the menu', () => {
  const tiles = MENU_PLACES.map((opens) => ({ opens }))
  const { areas } = specOf([{ ...member, menu: { tiles } }], 'member', 'ja')
  const icons = areas.map(({ icon }) => iconNamed(icon))
  expect(new Set(icons).size).toBe(MENU_PLACES.length)
})
