/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number]

const BLACK: Colour = [0, 0, 0]
const WHITE: Colour = [255, 255, 255]

/** "#2f5d50" to its three channels; anything else is taken for black, which is always legible. */
export function parseColour(hex: string): Colour {
  const digits = /^#([0-9a-f]{6})$/i.exec(hex)?.[1]
  if (!digits) return BLACK
  const value = Number.parseInt(digits, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

export function toHex(colour: Colour): string {
  return `#${colour.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`
}

/** WCAG 2.2 contrast ratio of two colours, 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). */
export function contrast(a: Colour, b: Colour): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

/** Black or white, whichever reads better; one of them always reaches 4.58, above AA's 4.5. */
export function textOn(background: Colour): Colour {
  return contrast(WHITE, background) >= contrast(BLACK, background) ? WHITE : BLACK
}

/**
 * The colour nearest to the given one that reaches `ratio` against the ground: mixed with black on
 * a light ground, with white on a dark one, in steps of 2 %.
 */
export function legibleOn(ground: Colour, colour: Colour, ratio: number): Colour {
  const towards = textOn(ground)
  for (let share = 0; share <= 1; share += 0.02) {
    const mixed = mix(colour, towards, share)
    if (contrast(mixed, ground) >= ratio) return mixed
  }
  return towards
}

function mix(a: Colour, b: Colour, share: number): Colour {
  const channel = (at: 0 | 1 | 2) => Math.round(a[at] + (b[at] - a[at]) * share)
  return [channel(0), channel(1), channel(2)]
}

function luminance([red, green, blue]: Colour): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function linear(channel: number): number {
  const share = channel / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}
