import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from 'qrcode'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReference } from '../shared/reference.ts'
import { type House, openHouse, TEA } from './support/house.ts'
import { modulesOfPng, modulesOfSvg, modulesOfText } from './support/read-qr.ts'
import { runHere } from './support/run-noren.ts'

let house: House
let tea: string
let folder: string

beforeAll(async () => {
  house = await openHouse()
  tea = house.stripe.addLink(TEA).id
  folder = mkdtempSync(join(tmpdir(), 'noren-qr-'))
})
afterAll(async () => {
  await house.close()
  rmSync(folder, { recursive: true })
})

const linkUrl = (...words: string[]) => runHere(house, 'link-url', ...words)
const offered = (...words: string[]) => linkUrl('--offer', tea, '--source', 'instagram', ...words)

/** The modules that stand for this address, and the four of white around them. */
function modulesFor(address: string) {
  const { modules } = create(address, { errorCorrectionLevel: 'M' })
  const size = modules.size + 8
  const isDark = (row: number, column: number) =>
    [row, column].every((at) => at >= 4 && at < size - 4) && modules.get(row - 4, column - 4) === 1
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => isDark(row, column)),
  )
}

test('the link opens the offer in LINE and says where it stood', async () => {
  const { said, code } = await offered('--utm-campaign', 'spring_2026', '--utm-medium', 'bio')
  expect(code).toBe(0)
  expect(said.split('\n')[0]).toBe(
    `https://liff.line.me/${house.config.liff.id}/checkout/${tea}?source=instagram&utm_medium=bio&utm_campaign=spring_2026`,
  )
})

describe('the QR code', () => {
  test('holds exactly that link, with white around it: for print, for the web and in the terminal', async () => {
    const [png, svg] = ['code.png', 'code.svg'].map((name) => join(folder, name)) as [
      string,
      string,
    ]
    const { said } = await offered('--png', png, '--svg', svg)
    const [address = ''] = said.split('\n')
    const wanted = modulesFor(address)
    const size = wanted.length
    const bytes = readFileSync(png)
    expect(bytes.readUInt32BE(16)).toBeGreaterThanOrEqual(1_000)
    expect(bytes.readUInt32BE(16) % size).toBe(0)
    expect(said).toContain(`${bytes.readUInt32BE(16)} pixels`)
    expect(modulesOfPng(bytes, size)).toEqual(wanted)
    const drawing = readFileSync(svg, 'utf8')
    expect(drawing).toContain(`viewBox="0 0 ${size} ${size}"`)
    expect(modulesOfSvg(drawing, size)).toEqual(wanted)
    const drawn = (await offered()).said.split('\n').slice(2).join('\n')
    expect(modulesOfText(drawn, size)).toEqual(wanted)
  })

  test('that cannot be written is said in a sentence', async () => {
    const file = join(folder, 'nowhere', 'code.svg')
    const { said, code } = await offered('--svg', file)
    expect([said, code]).toEqual([expect.stringMatching(/^The QR code could not be written: /), 1])
  })
})

test('the direct link sells to people without LINE, and the report knows the poster', async () => {
  const { said } = await linkUrl(
    ...['--offer', tea, '--source', 'poster-uji', '--utm-term', 'matcha', '--direct'],
  )
  const [address = ''] = said.split('\n')
  const url = new URL(address)
  expect(url.origin + url.pathname).toBe(house.stripe.link(tea)?.url)
  expect(url.searchParams.get('utm_term')).toBe('matcha')
  const reference = url.searchParams.get('client_reference_id')
  expect(openReference(reference, house.config.referenceSecrets)).toMatchObject({
    ...{ kind: 'source', source: 'poster-uji' },
  })
  await house.stripe.payByCard(house.stripe.visit(address))
  await house.settle()
  const told = await runHere(house, 'report', '--by', 'source,product')
  expect(told.said).toMatch(/poster-uji +1 +1 +¥1,980 +¥0 +¥1,980 +prod_\w+ +宇治煎茶 100g/)
  expect(told.said).toMatch(/jpy +1 +3 +¥3,960 +¥0 +¥3,960/)
  const { rows } = JSON.parse((await runHere(house, 'report', '--json')).said)
  expect(rows).toMatchObject([{ source: 'poster-uji', orders: 1, items: 3, amount: 3_960 }])
  const csv = await runHere(house, 'report', '--csv')
  expect(csv.said).toBe(
    '\ufeff流入元,通貨,注文数,点数,売上,返金,差引\r\nposter-uji,jpy,1,3,3960,0,3960',
  )
})

test.each([
  [['--source', 'instagram'], 'Which offer? --offer plink_', 2],
  [['--offer', 'TEA'], 'Where will it stand? --source', 2],
  [['--offer', 'TEA', '--source', 'Poster A'], '--source must be 1 to 32 of a-z', 2],
  [['--offer', 'TEA', '--source', 'x'.repeat(33)], '--source must be 1 to 32 of a-z', 2],
  [['--offer', 'TEA', '--source', 'x', '--utm-term', 'お茶'], '--utm-term must be 1 to 150', 2],
  [['--offer', 'TEA', '--source', 'x', '--utm-content', ''], '--utm-content must be 1 to 150', 2],
  [['--offer', 'TEA', '--source', 'x', '--png', 'shop.config.ts'], '--png must name a file', 2],
  [['--offer', 'plink_none', '--source', 'x'], 'plink_none is not on this shop', 1],
  [['--offer', 'TEA', '--source', 'x', '--json'], '--json does not go with "link-url"', 2],
])('what cannot be meant is refused and not mended (%j)', async (words, why, code) => {
  const answer = await linkUrl(...words.map((word) => (word === 'TEA' ? tea : word)))
  expect(answer).toEqual({ said: expect.stringContaining(why), code })
})

test.each([
  [['--since', 'yesterday'], '--since must be a day of the calendar'],
  [['--since', '2026-11-02', '--until', '2026-11-01'], '--since must not be after --until'],
  [['--by', 'buyer'], '--by must be one or more of source, product, day'],
])('a report that cannot be meant (%j) is told what is wrong with it', async (words, why) => {
  expect(await runHere(house, 'report', ...words)).toEqual({
    said: expect.stringContaining(why),
    code: 2,
  })
})
