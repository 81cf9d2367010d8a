import { darkenedForWhite } from '../../../shared/contrast.ts'

/** The colours of a picture. Guests stand before the curtain, on paper; members behind it, in the shop's colour. */
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
const ROD = '#6D5240'

/** Never the brand itself where it is pale: what is drawn in it, and what stands on it, must be read. */
export function paletteOf(brand: string, member: boolean): Palette {
  const deep = darkenedForWhite(brand)
  return member
    ? {
        ground: deep,
        ink: PAPER,
        text: '#FFFFFF',
        cloth: PAPER,
        onCloth: deep,
        rod: ROD,
      }
    : {
        ground: PAPER,
        ink: deep,
        text: TEXT,
        cloth: deep,
        onCloth: '#FFFFFF',
        rod: ROD,
      }
}
