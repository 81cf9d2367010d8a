/** What a form-encoded body or a query string says: texts, rows and named parts, as deep as it goes. */
export type FormValue = string | FormValue[] | { [key: string]: FormValue }
export type Form = { [key: string]: FormValue }

/**
 * Reads Stripe's way of writing structures: `expand[0]=a`, `expand[]=a`, `created[gte]=1`.
 * Objects have no prototype, so that a key like `__proto__` is a key and nothing else.
 */
export function parseForm(text: string): Form {
  const root: Form = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    const opening = name.indexOf('[')
    const head = opening === -1 ? name : name.slice(0, opening)
    const parts = [...name.matchAll(/\[([^\]]*)\]/g)].map((match) => match[1]!)
    place(root, [head, ...parts], value)
  }
  return rowsFrom(root) as Form
}

/** `value` as text, or undefined where the form holds none or a structure. */
export function textOf(value: FormValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** All texts of a row such as `expand`; a single text counts as a row of one. */
export function textsOf(value: FormValue | undefined): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((part) => typeof part === 'string') : []
}

/** An empty part, as in `expand[]`, takes the next free number. */
function place(into: Form, [key = '', ...rest]: string[], value: string): void {
  const name = key || String(Object.keys(into).length)
  if (rest.length === 0) {
    into[name] = value
    return
  }
  const inner = into[name]
  const next: Form =
    typeof inner === 'object' && !Array.isArray(inner) ? inner : Object.create(null)
  into[name] = next
  place(next, rest, value)
}

/** Parts that are named 0, 1, 2 … become rows. */
function rowsFrom(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value
  const keys = Object.keys(value)
  for (const key of keys) value[key] = rowsFrom(value[key]!)
  const isRow = keys.length > 0 && keys.every((key) => /^\d+$/.test(key))
  return isRow ? keys.map((key) => value[key]!) : value
}
