import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkMenus } from '../server/check-menus.ts'
import { readPictures } from '../server/read-pictures.ts'
import { checkShop } from '../server/shop/check-shop.ts'
import type { ShopConfig } from '../server/shop/define-shop.ts'
import shop from '../shop.config.ts'
import { plainPng } from './support/plain-png.ts'

const MEMBER = { id: 'member', title: '会員', grants: [{ product: 'prod_1' }] }
/** The file may be plain JavaScript, so anything can stand there. */
const faultsOf = (over: object) => {
  const written = { ...shop, ...over } as ShopConfig
  return [...checkShop(written, false), ...checkMenus(written)].join('\n')
}
const withRole = (over: object) => faultsOf({ roles: [{ ...MEMBER, ...over }] })
const withTiles = (...tiles: object[]) => withRole({ menu: { tiles } })

test('roles, menus and portal views as the documents show them are fine', () => {
  const roles = [
    {
      ...MEMBER,
      id: 'premium',
      portal: ['member', 'company'],
      discordRoles: ['1180000000000000001', '1180000000000000002'],
      grants: [{ price: ['price_1', 'price_2'] }],
    },
    { ...MEMBER, grants: [{ offer: 'plink_1', days: 30 }, { product: 'prod_1' }] },
    {
      id: 'guest',
      title: 'ゲスト',
      menu: { tiles: [{ opens: 'shop' }, { opens: 'tel:0774000000', label: '電話' }] },
    },
  ]
  const portal = {
    company: { headline: '請求書', invoices: true },
    member: { card: true, pause: [1, 3] },
  }
  expect(faultsOf({ roles, portal, membership: { graceDays: 0, onDispute: 'keep' } })).toBe('')
})

test.each<[string, object, RegExp]>([
  ['roles that are no list', { roles: { member: {} } }, /roles must be a list/],
  ['a role without an id', { roles: [{ title: '会員' }] }, /"" is no id/],
  ['an id with a space', { roles: [{ ...MEMBER, id: 'gold member' }] }, /"gold member" is no id/],
  ['the same role twice', { roles: [MEMBER, MEMBER] }, /"member" stands there twice/],
  ['a grace of half a day', { membership: { graceDays: 0.5 } }, /graceDays must be a whole number/],
  ['a grace of a year', { membership: { graceDays: 365 } }, /graceDays must be/],
  ['a dispute rule that nobody knows', { membership: { onDispute: 'ban' } }, /suspend or keep/],
  ['a portal view with a task’s name', { portal: { card: {} } }, /name of a task/],
  ['a portal view that is a word', { portal: { vip: 'all' } }, /portal.vip must be/],
  [
    'a cancellation at some other time',
    { portal: { vip: { cancel: 'never' } } },
    /period_end or now/,
  ],
  ['a pause of no months', { portal: { vip: { pause: [0] } } }, /months from 1 to 12/],
  ['a pause that is no list', { portal: { vip: { pause: true } } }, /a list of months/],
])('%s is refused in a sentence', (_, over, sentence) => {
  expect(faultsOf(over)).toMatch(sentence)
})

test.each<[string, object, RegExp]>([
  ['no title', { title: '' }, /title is missing/],
  ['a grant that names nothing', { grants: [{}] }, /grants must each be/],
  ['a grant that is a word', { grants: ['prod_1'] }, /grants must each be/],
  [
    'a price where a product belongs',
    { grants: [{ product: 'price_1' }] },
    /"price_1" is no product id/,
  ],
  [
    'a link’s address instead of its id',
    { grants: [{ offer: 'https://buy.stripe.com/x' }] },
    /is no offer id/,
  ],
  ['a pass for no days', { grants: [{ offer: 'plink_1', days: 0 }] }, /days must be/],
  ['a guest who is granted something', { id: 'guest' }, /everybody else is a guest/],
  [
    'a Discord role by its name',
    { discordRoles: '会員' },
    /roles.member.discordRoles : "会員" is no id of a Discord role/,
  ],
  [
    'a Discord role as a number, which JavaScript would round',
    { discordRoles: [1.18e18] },
    /a long number in quotes/,
  ],
  [
    'a Discord role for who is no member',
    { id: 'guest', grants: [], discordRoles: '1180000000000000001' },
    /guest.discordRoles must be empty/,
  ],
  ['a portal view that is not there', { portal: 'vip' }, /names "vip", which is no view/],
  ['a menu without tiles', { menu: { tiles: [] } }, /must be 1 to 6 tiles/],
  [
    'four tiles in one row',
    { menu: { size: 'compact', tiles: Array(4).fill({ opens: 'shop' }) } },
    /1 to 3 tiles/,
  ],
  [
    'a menu of a third size',
    { menu: { size: 'huge', tiles: [{ opens: 'shop' }] } },
    /large or compact/,
  ],
])('a role with %s is refused in a sentence', (_, over, sentence) => {
  expect(withRole(over)).toMatch(sentence)
})

test.each([
  ['https://discord.gg/AbCd-9', true],
  ['https://discord.com/invite/noren', true],
  ['https://discord.com/channels/1/2', false],
  ['discord.gg/AbCd', false],
  [undefined, true],
])('the invitation %s is one: %s', (invite, fits) => {
  const faults = faultsOf({ discord: { invite } })
  expect(/discord.invite must be an invitation/.test(faults)).toBe(!fits)
})

test.each<[string, object, RegExp]>([
  ['opens nothing we know', { opens: 'basket' }, /"basket" opens nothing/],
  [
    'opens an address that is not safe',
    { opens: 'http://example.com', label: 'x' },
    /opens nothing/,
  ],
  ['runs a script', { opens: 'javascript:alert(1)', label: 'x' }, /opens nothing/],
  ['opens an address and has no label', { opens: 'https://example.com' }, /needs a label/],
  ['has an icon that there is none of', { opens: 'shop', icon: 'rocket' }, /no icon "rocket"/],
  ['has a letter that cannot be drawn', { opens: 'shop', label: '逛商店' }, /our fonts have no 逛/],
])('a tile that %s is refused in a sentence', (_, tile, sentence) => {
  expect(withTiles(tile)).toMatch(sentence)
})

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'noren-menus-'))
  writeFileSync(join(folder, 'good.png'), plainPng({ width: 2500, height: 843 }))
  writeFileSync(join(folder, 'tall.png'), plainPng({ width: 1000, height: 1000 }))
  writeFileSync(join(folder, 'note.png'), 'not a picture')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each<[string, RegExp | null]>([
  ['good.png', null],
  ['tall.png', /at least 1.45 times as wide as high/],
  ['note.png', /neither a PNG nor a JPEG/],
  ['gone.png', /cannot be used/],
])('a shop’s own picture %s is looked at before the start', (picture, sentence) => {
  const faults: string[] = []
  const menu = { picture, tiles: [{ opens: 'shop' as const }] }
  const read = readPictures({ ...shop, roles: [{ ...MEMBER, menu }] }, folder, faults)
  if (sentence) expect(faults.join()).toMatch(sentence)
  else expect([faults, read.get(picture)?.type]).toEqual([[], 'image/png'])
})
