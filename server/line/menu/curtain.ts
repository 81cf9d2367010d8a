import { shortened } from './break-lines.ts'
import type { Palette } from './palette.ts'
import { widthOf } from './set-text.ts'
import { textAt } from './svg-parts.ts'

/** How far the curtain hangs down, px. */
export const CURTAIN = 184
const SLIT = 58
const PANELS = 7
const MARGIN = 60
const SIZE = 80
const BASELINE = 104
const STAMP_PADDING = 40
const BESIDE_STAMP = 50

/**
 * The noren over the door: a rod, panels slit at the hem, the shop's name, and for members their
 * role.
 */
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

/**
 * The name in the middle; a member's role before it, as a stamp. What is too long for the cloth
 * ends in dots.
 */
function lettering(
  width: number,
  palette: Palette,
  { shopName, roleTitle }: { shopName: string; roleTitle: string | null },
): string {
  const most = width - 2 * MARGIN
  const role = shortened(roleTitle ?? '', most / 2 / SIZE)
  const stamp = role === '' ? 0 : widthOf(role) * SIZE + 2 * STAMP_PADDING
  const before = role === '' ? 0 : stamp + BESIDE_STAMP
  const name = shortened(shopName, (most - before) / SIZE)
  const left = (width - before - widthOf(name) * SIZE) / 2
  const letters = { y: BASELINE, size: SIZE, from: true }
  const sign = textAt(name, { ...letters, x: left + before, colour: palette.onCloth })
  if (role === '') return sign
  return [
    `<rect x="${left}" y="26" width="${stamp}" height="108" rx="20" fill="${palette.onCloth}"/>`,
    textAt(role, { ...letters, x: left + STAMP_PADDING, colour: palette.cloth }),
    sign,
  ].join('')
}
