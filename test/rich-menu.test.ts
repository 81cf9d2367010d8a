import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { longest } from '../server/line/menu/break-lines.ts'
import { drawMenu } from '../server/line/menu/draw-menu.ts'
import { fitLabels } from '../server/line/menu/fit-labels.ts'
import { type Frame, layOut } from '../server/line/menu/lay-out.ts'
import { type MenuPicture, menuSvg } from '../server/line/menu/menu-svg.ts'
import { paletteOf } from '../server/line/menu/palette.ts'
import { readMenuPicture } from '../server/line/menu/read-picture.ts'
import { lettersMissing, runsOf, widthOf } from '../server/line/menu/set-text.ts'
import { openLineSign } from '../server/line/sign.ts'
import { fixedToken } from '../server/line/token.ts'
import type { MenuSpec, Sign } from '../server/ports.ts'
import { Later, NeedsPerson } from '../server/ports.ts'
import { AA, contrastOf } from '../shared/contrast.ts'
import { createLineSandbox, type LineStandIn } from './sandbox/line/start.ts'

const GUESTS: MenuSpec = {
  size: 'compact',
  bar: 'メニューを開く',
  areas: [
    { label: 'お店を見る', icon: 'shop', action: { type: 'uri', uri: 'https://liff.line.me/1-a' } },
    { label: '注文履歴', icon: 'orders', action: { type: 'message', text: '注文' } },
    {
      label: '会員になる',
      icon: 'join',
      action: { type: 'postback', data: 'do=join', displayText: '会員になる' },
    },
  ],
  picture: { brand: '#2f5d50', shopName: 'のれん茶房', roleTitle: null },
}
const MEMBERS: MenuPicture = {
  size: 'large',
  brand: '#2f5d50',
  shopName: 'のれん茶房 & <茶>',
  roleTitle: '茶会員',
  tiles: [
    { label: 'お店', icon: 'shop' },
    { label: '会員ページ', icon: 'member' },
    { label: 'プラン変更', icon: 'plan' },
    { label: 'お支払いカード', icon: 'card' },
    { label: '解約・お休み', icon: 'cancel' },
    { label: '特定商取引法に基づく表記', icon: 'legal' },
  ],
}

/** The head of a PNG or JPEG of this size, which is all that is read of it. */
function pngOf(width: number, height: number): Buffer {
  const head = Buffer.from('89504e470d0a1a0a0000000d494844520000000000000000', 'hex')
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(height, 20)
  return head
}
function jpegOf(width: number, height: number): Buffer {
  const jpeg = Buffer.from('ffd8ffe000044a46ffc0001108000000000301', 'hex')
  jpeg.writeUInt16BE(height, 13)
  jpeg.writeUInt16BE(width, 15)
  return jpeg
}

describe('the picture that is drawn', () => {
  test('is a PNG that LINE takes, and the same bytes for the same menu', async () => {
    const [one, other] = [await drawMenu(MEMBERS), await drawMenu(MEMBERS)]
    expect(readMenuPicture(one)).toMatchObject({ type: 'image/png', width: 2500, height: 1686 })
    expect(one.length).toBeLessThan(1_000_000)
    expect(one.equals(other)).toBe(true)
  })

  test('shows at a glance who is a member, and never the guests’ picture', () => {
    const members = menuSvg(MEMBERS)
    const guests = menuSvg({ ...MEMBERS, roleTitle: null })
    expect(members).toContain('>茶会員<')
    expect(/<rect [^>]*fill="(#\w+)"/.exec(members)?.[1]).toBe('#2F5D50')
    expect(/<rect [^>]*fill="(#\w+)"/.exec(guests)?.[1]).toBe('#FAF6EE')
  })

  test('can be read in any shop’s colour, by guests and by members', () => {
    for (const brand of [
      '#FFFFFF',
      '#000000',
      '#06C755',
      '#FFD400',
      '#F8BBD0',
      '#777777',
      '#b3392b',
    ])
      for (const member of [true, false]) {
        const { ground, text, ink, cloth, onCloth } = paletteOf(brand, member)
        expect(contrastOf(text, ground)).toBeGreaterThanOrEqual(AA)
        expect(contrastOf(ink, ground)).toBeGreaterThanOrEqual(3)
        expect(contrastOf(onCloth, cloth)).toBeGreaterThanOrEqual(3)
      }
    const [members, guests] = [paletteOf('#FFFFFF', true), paletteOf('#FFFFFF', false)]
    expect(contrastOf(members.ground, guests.ground)).toBeGreaterThan(3)
  })

  test('takes any shop’s name as words, not as markup', () => {
    expect(menuSvg(MEMBERS)).toContain('>のれん茶房 &amp; &lt;茶><')
  })
})

