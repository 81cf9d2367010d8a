import { cutTo } from './break-lines.ts'
import { CURTAIN, curtain } from './curtain.ts'
import { drawTile, iconSize, roomFor, type Tile, widestBeside } from './draw-tile.ts'
import { fitLabels } from './fit-labels.ts'
import type { IconName } from './icons.ts'
import { type Box, type Frame, layOut, type MenuSize } from './lay-out.ts'
import { type Palette, paletteOf } from './palette.ts'
import { waves } from './waves.ts'

export type MenuPicture = {
  size: MenuSize
  /** #rrggbb */
  brand: string
  shopName: string
  /** null: for guests */
  roleTitle: string | null
  tiles: { label: string; icon: IconName }[]
}

/** LINE's limit for the label of an area; what is read aloud and what is seen are the same. */
export const MOST_LABEL = 20
/** A separator ends so far from the next, px. */
const INSET = 64

/** The frame of a picture that is drawn here: the tiles share what is below the curtain. */
export function frameOf(size: MenuSize): Frame {
  const large = size === 'large'
  return { width: 2500, height: large ? 1686 : 843, rows: large ? 2 : 1, top: CURTAIN }
}

/**
 * The picture of a menu as SVG. Throws as `layOut` does, and a TypeError for a brand that is no
 * #rrggbb.
 */
export function menuSvg(picture: MenuPicture): string {
  const frame = frameOf(picture.size)
  const palette = paletteOf(picture.brand, picture.roleTitle !== null)
  const boxes = layOut(frame, picture.tiles.length).map((box) => below(box, frame.top))
  const labels = picture.tiles.map(({ label }) => cutTo(label.trim(), MOST_LABEL))
  const { size, lines } = fitLabels(labels, boxes.map(roomFor))
  const tiles = boxes.map(
    (box, at): Tile => ({ box, icon: picture.tiles[at]?.icon ?? 'shop', lines: lines[at] ?? [] }),
  )
  const widest = widestBeside(tiles, size)
  const style = { size, icon: iconSize(tiles, size), widest, palette }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${frame.width}" height="${frame.height}">`,
    `<rect width="${frame.width}" height="${frame.height}" fill="${palette.ground}"/>`,
    picture.roleTitle === null ? '' : waves(frame, palette),
    ...tiles.map(({ box }) => separators(box, { first: box.y === frame.top, palette })),
    ...tiles.map((tile) => drawTile(tile, { ...style, most: mostLines(tiles, tile) })),
    curtain(frame.width, palette, picture),
    '</svg>',
  ].join('')
}

/** What of a tile the curtain leaves free. */
function below(box: Box, top: number): Box {
  return box.y === 0 ? { ...box, y: top, height: box.height - top } : box
}

/** Icons of one row hang at one height, also where their labels have fewer lines. */
function mostLines(tiles: readonly Tile[], { box }: Tile): number {
  const row = tiles.filter((each) => each.box.y === box.y)
  return Math.max(1, ...row.map(({ lines }) => lines.length))
}

/** Thin lines to the neighbours on the left and above, which end before they meet. */
function separators(box: Box, { first, palette }: { first: boolean; palette: Palette }): string {
  const { x, y, width, height } = box
  const left = x > 0 ? `M${x} ${y + INSET}V${y + height - INSET}` : ''
  const above = first ? '' : `M${x + INSET} ${y}H${x + width - INSET}`
  return `<path d="${left}${above}" stroke="${palette.ink}" stroke-opacity=".28" stroke-width="4"/>`
}
