import { ApiError, noSuch, unknownParameter } from './api-errors.ts'
import { type Form, type FormValue, textOf } from './parse-form.ts'

export type Page<T> = { object: 'list'; data: T[]; has_more: boolean; url: string }

const DEFAULT_LIMIT = 10
const MOST = 100
/** Parameters that every list takes. */
const COMMON = new Set(['limit', 'starting_after', 'expand'])

/** The first `limit` of these, and whether there are more. */
export function pageOf<T>(items: Iterable<T>, url: string, limit = DEFAULT_LIMIT): Page<T> {
  const data: T[] = []
  for (const item of items) {
    if (data.length === limit) return { object: 'list', data, has_more: true, url }
    data.push(item)
  }
  return { object: 'list', data, has_more: false, url }
}

/** Reads `limit` and `starting_after`; throws ApiError for what Stripe would refuse. */
export function readPaging(query: Form, filters: readonly string[] = []) {
  for (const key of Object.keys(query)) {
    if (!COMMON.has(key) && !filters.includes(key)) throw unknownParameter(key)
  }
  const limit = query['limit'] === undefined ? DEFAULT_LIMIT : Number(query['limit'])
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
    throw new ApiError(400, `Invalid limit: must be between 1 and ${MOST}`, {
      code: 'parameter_invalid_integer',
      param: 'limit',
    })
  }
  return { limit, after: textOf(query['starting_after']) }
}

/** A page of a short fixed row (line items), by cursor. */
export function pageOfRow<T extends { id: string }>(
  row: readonly T[],
  url: string,
  query: Form,
): Page<T> {
  const { limit, after } = readPaging(query)
  const at = after === undefined ? -1 : row.findIndex((item) => item.id === after)
  if (after !== undefined && at === -1) throw noSuch('item', after, 'starting_after')
  return pageOf(row.slice(at + 1), url, limit)
}

type Times = { created?: number }

/** `created=…` or `created[gte]=…` as a question to ask of each object. */
export function createdFilter(value: FormValue | undefined): (item: Times) => boolean {
  if (value === undefined) return () => true
  if (typeof value === 'string') return ({ created }) => created === Number(value)
  if (Array.isArray(value)) throw new ApiError(400, 'Invalid created', { param: 'created' })
  const { gt, gte, lt, lte } = value
  return ({ created = 0 }) =>
    (gt === undefined || created > Number(gt)) &&
    (gte === undefined || created >= Number(gte)) &&
    (lt === undefined || created < Number(lt)) &&
    (lte === undefined || created <= Number(lte))
}

/** Lists come newest first, so a list with a lower bound can stop at the first object that is older. */
export function* newerThan<T extends Times>(items: Iterable<T>, created: FormValue | undefined) {
  const range = typeof created === 'object' && !Array.isArray(created) ? created : {}
  const oldest = Number(range['gte'] ?? range['gt'] ?? Number.NEGATIVE_INFINITY)
  for (const item of items) {
    if ((item.created ?? oldest) < oldest) return
    yield item
  }
}