describe('the labels', () => {
  test.each([
    ['ja', 'お店を見る 注文履歴 会員になる プラン変更 解約 領収書 特定商取引法 友だち ヘルプ'],
    ['en', 'Shop My orders Become a member Change plan Cancel Receipts Legal notice Help'],
    ['th', 'ร้านค้า คำสั่งซื้อ สมัครสมาชิก เปลี่ยนแผน ยกเลิก ใบเสร็จ ข้อมูลตามกฎหมาย ช่วยเหลือ'],
    ['zh-TW', '商店 我的訂單 加入會員 會員專區 變更方案 取消訂閱 收據 法定標示 使用說明 查看明細'],
  ])('in %s are drawn with every letter', (_language, labels) => {
    expect(lettersMissing(labels)).toEqual([])
    expect(
      runsOf(labels)
        .map(({ text }) => text)
        .join(''),
    ).not.toContain('〓')
  })

  test('name the letters that no font has, and leave emoji out', () => {
    expect(lettersMissing('她的한글🍵')).toEqual(['她', '한', '글'])
    expect(runsOf('お茶🍵').map(({ text }) => text)).toEqual(['お茶'])
  })

  test('never leave their tile, whatever twenty letters they are', () => {
    const widths = [713, 713, 713]
    for (const letter of ['W', 'あ', '茶', 'ก', 'w w']) {
      const label = letter.repeat(20).slice(0, 20)
      const { size, lines } = fitLabels([label, '店', 'Shop'], widths)
      for (const each of lines) {
        expect(longest(each) * size).toBeLessThanOrEqual(713)
        expect(each.length * size).toBeLessThanOrEqual(3 * 88)
      }
      expect(lines[0]?.join('').replaceAll(' ', '')).toBe(label.replaceAll(' ', ''))
    }
  })

  test('break between words, and a little word of Japanese stays with the one before', () => {
    const { lines } = fitLabels(['友だちに教える', 'My membership', 'สมัครสมาชิก'], [500, 620, 500])
    expect(lines).toEqual([
      ['友だちに', '教える'],
      ['My', 'membership'],
      ['สมัคร', 'สมาชิก'],
    ])
    expect(widthOf('น้ำ')).toBeCloseTo(widthOf('นา'), 5)
  })
})

describe('the areas', () => {
  const frames: [string, Frame, number][] = [
    ['large', { width: 2500, height: 1686, rows: 2, top: 184 }, 6],
    ['compact', { width: 2500, height: 843, rows: 1, top: 184 }, 3],
    ['the shop’s own', { width: 1201, height: 811, rows: 2, top: 0 }, 6],
  ]
  test.each(frames)('cover a %s picture, each point once', (_name, frame, most) => {
    for (let count = 1; count <= most; count++) {
      const boxes = layOut(frame, count)
      expect(boxes).toHaveLength(count)
      const covered = boxes.reduce((sum, { width, height }) => sum + width * height, 0)
      expect(covered).toBe(frame.width * frame.height)
      for (const [at, one] of boxes.entries()) {
        expect(Object.values(one).every(Number.isInteger)).toBe(true)
        expect(one.x + one.width).toBeLessThanOrEqual(frame.width)
        expect(one.y + one.height).toBeLessThanOrEqual(frame.height)
        for (const other of boxes.slice(at + 1)) {
          const apartAcross = one.x + one.width <= other.x || other.x + other.width <= one.x
          const apartDown = one.y + one.height <= other.y || other.y + other.height <= one.y
          expect(apartAcross || apartDown).toBe(true)
        }
      }
    }
    expect(() => layOut(frame, most + 1)).toThrow(`1 to ${most} areas, not ${most + 1}`)
    expect(() => layOut(frame, 0)).toThrow(RangeError)
  })
})

describe('a picture of the shop’s own', () => {
  test('is known by its bytes, PNG or JPEG', () => {
    expect(readMenuPicture(pngOf(1200, 810))).toMatchObject({ type: 'image/png', width: 1200 })
    expect(readMenuPicture(jpegOf(2500, 843))).toMatchObject({
      type: 'image/jpeg',
      width: 2500,
      height: 843,
    })
  })

  test.each([
    ['of another kind', Buffer.from('GIF89a'), 'neither a PNG nor a JPEG'],
    ['cut off', jpegOf(2500, 843).subarray(0, 12), 'neither a PNG nor a JPEG'],
    ['too small', pngOf(700, 400), 'a width of 800 to 2500'],
    ['too low', pngOf(800, 240), 'a height of 250 or more'],
    ['too high', pngOf(1200, 1200), 'at least 1.45 times as wide as high'],
    ['too heavy', Buffer.concat([pngOf(2500, 1686), Buffer.alloc(1_000_000)]), 'LINE takes 1 MB'],
  ])('that is %s is refused with what to do', (_what, file, words) => {
    expect(() => readMenuPicture(file)).toThrow(words)
    expect(() => readMenuPicture(file)).toThrow('Save it as PNG or JPEG')
  })
})

