import type { Palette } from './palette.ts'

/** Half as wide as one wave, and twice as far as one row is from the next, px */
const RADIUS = 100
const RINGS = [100, 66, 32]

/** Seigaiha, waves of the blue sea, hardly to be seen: each fan lies upon those above it. */
export function waves(frame: { width: number; height: number }, palette: Palette): string {
  const rows: [number, number][] = [
    [0, 50],
    [200, 50],
    [100, 100],
    [0, 150],
    [200, 150],
  ]
  const fans = rows.flatMap(([x, y]) => RINGS.map((r) => `<circle cx="${x}" cy="${y}" r="${r}"/>`))
  return [
    `<pattern id="waves" width="${2 * RADIUS}" height="${RADIUS}" patternUnits="userSpaceOnUse">`,
    `<g fill="${palette.ground}" stroke="${palette.ink}" stroke-opacity=".07" stroke-width="4">`,
    ...fans,
    '</g></pattern>',
    `<rect width="${frame.width}" height="${frame.height}" fill="url(#waves)"/>`,
  ].join('')
}
