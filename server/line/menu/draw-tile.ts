import { longest } from './break-lines.ts'
import type { IconName } from './icons.ts'
import type { Box } from './lay-out.ts'
import type { Palette } from './palette.ts'
import { iconAt, textAt } from './svg-parts.ts'

export type Tile = { box: Box; icon: IconName; lines: string[] }

/**
 * All in px, but `most`: the most lines that a label in this row has. `widest`: the widest label
 * beside an icon.
 */
export type TileStyle = {
  size: number
  icon: number
  most: number
  widest: number
  palette: Palette
}

const LARGEST_ICON = 280
/** Between icon and label */
const GAP = 36
/** What stays free above and below in a tile that is full */
const PADDING = 44
/** To a tile's left and right */
const MARGIN = 60
/** From line to line, in parts of the size: Thai has signs above and below its letters. */
const LEADING = 1.3
/** How far a letter reaches below the middle of its line, in parts of the size */
const TO_BASELINE = 0.36

/** How wide the label in this box may be, px. */
export function roomFor(box: Box): number {
  return box.width - 2 * MARGIN - (isWide(box) ? LARGEST_ICON + 2 * GAP : 0)
}

/** How large all icons of a menu are, so that the fullest tile still holds its own. */
export function iconSize(tiles: readonly Tile[], size: number): number {
  const rooms = tiles.map(({ box, lines }) => {
    const room = box.height - 2 * PADDING
    return isWide(box) ? room : room - GAP - lines.length * size * LEADING
  })
  return Math.min(LARGEST_ICON, ...rooms)
}

/**
 * Icons that stand beside their labels stand below each other, so the widest label counts for all.
 */
export function widestBeside(tiles: readonly Tile[], size: number): number {
  return Math.max(
    0,
    ...tiles.filter(({ box }) => isWide(box)).map(({ lines }) => longest(lines) * size),
  )
}

/** Icon above the label; beside it in a tile that is much wider than high. */
export function drawTile(tile: Tile, style: TileStyle): string {
  return isWide(tile.box) ? sideBySide(tile, style) : oneAboveOther(tile, style)
}

function oneAboveOther({ box, icon, lines }: Tile, style: TileStyle): string {
  const { size, palette } = style
  const x = box.x + box.width / 2
  const leading = size * LEADING
  const top = box.y + (box.height - style.icon - GAP - style.most * leading) / 2
  const first = top + style.icon + GAP + leading / 2 + size * TO_BASELINE
  const label = lines.map((line, at) =>
    textAt(line, { x, y: first + at * leading, size, colour: palette.text }),
  )
  const place = { x, y: top + style.icon / 2, size: style.icon, colour: palette.ink }
  return iconAt(icon, place) + label.join('')
}

function sideBySide({ box, icon, lines }: Tile, style: TileStyle): string {
  const { size, palette } = style
  const whole = style.icon + 2 * GAP + style.widest
  const left = box.x + (box.width - whole) / 2
  const middle = box.y + box.height / 2
  const leading = size * LEADING
  const first = middle - ((lines.length - 1) / 2) * leading + size * TO_BASELINE
  const x = left + style.icon + 2 * GAP
  const label = lines.map((line, at) =>
    textAt(line, { x, y: first + at * leading, size, colour: palette.text, from: true }),
  )
  const place = { x: left + style.icon / 2, y: middle, size: style.icon, colour: palette.ink }
  return iconAt(icon, place) + label.join('')
}

function isWide({ width, height }: Box): boolean {
  return width > 2 * height
}
