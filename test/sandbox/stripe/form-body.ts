import type { FastifyRequest } from 'fastify'
import type Stripe from 'stripe'
import { ApiError, unknownParameter } from './api-errors.ts'
import { type Form, type FormValue, textOf } from './parse-form.ts'

/** Which parts a form may have: texts (`true`), named parts, rows of one kind, or any names (`'any'`). */
export type Shape = { readonly [name: string]: true | 'any' | Shape | readonly [Shape | true] }

/** The body, refused like Stripe refuses it when it holds a parameter that is not known here. */
export function bodyOf(request: FastifyRequest, known: readonly string[]): Form {
  const shape = Object.fromEntries(known.map((key) => [key, 'any' as const]))
  return shapedBody(request, shape)
}

/** The same, looking into its parts too. Throws ApiError 400 that names the parameter by its path. */
export function shapedBody(request: FastifyRequest, shape: Shape): Form {
  const form = (request.body ?? {}) as Form
  checkParts(form, { ...shape, expand: 'any' }, '')
  return form
}

function checkParts(form: Form, shape: Shape, path: string): void {
  for (const [key, value] of Object.entries(form)) {
    const name = path === '' ? key : `${path}[${key}]`
    const wanted = Object.hasOwn(shape, key) ? shape[key] : undefined
    if (wanted === undefined) throw unknownParameter(name)
    if (wanted !== 'any') checkPart(value, wanted, name)
  }
}

function checkPart(value: FormValue, wanted: Exclude<Shape[string], 'any'>, name: string): void {
  // An empty text takes a structure away.
  if (value === '') return
  if (wanted === true) {
    if (typeof value !== 'string') throw invalid(name, 'string')
    return
  }
  if (!isRow(wanted)) {
    if (typeof value !== 'object' || Array.isArray(value)) throw invalid(name, 'object')
    checkParts(value, wanted, name)
    return
  }
  if (!Array.isArray(value)) throw invalid(name, 'array')
  for (const [at, part] of value.entries()) checkPart(part, wanted[0], `${name}[${at}]`)
}

function isRow(wanted: Shape | readonly [Shape | true]): wanted is readonly [Shape | true] {
  return Array.isArray(wanted)
}

function invalid(param: string, kind: 'string' | 'object' | 'array'): ApiError {
  return new ApiError(400, `Invalid ${kind}`, { param })
}

/** The text of a parameter. Throws ApiError 400 where it is missing or empty. */
export function required(form: Form, name: string, param = name): string {
  const value = textOf(form[name])
  if (value) return value
  throw new ApiError(400, `Missing required param: ${param}.`, {
    code: 'parameter_missing',
    param,
  })
}

/** The named parts of a parameter; none where it holds something else. */
export function partsOf(form: Form, name: string): Form {
  const value = form[name]
  return typeof value === 'object' && !Array.isArray(value) ? value : {}
}

/** The rows of a parameter, each with its named parts. */
export function rowsIn(form: Form, name: string): Form[] {
  const value = form[name]
  if (!Array.isArray(value)) return []
  return value.flatMap((row) => (typeof row === 'object' && !Array.isArray(row) ? [row] : []))
}

/** 'true' or 'false'; `fallback` where nothing is said. Throws ApiError 400 for any other word. */
export function flagIn(form: Form, name: string, fallback: boolean, param = name): boolean {
  const value = form[name]
  if (value === undefined) return fallback
  if (value === 'true' || value === 'false') return value === 'true'
  throw new ApiError(400, `Invalid boolean: ${String(value)}`, { param })
}

/** A whole number, or undefined where nothing is said. Throws ApiError 400 for anything else. */
export function wholeIn(form: Form, name: string, param = name): number | undefined {
  const text = textOf(form[name])
  if (text === undefined) return undefined
  if (/^-?\d+$/.test(text)) return Number(text)
  throw new ApiError(400, `Invalid integer: ${text}`, { code: 'parameter_invalid_integer', param })
}

/** One of these words. Throws ApiError 400 for any other. */
export function wordIn<T extends string>(
  form: Form,
  name: string,
  words: readonly T[],
  param = name,
): T | undefined {
  const text = textOf(form[name])
  if (text === undefined) return undefined
  const known = words.find((word) => word === text)
  if (known) return known
  throw new ApiError(400, `Invalid ${param}: must be one of ${words.join(', ')}`, { param })
}

/** Stripe lays new metadata over the old; an empty text takes a key away, and all of it for all. */
export function merged(before: Stripe.Metadata, form: Form): Stripe.Metadata {
  const given = form['metadata']
  if (given === '') return {}
  if (typeof given !== 'object' || Array.isArray(given)) return before
  const texts = Object.entries(given).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[key, value]] : [],
  )
  const after = { ...before, ...Object.fromEntries(texts) }
  return Object.fromEntries(Object.entries(after).filter(([, value]) => value !== ''))
}
