import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderMessage } from '../server/line/render.ts'
import { AA, contrastOf, darkenedForWhite, textColourOn } from '../shared/contrast.ts'
import { orderMessage, readBubble } from './support/sample-messages.ts'

const BRANDS = ['#FFFFFF', '#000000', '#06C755', '#FFD400', '#1F4E5F', '#777777', '#b3392b']

describe('every text in the chat can be read on its ground', () => {
  test.each(BRANDS)('under the brand colour %s', (brand) => {
    const { bubble, components } = readBubble(
      orderMessage({ shop: { name: '茶舗', brand, taxNote: '税込' } }),
    )
    const headerTexts = bubble.header!.contents.map((part) => (part as { color: string }).color)
    expect(headerTexts).toHaveLength(2)
    for (const color of headerTexts)
      expect(contrastOf(color, bubble.styles!.header!.backgroundColor!)).toBeGreaterThanOrEqual(AA)
    const onWhite = components.filter(
      ({ color }) => color && !headerTexts.includes(color as string),
    )
    expect(onWhite.length).toBeGreaterThan(5)
    for (const { color } of onWhite)
      expect(contrastOf(color as string, '#FFFFFF')).toBeGreaterThanOrEqual(AA)
  })

  test('under any brand colour at all, which itself changes only where it must', () => {
    const colours = fc.nat(0xffffff).map((n) => `#${n.toString(16).padStart(6, '0').toUpperCase()}`)
    fc.assert(
      fc.property(colours, (brand) => {
        expect(contrastOf(textColourOn(brand), brand)).toBeGreaterThanOrEqual(AA)
        const darkened = darkenedForWhite(brand)
        expect(contrastOf(darkened, '#FFFFFF')).toBeGreaterThanOrEqual(AA)
        if (contrastOf(brand, '#FFFFFF') >= AA) expect(darkened).toBe(brand)
      }),
      { numRuns: 500 },
    )
  })

  test('measured as WCAG does: black on white is 21, #777777 on white just fails, #767676 passes', () => {
    expect(contrastOf('#000000', '#FFFFFF')).toBeCloseTo(21, 5)
    expect(contrastOf('#FFFFFF', '#777777')).toBeCloseTo(4.48, 2)
    expect(contrastOf('#767676', '#FFFFFF')).toBeCloseTo(4.54, 2)
    expect(contrastOf('#06C755', '#FFFFFF')).toBeCloseTo(2.26, 2)
  })

  test("text follows the reader's font size and wraps, so that nobody has to guess a name", () => {
    const { components } = readBubble(orderMessage())
    const readable = components.filter(({ type }) => type === 'text' || type === 'button')
    expect(readable.every(({ scaling }) => scaling === true)).toBe(true)
    const names = components.filter(({ text }) => typeof text === 'string' && / ×\s/.test(text))
    expect(names.map(({ wrap }) => wrap)).toEqual([true, true])
  })

  test.each(['#fff', 'red', '', '#12345g', '#1F4E5F00'])(
    'a brand written "%s" is refused in words',
    (brand) => {
      const shop = { name: '茶舗', brand, taxNote: '' }
      expect(() => renderMessage(orderMessage({ shop }))).toThrow('not a #rrggbb colour')
    },
  )
})
