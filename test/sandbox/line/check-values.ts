/**
 * What a single value in a message may be. A rule gives the words of the fault, or nothing.
 * After LINE's reference, https://developers.line.biz/en/reference/messaging-api/#flex-message.
 */
export type Rule = (value: unknown) => string | undefined
/** One fault of a message, as LINE lists it under `details`; `property` reads like `messages[0].text`. */
export type MessageFault = { message: string; property: string }

const KEYWORDS = ['none', 'xs', 'sm', 'md', 'lg', 'xl', 'xxl']
const FONT_SIZES = ['xxs', 'xs', 'sm', 'md', 'lg', 'xl', 'xxl', '3xl', '4xl', '5xl']
const PIXELS = /^\d+(\.\d+)?px$/
const PERCENT = /^\d+(\.\d+)?%$/
const SIGNED = /^-?\d+(\.\d+)?(px|%)$/
const graphemes = new Intl.Segmenter('ja')

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function oneOf(...allowed: string[]): Rule {
  return (value) =>
    typeof value === 'string' && allowed.includes(value) ? undefined : mustBeOneOf(allowed)
}

function wordOr(words: readonly string[], ...patterns: RegExp[]): Rule {
  return (value) =>
    typeof value === 'string' && (words.includes(value) || patterns.some((p) => p.test(value)))
      ? undefined
      : 'invalid property'
}

export const fontSize = wordOr(FONT_SIZES, PIXELS)
export const imageSize = wordOr([...FONT_SIZES, 'full'], PIXELS, PERCENT)
export const margin = wordOr(KEYWORDS, PIXELS)
export const padding = wordOr(KEYWORDS, PIXELS, PERCENT)
export const offset = wordOr(KEYWORDS, SIGNED)
export const length = wordOr([], PIXELS, PERCENT)
export const pixels = wordOr([], PIXELS)
export const percent = wordOr([], PERCENT)
export const angle = wordOr([], /^\d+(\.\d+)?deg$/)
export const cornerRadius = wordOr(KEYWORDS, PIXELS)
export const borderWidth = wordOr(
  ['none', 'light', 'normal', 'medium', 'semi-bold', 'bold'],
  PIXELS,
)
export const colour = wordOr([], /^#([0-9a-f]{6}|[0-9a-f]{8})$/i)

export const flag: Rule = (value) =>
  typeof value === 'boolean' ? undefined : 'Must be true or false'

export const count: Rule = (value) =>
  Number.isInteger(value) && (value as number) >= 0 ? undefined : 'Must be a whole number'

/** Length in UTF-16 code units, as LINE counts message texts. */
export function text(min: number, max: number): Rule {
  return (value) => {
    if (typeof value !== 'string') return 'Must be a string'
    if (min > 0 && value.length === 0) return 'May not be empty'
    return value.length > max ? `Length must be between ${min} and ${max}` : undefined
  }
}

/** Length as a reader counts: LINE does so for labels, where one emoji family is one character. */
export function label(max: number): Rule {
  return (value) => {
    if (typeof value !== 'string') return 'Must be a string'
    if (value.length === 0) return 'May not be empty'
    return [...graphemes.segment(value)].length > max
      ? `Length must be between 1 and ${max}`
      : undefined
  }
}

/** An address in printable ASCII (the rest percent-encoded) with one of these schemes. */
export function address(max: number, ...schemes: string[]): Rule {
  return (value) => {
    if (typeof value !== 'string') return 'Must be a string'
    if (value.length === 0) return 'May not be empty'
    if (value.length > max) return `Length must be between 1 and ${max}`
    if (!/^[\x21-\x7e]+$/.test(value) || !URL.canParse(value)) return 'invalid uri'
    return schemes.includes(new URL(value).protocol) ? undefined : 'invalid uri scheme'
  }
}
export const secureAddress = address(2000, 'https:')

/** `{width}:{height}`, each up to 100000, at most three times as high as wide. */
export const aspectRatio: Rule = (value) => {
  const [, width = 0, height = 0] = (/^(\d{1,6}):(\d{1,6})$/.exec(String(value)) ?? []).map(Number)
  const inRange = [width, height].every((side) => side >= 1 && side <= 100_000)
  return inRange && height <= width * 3 ? undefined : 'invalid property'
}

export function fault(property: string, message: string): MessageFault {
  return { message, property }
}

export function mustBeOneOf(allowed: readonly string[]): string {
  return `Must be one of the following values: [${allowed.join(', ')}]`
}

/**
 * Checks an object's own properties by their rules. `elsewhere` names those that the caller checks
 * itself (nested components, actions).
 */
export function checkProperties(
  value: Record<string, unknown>,
  at: string,
  rules: Record<string, Rule>,
  { required = [], elsewhere = [] }: { required?: string[]; elsewhere?: string[] } = {},
): MessageFault[] {
  const missing = required.filter((name) => value[name] === undefined)
  const wrong = Object.entries(value).flatMap(([name, part]) => {
    if (name === 'type' || elsewhere.includes(name)) return []
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    const words = rule ? rule(part) : 'unknown field'
    return words ? [fault(`${at}.${name}`, words)] : []
  })
  return [...missing.map((name) => fault(`${at}.${name}`, 'must be specified')), ...wrong]
}
