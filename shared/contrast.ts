/** WCAG 2.2 AA for text of any size (https://www.w3.org/TR/WCAG22/#contrast-minimum). */
export const AA = 4.5

const WHITE = '#FFFFFF'
/** Pure black, not a soft one: on mid-tones #111111 falls to 4.35, black never below 4.58. */
const BLACK = '#000000'

/** Contrast of two #rrggbb colours, 1 to 21, by WCAG's formula. Throws a TypeError for other notations. */
export function contrastOf(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

/** Black or white, whichever reads better on this background; always AA. */
export function textColourOn(background: string): string {
  return contrastOf(background, WHITE) >= contrastOf(background, BLACK) ? WHITE : BLACK
}

/** The colour itself, or the same hue made darker until it is AA against white. */
export function darkenedForWhite(colour: string): string {
  let channels = channelsOf(colour)
  while (contrastOf(hexOf(channels), WHITE) < AA) {
    channels = channels.map((channel) => Math.floor(channel * 0.96))
  }
  return hexOf(channels)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(colour).map((channel) => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channelsOf(colour: string): number[] {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) throw new TypeError(`not a #rrggbb colour: ${colour}`)
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16))
}

function hexOf(channels: number[]): string {
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`.toUpperCase()
}
