import { contrastOf, textColourOn } from '../shared/contrast.ts'

/**
 * The grounds that text in the brand's colour can stand on, and the harder of the two for each mode:
 * `--paper` in light and `--card` in dark. They must stay equal to the ones in style.css.
 */
const LIGHT_GROUND = '#f7f4ee'
const DARK_GROUND = '#282623'

/** AA asks 4.5 for text; a little more covers the tinted grounds. */
const TEXT = 4.7

/** Tinted text on a dark ground looks dimmer than its ratio says. */
const TEXT_AT_NIGHT = 6

/** Enough for a dark brand to stand out as cloth at night; buttons get their 3:1 from an edge in `ink`. */
const CLOTH_AT_NIGHT = 2.2

/**
 * Every colour the style sheet derives from the shop's own (#rrggbb), for both modes: `brand` fills,
 * `on-brand` is the text upon it, `ink` is the brand as text or line on the page.
 */
export function brandColours(brand: string): Record<string, string> {
  const cloth = legibleOn(DARK_GROUND, brand, CLOTH_AT_NIGHT)
  return {
    '--brand-light': brand,
    '--on-brand-light': textColourOn(brand),
    '--ink-light': legibleOn(LIGHT_GROUND, brand, TEXT),
    '--brand-dark': cloth,
    '--on-brand-dark': textColourOn(cloth),
    '--ink-dark': legibleOn(DARK_GROUND, brand, TEXT_AT_NIGHT),
  }
}

/**
 * Paints the page in the shop's colour, through CSSOM, since the page's policy forbids inline styles.
 * What is no colour leaves the style sheet's own in place: a wrong shade is better than no shop.
 */
export function applyBrand(brand: string): void {
  if (!/^#[0-9a-f]{6}$/i.test(brand)) return
  for (const [name, value] of Object.entries(brandColours(brand)))
    document.documentElement.style.setProperty(name, value)
}

/** The nearest to this colour that reaches `ratio` on the ground, mixed with black or white by 2 % steps. */
function legibleOn(ground: string, colour: string, ratio: number): string {
  const towards = textColourOn(ground)
  for (let percent = 0; percent < 100; percent += 2) {
    const mixed = mix(colour, towards, percent / 100)
    if (contrastOf(mixed, ground) >= ratio) return mixed
  }
  return towards
}

function mix(one: string, other: string, share: number): string {
  const channel = (start: number) => {
    const [from, to] = [one, other].map((hex) => Number.parseInt(hex.slice(start, start + 2), 16))
    return Math.round(from! + (to! - from!) * share)
  }
  return `#${[1, 3, 5].map((start) => channel(start).toString(16).padStart(2, '0')).join('')}`
}
