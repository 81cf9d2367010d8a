import type { Palette } from './palette.ts'
import { widthOf } from './set-text.ts'
import { textAt } from './svg-parts.ts'

/** How far the curtain hangs down, px. */
export const CURTAIN = 184
const SLIT = 58
const PANELS = 7
const TITLE = 80
const SPACE = 60

/** The noren over the door: a rod, panels slit at the hem, the shop's name, and for members their role. */
export function curtain(
  width: number,
  palette: Palette,
  words: { shopName: string; roleTitle: string | null },
): string {
  const rod = `<rect width="${width}" height="16" fill="${palette.rod}"/>`
  const cloth = `<path d="${panels(width)}" fill="${palette.cloth}"/>`
  return cloth + rod + lettering(width, palette, words)
}

/** Sewn together above, slit below; each a little rounded by its own weight. */
function panels(width: number): string {
  const wide = width / PANELS
  return Array.from({ length: PANELS }, (_, at) => {
    const [left, right] = [at * wide, (at + 1) * wide]
    const hem = `L${right - 6} ${CURTAIN - 6}Q${(left + right) / 2} ${CURTAIN + 4} ${left + 6} ${CURTAIN - 6}`
    return `M${left} 0H${right}V${CURTAIN - SLIT}${hem}L${left} ${CURTAIN - SLIT}Z`
  }).join('')
}

function lettering(
  width: number,
  palette: Palette,
  { shopName, roleTitle }: { shopName: string; roleTitle: string | null },
): string {
  const most = width - 2 * SPACE
  const y = 104
  if (roleTitle === null) {
    const size = sizeFor(shopName, most)
    return textAt(shopName, { x: width / 2, y, size, colour: palette.onCloth })
  }
  const role = roleTitle
  const size = sizeFor(role + shopName, most - 160)
  const stamp = widthOf(role) * size + 80
  const name = widthOf(shopName) * size
  const left = (width - stamp - 50 - name) / 2
  return [
    `<rect x="${left}" y="26" width="${stamp}" height="108" rx="20" fill="${palette.onCloth}"/>`,
    textAt(role, { x: left + stamp / 2, y, size, colour: palette.cloth }),
    textAt(shopName, { x: left + stamp + 50, y, size, colour: palette.onCloth, from: true }),
  ].join('')
}

function sizeFor(text: string, width: number): number {
  return Math.min(TITLE, width / Math.max(1, widthOf(text)))
}
