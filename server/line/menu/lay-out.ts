export type MenuSize = 'large' | 'compact'

/**
 * A menu's picture in LINE's pixels. `top`: the first row is so much higher, for what hangs above
 * it.
 */
export type Frame = { width: number; height: number; rows: 1 | 2; top: number }

export type Box = { x: number; y: number; width: number; height: number }

/** How many tiles one row takes: with four in 390 px a label of 20 characters could not be read. */
const MOST_IN_A_ROW = 3

/** The most tiles that a menu of this size has. */
export function mostTiles(size: MenuSize): number {
  return size === 'large' ? 2 * MOST_IN_A_ROW : MOST_IN_A_ROW
}

/**
 * Where each tile lies: whole pixels, the whole picture, no gap and no overlap. An odd number in
 * two rows has the fewer, wider ones above. Throws a RangeError for more tiles than the rows hold,
 * and for none.
 */
export function layOut(frame: Frame, count: number): Box[] {
  const most = frame.rows * MOST_IN_A_ROW
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new RangeError(`A rich menu of this size has 1 to ${most} areas, not ${count}.`)
  const above = frame.rows === 1 || count === 1 ? count : Math.floor(count / 2)
  if (above === count) return row(frame.width, 0, frame.height, count)
  const edge = frame.top + Math.round((frame.height - frame.top) / 2)
  return [
    ...row(frame.width, 0, edge, above),
    ...row(frame.width, edge, frame.height - edge, count - above),
  ]
}

function row(whole: number, y: number, height: number, count: number): Box[] {
  const edges = Array.from({ length: count + 1 }, (_, at) => Math.round((whole * at) / count))
  return edges
    .slice(1)
    .map((right, at) => ({ x: edges[at] ?? 0, y, width: right - (edges[at] ?? 0), height }))
}
