import { checkAction } from './check-action.ts'
import {
  checkProperties,
  count,
  fault,
  flag,
  isObject,
  label,
  type MessageFault,
  type Rule,
} from './check-values.ts'

const WIDTH = { min: 800, max: 2500 }
const MIN_HEIGHT = 250
/** Width by height: a menu may not be taller than this lets it. */
const MIN_RATIO = 1.45
const MAX_AREAS = 20
const REQUIRED = ['size', 'selected', 'name', 'chatBarText', 'areas']
const SIDES = ['x', 'y', 'width', 'height'] as const

const width: Rule = (value) =>
  count(value) ??
  (Number(value) < WIDTH.min || Number(value) > WIDTH.max
    ? `Must be between ${WIDTH.min} and ${WIDTH.max}`
    : undefined)
const height: Rule = (value) =>
  count(value) ?? (Number(value) < MIN_HEIGHT ? `Must be at least ${MIN_HEIGHT}` : undefined)
const side: Rule = (value) =>
  count(value) ?? (Number(value) < 1 ? 'Must be greater than or equal to 1' : undefined)

type Size = { width: number; height: number }

/**
 * What LINE would refuse in a rich menu object, each fault with its place; an empty list means that
 * LINE would take it. https://developers.line.biz/en/reference/messaging-api/#rich-menu-object
 */
export function checkRichMenu(menu: unknown): MessageFault[] {
  if (!isObject(menu)) return [fault('', 'must be an object')]
  const rules = { selected: flag, name: label(300), chatBarText: label(14) }
  const own = checkProperties(menu, '', rules, { required: REQUIRED, elsewhere: ['size', 'areas'] })
  const { size, areas } = menu
  const sizeFaults = size === undefined ? [] : checkSize(size)
  const within = size !== undefined && sizeFaults.length === 0 ? (size as Size) : null
  return [
    ...own.map(({ message, property }) => fault(property.slice(1), message)),
    ...sizeFaults,
    ...(areas === undefined ? [] : checkAreas(areas, within)),
  ]
}

function checkSize(size: unknown): MessageFault[] {
  if (!isObject(size)) return [fault('size', 'must be an object')]
  const required = ['width', 'height']
  const faults = checkProperties(size, 'size', { width, height }, { required })
  if (faults.length > 0) return faults
  const ratio = Number(size['width']) / Number(size['height'])
  return ratio < MIN_RATIO ? [fault('size', `Aspect ratio must be at least ${MIN_RATIO}`)] : []
}

function checkAreas(areas: unknown, within: Size | null): MessageFault[] {
  if (!Array.isArray(areas) || areas.length > MAX_AREAS)
    return [fault('areas', `Size must be between 0 and ${MAX_AREAS}`)]
  return areas.flatMap((area, index) => {
    const at = `areas[${index}]`
    if (!isObject(area)) return [fault(at, 'must be an object')]
    const required = ['bounds', 'action']
    return [
      ...checkProperties(area, at, {}, { required, elsewhere: required }),
      ...(area['bounds'] === undefined ? [] : checkBounds(area['bounds'], `${at}.bounds`, within)),
      ...(area['action'] === undefined
        ? []
        : checkAction(area['action'], `${at}.action`, { max: 20 })),
    ]
  })
}

function checkBounds(bounds: unknown, at: string, within: Size | null): MessageFault[] {
  if (!isObject(bounds)) return [fault(at, 'must be an object')]
  const rules = { x: count, y: count, width: side, height: side }
  const faults = checkProperties(bounds, at, rules, { required: [...SIDES] })
  if (faults.length > 0 || !within) return faults
  const [x, y, wide, high] = SIDES.map((name) => Number(bounds[name])) as [
    number,
    number,
    number,
    number,
  ]
  const inside = x + wide <= within.width && y + high <= within.height
  return inside ? [] : [fault(at, 'Must be inside the rich menu')]
}
