import { type IconName, pathOf } from './icons.ts'
import { runsOf } from './set-text.ts'

/** A line of text on its baseline, in the middle of `x` or from it on. */
export function textAt(
  text: string,
  place: { x: number; y: number; size: number; colour: string; from?: boolean },
): string {
  const runs = runsOf(text).map(
    ({ font, text: part }) =>
      `<tspan font-family="${font.family}" font-size="${place.size * font.scale}">${escaped(part)}</tspan>`,
  )
  return `<text x="${place.x}" y="${place.y}" font-weight="700" fill="${place.colour}" text-anchor="${place.from ? 'start' : 'middle'}" xml:space="preserve">${runs.join('')}</text>`
}

/** An icon in a square of this size (px) around `x` and `y`. */
export function iconAt(
  name: IconName,
  place: { x: number; y: number; size: number; colour: string },
): string {
  const scale = place.size / 24
  return `<path transform="translate(${place.x - place.size / 2} ${place.y - place.size / 2}) scale(${scale})" d="${pathOf(name)}" fill="none" stroke="${place.colour}" stroke-width="1.45" stroke-linecap="round" stroke-linejoin="round"/>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
