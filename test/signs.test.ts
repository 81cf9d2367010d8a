import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Furnished, furnish } from '../server/furnish.ts'
import { commandOf } from '../server/line/chat-commands.ts'
import { openLog } from '../server/log.ts'
import { giveRole, takeRole } from '../server/memberships/give-role.ts'
import { MENU_PLACES, type Menu, type ShopConfig } from '../server/shop/define-shop.ts'
import { menuSpec } from '../server/signs/menu-spec.ts'
import { keepDefaultMenu } from '../server/signs/show-menu.ts'
import { showSign } from '../server/signs/show-sign.ts'
import { doubtSign } from '../server/signs/signs.store.ts'
import { menuWordsIn } from '../shared/i18n/menus.ts'
import { LANGUAGES } from '../shared/language.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'

describe('what the shopkeeper wrote', () => {
  const shop = (menu?: Menu, over: Partial<ShopConfig> = {}) =>
    ({
      name: { ja: 'のれん茶房', en: 'Noren Tea' },
      brand: '#2f5d50',
      roles: [
        { id: 'member', title: { ja: '会員', en: 'Member' }, ...(menu && { menu }) },
        { id: 'guest', title: '客', ...(menu && { menu }) },
      ],
      ...over,
    }) as unknown as ShopConfig
  const LIFF = '1234567890-abcdefgh'
  const spec = (
    menu: Menu | undefined,
    { role = 'member', language = 'ja' as const, over = {}, pictures = new Map() } = {},
  ) => menuSpec({ shop: shop(menu, over), liffId: LIFF, pictures }, role, language)

  test('each place opens its page in LIFF, and a word in the chat where there is no page', () => {
    const { areas } = spec({ tiles: MENU_PLACES.map((opens) => ({ opens })) })
    const home = `https://liff.line.me/${LIFF}`
    expect(areas.map(({ icon, action }) => [icon, Object.values(action)[1]])).toEqual([
      ['shop', `${home}?source=menu`],
      ['orders', `${home}/orders?source=menu`],
      ['member', `${home}/membership?source=menu`],
      ['join', `${home}/join?source=menu`],
      ['card', `${home}/membership?do=card&source=menu`],
      ['plan', `${home}/membership?do=plan&source=menu`],
      ['cancel', `${home}/membership?do=cancel&source=menu`],
      ['legal', `${home}/legal?source=menu`],
      ['friend', '友だち'],
      ['help', 'ヘルプ'],
    ])
  })

  test.each(LANGUAGES)('what a tile writes into the chat is understood there (%s)', (language) => {
    const words = menuWordsIn(language)
    expect(commandOf(words.help)).toBe('help')
    expect(commandOf(words.friend)).toBe('friend')
  })

  test('the way to add the shop is its own, where it has one', () => {
    const over = { friendUrl: 'https://lin.ee/noren' }
    const [area] = spec({ tiles: [{ opens: 'friend' }] }, { over }).areas
    expect(area?.action).toEqual({ type: 'uri', uri: over.friendUrl })
  })

  test('an address and a telephone number of the shop’s own are opened as they are', () => {
    const tiles: Menu['tiles'] = [
      { opens: 'https://example.com/blog', label: { ja: '読みもの', en: 'Blog' } },
      { opens: 'tel:+81312345678' },
      { opens: 'shop', label: '棚', icon: 'leaf' },
    ]
    expect(spec({ tiles }).areas).toEqual([
      {
        label: '読みもの',
        icon: 'star',
        action: { type: 'uri', uri: 'https://example.com/blog' },
      },
      {
        label: 'tel:+81312345678',
        icon: 'phone',
        action: { type: 'uri', uri: 'tel:+81312345678' },
      },
      {
        label: '棚',
        icon: 'leaf',
        action: { type: 'uri', uri: `https://liff.line.me/${LIFF}?source=menu` },
      },
    ])
  })

  test('more than three tiles make two rows, unless the shop says otherwise', () => {
    const tiles = (many: number) => MENU_PLACES.slice(0, many).map((opens) => ({ opens }))
    expect(spec({ tiles: tiles(3) }).size).toBe('compact')
    expect(spec({ tiles: tiles(4) }).size).toBe('large')
    expect(spec({ tiles: tiles(2), size: 'large' }).size).toBe('large')
  })

  test('a shop that says nothing of menus has one for guests and one for members', () => {
    expect(spec(undefined, { role: 'guest' })).toMatchObject({
      size: 'compact',
      bar: 'メニュー',
      picture: { roleTitle: null, shopName: 'のれん茶房' },
    })
    expect(spec(undefined)).toMatchObject({ size: 'large', picture: { roleTitle: '会員' } })
  })

  test('a picture of the shop’s own takes the place of ours', () => {
    const own = { file: Buffer.from('png'), type: 'image/png' as const }
    const menu: Menu = { picture: 'menu.png', bar: { ja: '開く' }, tiles: [{ opens: 'shop' }] }
    const made = spec(menu, { pictures: new Map([['menu.png', own]]) })
    expect(made).toMatchObject({ picture: own, bar: '開く' })
  })
})

