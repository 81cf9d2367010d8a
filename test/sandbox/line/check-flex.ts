import { checkAction } from './check-action.ts'
import { checkProperties, fault, isObject, type MessageFault, mustBeOneOf } from './check-values.ts'
import { ALLOWED_IN, BLOCK_STYLE, BUBBLE, COMPONENTS, GRADIENT } from './flex-components.ts'

/**
 * LINE writes "30 KB" and "50 KB" and leaves open whether a kilobyte has 1,000 or 1,024 bytes, and
 * whether letters or bytes count. The strictest reading is the one that never surprises a shop.
 */
export const MAX_BUBBLE_BYTES = 30_000
export const MAX_CAROUSEL_BYTES = 50_000
const MAX_BUBBLES = 12
/** LINE documents no number; ten is far more than any message of ours needs. */
const MAX_DEPTH = 10
const BLOCKS = ['header', 'hero', 'body', 'footer']

type Place = { at: string; allowed: readonly string[]; depth: number }

/** Checks a Flex container (a bubble or a carousel of bubbles). */
export function checkFlex(value: unknown, at: string): MessageFault[] {
  if (!isObject(value)) return [fault(at, 'must be an object')]
  if (value['type'] === 'bubble') return checkBubble(value, at)
  if (value['type'] === 'carousel') return checkCarousel(value, at)
  return [fault(`${at}.type`, mustBeOneOf(['bubble', 'carousel']))]
}

function checkCarousel(carousel: Record<string, unknown>, at: string): MessageFault[] {
  const bubbles = carousel['contents']
  if (!Array.isArray(bubbles) || bubbles.length < 1 || bubbles.length > MAX_BUBBLES)
    return [fault(`${at}.contents`, `Size must be between 1 and ${MAX_BUBBLES}`)]
  const faults = checkProperties(carousel, at, {}, { elsewhere: ['contents'] })
  if (byteLength(carousel) > MAX_CAROUSEL_BYTES)
    faults.push(fault(at, 'Too large flex message. A carousel may have 50 KB'))
  const sizes = new Set(bubbles.map((bubble) => (isObject(bubble) ? bubble['size'] : undefined)))
  if (sizes.size > 1)
    faults.push(fault(`${at}.contents`, 'All bubbles of a carousel must have the same size'))
  const inside = bubbles.flatMap((bubble, index) => {
    const place = `${at}.contents[${index}]`
    if (isObject(bubble) && bubble['type'] === 'bubble') return checkBubble(bubble, place)
    return [fault(`${place}.type`, mustBeOneOf(['bubble']))]
  })
  return [...faults, ...inside]
}

function checkBubble(bubble: Record<string, unknown>, at: string): MessageFault[] {
  const elsewhere = [...BLOCKS, 'styles', 'action']
  const faults = checkProperties(bubble, at, BUBBLE, { elsewhere })
  if (byteLength(bubble) > MAX_BUBBLE_BYTES)
    faults.push(fault(at, 'Too large flex message. A bubble may have 30 KB'))
  const blocks = BLOCKS.filter((block) => bubble[block] !== undefined)
  if (blocks.length === 0) faults.push(fault(at, 'At least one block must be specified'))
  const inside = blocks.flatMap((block) => {
    const allowed = block === 'hero' ? ALLOWED_IN.hero : ALLOWED_IN.block
    return checkComponent(bubble[block], { at: `${at}.${block}`, allowed, depth: 1 })
  })
  const { action, styles } = bubble
  return [
    ...faults,
    ...inside,
    ...(action === undefined ? [] : checkAction(action, `${at}.action`)),
    ...(styles === undefined ? [] : checkStyles(styles, `${at}.styles`)),
  ]
}

function checkStyles(styles: unknown, at: string): MessageFault[] {
  if (!isObject(styles)) return [fault(at, 'must be an object')]
  return Object.entries(styles).flatMap(([block, style]) => {
    if (!BLOCKS.includes(block)) return [fault(`${at}.${block}`, 'unknown field')]
    if (!isObject(style)) return [fault(`${at}.${block}`, 'must be an object')]
    return checkProperties(style, `${at}.${block}`, BLOCK_STYLE)
  })
}

function checkComponent(value: unknown, { at, allowed, depth }: Place): MessageFault[] {
  if (!isObject(value)) return [fault(at, 'must be an object')]
  const type = allowed.find((name) => name === value['type'])
  const spec = type && COMPONENTS[type]
  if (!type || !spec) return [fault(`${at}.type`, mustBeOneOf(allowed))]
  if (depth > MAX_DEPTH) return [fault(at, 'Boxes are nested too deeply')]
  const { required, nested, rules } = spec
  return [
    ...checkProperties(value, at, rules, { required, elsewhere: nested }),
    ...(nested.includes('contents') ? checkContents(value, type, at, depth) : []),
    ...(value['action'] !== undefined && nested.includes('action')
      ? checkAction(value['action'], `${at}.action`, { labelled: type === 'button' })
      : []),
    ...(value['background'] !== undefined && nested.includes('background')
      ? checkBackground(value['background'], `${at}.background`)
      : []),
    ...(value['altContent'] !== undefined && nested.includes('altContent')
      ? checkComponent(value['altContent'], {
          at: `${at}.altContent`,
          allowed: ALLOWED_IN.video,
          depth: depth + 1,
        })
      : []),
  ]
}

function checkContents(
  value: Record<string, unknown>,
  type: string,
  at: string,
  depth: number,
): MessageFault[] {
  const { contents } = value
  if (contents === undefined) {
    const mute = type === 'text' && value['text'] === undefined
    return mute ? [fault(`${at}.text`, 'must be specified')] : []
  }
  if (!Array.isArray(contents)) return [fault(`${at}.contents`, 'must be an array')]
  const allowed = allowedInside(type, value['layout'])
  return contents.flatMap((part, index) =>
    checkComponent(part, { at: `${at}.contents[${index}]`, allowed, depth: depth + 1 }),
  )
}

function allowedInside(type: string, layout: unknown): readonly string[] {
  if (type === 'text') return ALLOWED_IN.text
  return layout === 'baseline' ? ALLOWED_IN.baseline : ALLOWED_IN.box
}

function checkBackground(value: unknown, at: string): MessageFault[] {
  if (!isObject(value) || value['type'] !== 'linearGradient')
    return [fault(`${at}.type`, mustBeOneOf(['linearGradient']))]
  return checkProperties(value, at, GRADIENT, { required: ['angle', 'startColor', 'endColor'] })
}

function byteLength(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
