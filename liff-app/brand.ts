import { type Colour, legibleOn, parseColour, textOn, toHex } from './contrast.ts'

/**
 * The grounds that text in the brand's colour can stand on, and the harder of the two for each mode:
 * `--paper` in light and `--card` in dark. They must stay equal to the ones in style.css.
 */
const LIGHT_GROUND: Colour = [247, 244, 238]
const DARK_GROUND: Colour = [40, 38, 35]

/** AA asks 4.5 for text and 3 for the edge of a button; a little more covers rounding. */
const TEXT = 4.7
const EDGE = 3.1

/**
 * Every colour the style sheet derives from the shop's own, for both modes. `brand` fills, `on` is the
 * text upon it, `ink` is the brand as text or line on the page.
 */
export function brandColours(hex: string): Record<string, string> {
  const brand = parseColour(hex)
  const darkFill = legibleOn(DARK_GROUND, brand, EDGE)
  return {
    '--brand-light': toHex(brand),
    '--on-brand-light': toHex(textOn(brand)),
    '--ink-light': toHex(legibleOn(LIGHT_GROUND, brand, TEXT)),
    '--brand-dark': toHex(darkFill),
    '--on-brand-dark': toHex(textOn(darkFill)),
    '--ink-dark': toHex(legibleOn(DARK_GROUND, brand, TEXT)),
  }
}

/** Paints the page in the shop's colour. Through CSSOM, since the page's policy forbids inline styles. */
export function applyBrand(hex: string): void {
  for (const [name, value] of Object.entries(brandColours(hex)))
    document.documentElement.style.setProperty(name, value)
}