describe('in the chat', () => {
  let club: Club
  let other: Furnished
  let hana: LineUser

  beforeAll(async () => {
    club = await openClub()
    other = furnish(club.config, club.members.post.clock, openLog('silent'))
  })
  beforeEach(() => {
    hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
  })
  afterEach(async () => {
    club.line.clearFaults()
    await club.line.refuseConnections(false)
    await club.settle()
  })
  afterAll(async () => {
    await other.close()
    await club.close()
  })

  const account = (user = hana) => `line:${user.userId}`
  const made = () => club.line.requests.filter((one) => one === 'POST /v2/bot/richmenu').length
  const personOf = async (user = hana) => {
    await club.cookieOf(user)
    const { person_id } = await club.store.db
      .selectFrom('accounts')
      .select('person_id')
      .where('id', '=', account(user))
      .executeTakeFirstOrThrow()
    return person_id
  }
  const give = async (role: string, user = hana) =>
    giveRole(club.members, await personOf(user), { role, until: null, note: null })
  const member = async (user = hana) => {
    await give('member', user)
    await club.settle()
  }
  /** As after a day on which nobody knows what LINE shows. */
  const showAnew = async (desk = club.signs, user = hana) => {
    await doubtSign(club.store.db, account(user))
    await showSign(desk, account(user))
  }
  const forgetMenus = () => club.store.db.deleteFrom('menus').execute()

  test('a menu is made once, and shown to everybody with the role', async () => {
    await member()
    const [before, taro] = [made(), club.line.addUser({ name: '太郎', friend: true })]
    await member(taro)
    expect([club.menu(hana), club.menu(taro)]).toEqual(['会員', '会員'])
    expect(made()).toBe(before)
  })

  test('another process shows the same menu, and makes none', async () => {
    await member()
    const [before, menu] = [made(), club.line.menuOf(hana.userId)?.richMenuId]
    await showAnew(other.signs)
    expect(club.line.menuOf(hana.userId)?.richMenuId).toBe(menu)
    expect(made()).toBe(before)
  })

  test('books that were lost do not make a menu anew which LINE still holds', async () => {
    await member()
    const before = made()
    await forgetMenus()
    await showAnew()
    expect(club.menu(hana)).toBe('会員')
    expect(made()).toBe(before)
  })

  test('two processes that make a menu at once leave one of it', async () => {
    await member()
    await forgetMenus()
    for (const { richMenuId } of club.line.richMenus()) club.line.deleteRichMenu(richMenuId)
    await Promise.all([showAnew(), showAnew(other.signs)])
    expect(club.menu(hana)).toBe('会員')
    expect(club.line.richMenus().map(({ chatBarText }) => chatBarText)).toEqual(['会員'])
  })

  test('many who become members at once cost one menu, since LINE lets few be made in an hour', async () => {
    const users = Array.from({ length: 8 }, () => club.line.addUser({ name: '客', friend: true }))
    for (const user of users) await member(user)
    await forgetMenus()
    for (const { richMenuId } of club.line.richMenus()) club.line.deleteRichMenu(richMenuId)
    const before = made()
    // About as long as one is drawn.
    club.line.addFault({ on: /^POST \/v2\/bot\/richmenu$/, times: 8, delayMs: 400 })
    await Promise.all(users.map((user) => showAnew(club.signs, user)))
    expect(users.map(club.menu)).toEqual(users.map(() => '会員'))
    expect(made()).toBe(before + 1)
  })

  test('a menu that somebody deleted at LINE is made again', async () => {
    await member()
    const before = made()
    club.line.deleteRichMenu(club.line.menuOf(hana.userId)?.richMenuId ?? '')
    expect(club.menu(hana)).toBe('none')
    await showAnew()
    expect(club.menu(hana)).toBe('会員')
    expect(made()).toBe(before + 1)
  })

  test('who is seen for the first time sees the guests’ menu, also after it was deleted at LINE', async () => {
    await keepDefaultMenu(club.signs)
    expect(club.menu(hana)).toBe('ゲスト')
    const asked = club.line.requests.length
    await keepDefaultMenu(club.signs)
    expect(club.line.requests.slice(asked)).toEqual(['GET /v2/bot/user/all/richmenu'])
    club.line.deleteRichMenu(club.line.menuOf(hana.userId)?.richMenuId ?? '')
    expect(club.menu(hana)).toBe('none')
    await keepDefaultMenu(club.signs)
    expect(club.menu(hana)).toBe('ゲスト')
  })

  test('who speaks another language from now on reads the menu in it', async () => {
    club.config.shop.roles = (club.config.shop.roles ?? []).map((role) =>
      role.id === 'member' && role.menu
        ? { ...role, menu: { ...role.menu, bar: { ja: '会員', en: 'Members' } } }
        : role,
    )
    await member()
    expect(club.menu(hana)).toBe('会員')
    await club.logIn(hana, 'en')
    await club.settle()
    expect(club.menu(hana)).toBe('Members')
  })

  test('a guest who reads another language than the shop’s sees the guests’ menu in theirs', async () => {
    club.config.shop.roles = (club.config.shop.roles ?? []).map((role) =>
      role.id === 'guest' && role.menu
        ? { ...role, menu: { ...role.menu, bar: { ja: 'ゲスト', en: 'Guests' } } }
        : role,
    )
    const emma = club.line.addUser({ name: 'Emma', friend: true, language: 'en' })
    await club.logIn(emma, 'en')
    await club.settle()
    expect(club.menu(emma)).toBe('Guests')
    await club.logIn(hana, 'ja')
    await club.settle()
    // The default one is hers already.
    expect(club.line.requests.at(-1)).not.toContain(`/user/${hana.userId}/richmenu`)
  })

  test('while LINE is away the role is held already, and menu and welcome follow when it is back', async () => {
    await club.line.refuseConnections(true)
    await member()
    expect(await club.role(hana)).toBe('member')
    expect(club.menu(hana)).not.toBe('会員')
    await club.line.refuseConnections(false)
    await club.settleFor(3_600)
    expect(club.menu(hana)).toBe('会員')
    expect(await club.told(hana)).toEqual(['welcome'])
    expect(club.heard(hana.userId)).toHaveLength(1)
  })

  test('of two roles in a row the last is shown, although the first takes LINE longer', async () => {
    await member()
    club.line.addFault({ on: /^POST .*\/richmenu\/richmenu-/, times: 1, delayMs: 200 })
    await give('premium')
    const slow = showSign(club.signs, account())
    await expect.poll(() => club.line.requests.at(-1)).toMatch(/richmenu\/richmenu-/)
    await takeRole(club.members, await personOf(), 'premium')
    await showSign(other.signs, account())
    await slow
    expect(club.menu(hana)).toBe('会員')
    await club.settle()
    expect(club.menu(hana)).toBe('会員')
  })

  test('what LINE did without answering is put right when it is tried again', async () => {
    await member()
    // Done, and nobody is told: by the time it is tried again another menu was shown.
    club.line.addFault({ on: /^POST .*\/richmenu\/richmenu-/, times: 1, drop: 'after' })
    await give('premium')
    const lost = showSign(club.signs, account())
    await takeRole(club.members, await personOf(), 'premium')
    await showSign(other.signs, account())
    await expect(lost).rejects.toThrow()
    const premium = club.line.richMenus().find(({ chatBarText }) => chatBarText === '特別会員')
    await link(premium?.richMenuId ?? '')
    expect(club.menu(hana)).toBe('特別会員')
    await showSign(club.signs, account())
    expect(club.menu(hana)).toBe('会員')
  })

  const link = (menu: string) =>
    fetch(`${club.line.url}/v2/bot/user/${hana.userId}/richmenu/${menu}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${club.line.channelAccessToken}` },
    })

  test('who has blocked the shop unheard is shown the menu with the next follow', async () => {
    const jiro = club.line.addUser({ name: '次郎', friend: false })
    await member(jiro)
    expect(await club.role(jiro)).toBe('member')
    expect(club.menu(jiro)).toBe('none')
    await club.line.follow(jiro.userId)
    await club.settle()
    expect(club.menu(jiro)).toBe('会員')
  })
})
