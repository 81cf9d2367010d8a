/**
 * LINE's words for sizes as CSS lengths. LINE publishes the words but no pixels for text and
 * pictures; these are what its own simulator shows at 100 %
 * (https://developers.line.biz/en/docs/messaging-api/flex-message-layout/).
 */
const SPACE: Record<string, string> = {
  none: '0px',
  xs: '2px',
  sm: '4px',
  md: '8px',
  lg: '12px',
  xl: '16px',
  xxl: '20px',
}
const TEXT: Record<string, string> = {
  xxs: '11px',
  xs: '13px',
  sm: '14px',
  md: '16px',
  lg: '19px',
  xl: '22px',
  xxl: '29px',
  '3xl': '35px',
  '4xl': '48px',
  '5xl': '74px',
}
const PICTURE: Record<string, string> = {
  xxs: '40px',
  xs: '60px',
  sm: '80px',
  md: '100px',
  lg: '120px',
  xl: '140px',
  xxl: '160px',
  '3xl': '180px',
  '4xl': '200px',
  '5xl': '220px',
  full: '100%',
}
const CORNER: Record<string, string> = { ...SPACE, xxl: '20px' }
const BORDER: Record<string, string> = {
  none: '0px',
  light: '0.5px',
  normal: '1px',
  medium: '2px',
  'semi-bold': '3px',
  bold: '4px',
}
const BUBBLE: Record<string, string> = {
  nano: '120px',
  micro: '160px',
  deca: '220px',
  hecto: '241px',
  kilo: '260px',
  mega: '300px',
  giga: '386px',
}

const LENGTH = /^\d+(\.\d+)?(px|%)$/
const COLOUR = /^#([0-9a-f]{6}|[0-9a-f]{8})$/i

/** A message is somebody else's text: what is neither a known word nor a plain length is left out. */
function measured(words: Record<string, string>) {
  return (value: string | undefined): string | undefined => {
    if (value === undefined) return undefined
    return words[value] ?? (LENGTH.test(value) ? value : undefined)
  }
}

export const space = measured(SPACE)
export const textSize = measured(TEXT)
export const pictureSize = measured(PICTURE)
export const corner = measured(CORNER)
export const border = measured(BORDER)
export const bubbleWidth = (size: string | undefined) => BUBBLE[size ?? 'mega'] ?? BUBBLE['mega']

export function colour(value: string | undefined): string | undefined {
  return value && COLOUR.test(value) ? value : undefined
}