describe('menus at LINE', () => {
  let line: LineStandIn
  let sign: Sign
  let hanako: string

  beforeEach(async () => {
    line = await createLineSandbox({})
    hanako = line.addUser({ name: '花子' }).userId
    sign = openLineSign({
      apiBase: new URL(line.url),
      tokens: fixedToken(line.channelAccessToken),
      paced: (_endpoint, call) => call(),
    })
  })
  afterEach(() => line.close())

  /** A menu with a file, since drawing takes longer than all the rest. */
  const own: MenuSpec = { ...GUESTS, picture: { file: pngOf(1200, 405), type: 'image/png' } }

  test('a menu is made with its picture and areas, and found again by its content', async () => {
    const id = await sign.make(GUESTS)
    expect(line.richMenus()).toMatchObject([
      {
        richMenuId: id,
        selected: true,
        chatBarText: 'メニューを開く',
        size: { width: 2500, height: 843 },
        image: { type: 'image/png' },
      },
    ])
    const { areas } = line.richMenus()[0]!
    expect(areas.map(({ action }) => action)).toEqual(
      GUESTS.areas.map(({ label, action }) => ({ ...action, label })),
    )
    expect(await sign.list()).toEqual([{ id, key: sign.keyOf(structuredClone(GUESTS)) }])
  })

  test('a shop’s own picture keeps its bytes, and the areas follow its size', async () => {
    await sign.make({ ...own, bar: '会員だけの特別なメニューをここで開く' })
    const menu = line.richMenus()[0]!
    expect(menu.image?.bytes.equals(pngOf(1200, 405))).toBe(true)
    expect(menu.chatBarText).toBe('会員だけの特別なメニューをこ')
    expect(menu.areas[2]?.bounds).toEqual({ x: 800, y: 0, width: 400, height: 405 })
  })

  test('the key changes with anything that is seen or done, and with nothing else', () => {
    const other: MenuSpec[] = [
      { ...GUESTS, bar: 'メニュー' },
      { ...GUESTS, size: 'large' },
      { ...GUESTS, areas: GUESTS.areas.toReversed() },
      { ...GUESTS, picture: { brand: '#2f5d50', shopName: 'のれん茶房', roleTitle: '会員' } },
      own,
      { ...own, picture: { file: pngOf(1200, 406), type: 'image/png' } },
    ]
    const keys = [GUESTS, ...other].map(sign.keyOf)
    expect(new Set(keys).size).toBe(keys.length)
    const { picture, areas, bar, size } = GUESTS
    expect(sign.keyOf({ picture, areas, bar, size })).toBe(keys[0])
    expect(keys[0]).toMatch(/^[0-9a-f]{16}$/)
  })

  test('everybody sees the default, and each member their own', async () => {
    const [guests, members] = [await sign.make(own), await sign.make({ ...own, bar: '会員' })]
    expect(await sign.defaultMenu()).toBeNull()
    await sign.showToAll(guests)
    expect(await sign.defaultMenu()).toBe(guests)
    expect(await sign.shown(hanako)).toBeNull()
    expect(await sign.show(hanako, members)).toBe(true)
    expect(await sign.shown(hanako)).toBe(members)
    expect(line.menuOf(hanako)?.richMenuId).toBe(members)
    const stranger = line.addUser({ name: '健', friend: false })
    expect(await sign.show(stranger.userId, members)).toBe(true)
  })

  test('a menu that somebody deleted is said to be gone, and removing it again is no fault', async () => {
    const id = await sign.make(own)
    line.deleteRichMenu(id)
    expect(await sign.show(hanako, id)).toBe(false)
    await sign.remove(id)
    expect(await sign.list()).toEqual([])
    expect(await sign.showToAll(id)).toBe(false)
  })

  test('a menu whose picture LINE did not take leaves nothing behind', async () => {
    line.addFault({ on: /\/content$/, times: 1, status: 500 })
    await expect(sign.make(own)).rejects.toThrow('LINE answered 500')
    expect(line.richMenus()).toEqual([])
  })

  test('a menu without a picture, after a crash between the two, is cleared away and made again', async () => {
    for (const use of [(id: string) => sign.show(hanako, id), (id: string) => sign.showToAll(id)]) {
      line.addFault({ on: /\/content$/, times: 1, status: 500 })
      line.addFault({ on: /^DELETE/, times: 1, status: 500 })
      await expect(sign.make(own)).rejects.toThrow('LINE answered 500')
      const [half] = await sign.list()
      expect(await use(half?.id ?? '')).toBe(false)
      expect(await sign.list()).toEqual([])
    }
  })

  test('a refused token needs a person, and is asked for anew', async () => {
    let forgotten = 0
    const tokens = { current: async () => 'refused', forget: () => void forgotten++ }
    const locked = openLineSign({
      apiBase: new URL(line.url),
      tokens,
      paced: (_endpoint, call) => call(),
    })
    await expect(locked.list()).rejects.toBeInstanceOf(NeedsPerson)
    expect(forgotten).toBe(1)
  })

  test('what the pace holds back is done later', async () => {
    const held = openLineSign({
      apiBase: new URL(line.url),
      tokens: fixedToken(line.channelAccessToken),
      paced: async () => {
        throw new Later(5, 'too many calls')
      },
    })
    await expect(held.list()).rejects.toBeInstanceOf(Later)
    expect(line.requests).toEqual([])
  })

  test('an icon that there is not is named with those that there are', async () => {
    const areas = [{ ...GUESTS.areas[0]!, icon: 'dragon' }]
    await expect(sign.make({ ...GUESTS, areas })).rejects.toThrow(
      /no icon "dragon".*shop, orders, member/,
    )
  })
})
