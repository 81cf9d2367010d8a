import { contrastOf, darkenedForWhite } from '../../../shared/contrast.ts'

/**
 * The colours of a picture. Guests stand before the curtain, on paper; members behind it, in the
 * shop's colour.
 */
export type Palette = {
  ground: string
  ink: string
  text: string
  cloth: string
  onCloth: string
  rod: string
}

const PAPER = '#FAF6EE'
const TEXT = '#2A2724'
const WHITE = '#FFFFFF'
const ROD = '#6D5240'
/**
 * A brand with less contrast to white, such as a yellow, is itself only when pale: dark letters
 * stand on it.
 */
const PALE = 2
/** Below that a brand cannot be told from paper. */
const UNSEEN = 1.15

/**
 * Whatever the brand, labels have AA on their ground; icons and the large letters on the cloth
 * have 3, as WCAG asks of them.
 */
export function paletteOf(brand: string, member: boolean): Palette {
  const deep = darkenedForWhite(brand)
  const pale = contrastOf(brand, WHITE) < PALE && contrastOf(brand, PAPER) >= UNSEEN
  const colour = pale ? brand : deep
  const onColour = pale ? TEXT : WHITE
  return member
    ? { ground: colour, ink: onColour, text: onColour, cloth: PAPER, onCloth: deep, rod: ROD }
    : { ground: PAPER, ink: deep, text: TEXT, cloth: colour, onCloth: onColour, rod: ROD }
}
