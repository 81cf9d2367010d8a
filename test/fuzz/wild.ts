import fc from 'fast-check'

/** Unique enough to be found again, and nothing that a house would say by itself. */
export const tagOf = fc.noBias(fc.integer({ min: 36 ** 9, max: 36 ** 10 - 1 })).map((n) => {
  return `zq${n.toString(36)}zq`
})

/** This, once in so many times; null otherwise. */
export function sometimes<T>(arbitrary: fc.Arbitrary<T>, oneIn: number): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
}

/** Strings that have broken somebody's program before. */
export const wildString = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 300 }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '',
      '\u0000',
      'a\u0000b',
      '\ud800',
      '\udfff\ud800',
      '\ufeff',
      '__proto__',
      'constructor',
      'toString',
      '../../v1/customers',
      '%2e%2e%2f',
      "' or 1=1 --",
      '<script>alert(1)</script>',
      '{{7*7}}',
      '\r\nset-cookie: a=b',
      '𠮷野家🍵',
      'x'.repeat(5_000),
    ),
  },
)

const wildNumber = fc.constantFrom(0, -0, -1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 5e-324)

/** Any value that JSON can hold. */
export const wildValue: fc.Arbitrary<unknown> = fc.oneof(
  wildString,
  wildNumber,
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], { $ne: null }, [null]),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Texts that JSON.stringify never writes; a mark in the text is replaced by them. */
const MARK = 'the-place-for-raw-json'
const RAW = [
  '1e999',
  '-1e999',
  '123456789012345678901234567890',
  `${'['.repeat(3_000)}${']'.repeat(3_000)}`,
  `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`,
  '"\\ud800"',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '01',
  "'single'",
  'undefined',
]

type Change = { key: string; value: unknown; kind: 'set' | 'delete' | 'twice' }

const changeOf = (keys: readonly string[]): fc.Arbitrary<Change> =>
  fc.record({
    key: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...keys) },
      { weight: 1, arbitrary: wildString },
    ),
    value: fc.oneof(
      { weight: 4, arbitrary: wildValue },
      { weight: 1, arbitrary: fc.constant(MARK) },
    ),
    kind: fc.constantFrom('set', 'set', 'set', 'delete', 'twice'),
  })

/** The text of an object with a few of its fields (dots lead inside) gone, changed or written twice. */
export function mutated<T>(
  base: fc.Arbitrary<T>,
  keys: readonly string[],
  most = 2,
): fc.Arbitrary<string> {
  return fc
    .tuple(base, fc.array(changeOf(keys), { maxLength: most }), fc.constantFrom(...RAW))
    .map(([object, changes, raw]) => {
      const copy = structuredClone(object) as Record<string, unknown>
      for (const change of changes) if (change.kind !== 'twice') apply(copy, change)
      let text = JSON.stringify(copy)
      for (const { kind, key, value } of changes)
        if (kind === 'twice') text = `${text.slice(0, -1)},${write(key)}:${write(value)}}`
      return text.replaceAll(JSON.stringify(MARK), raw)
    })
}

const write = (value: unknown) => JSON.stringify(value) ?? 'null'

function apply(object: Record<string, unknown>, { key, value, kind }: Change): void {
  const path = key.split('.')
  const last = path.pop() ?? ''
  let at: unknown = object
  for (const step of path) at = isObject(at) ? at[step] : undefined
  if (!isObject(at)) return
  if (kind === 'delete') delete at[last]
  else
    Object.defineProperty(at, last, {
      // A copy: the next change may lead into it, and put the very same value there.
      value: structuredClone(value),
      enumerable: true,
      configurable: true,
      writable: true,
    })
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Bytes as a broken proxy would leave them; most of the time as they were. */
export function damaged(bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  const harm = fc.record({
    kind: fc.constantFrom(...(['cut', 'flip', 'insert', 'bom', 'twice'] as const)),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.integer({ min: 0, max: 255 }),
  })
  return fc.tuple(bytes, sometimes(harm, 6)).map(([buffer, how]) => {
    if (!how) return buffer
    const at = Math.floor(how.at * Math.max(0, buffer.length - 1))
    if (how.kind === 'cut') return buffer.subarray(0, at)
    if (how.kind === 'bom') return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), buffer])
    if (how.kind === 'twice') return Buffer.concat([buffer, buffer.subarray(at)])
    const copy = Buffer.from(buffer)
    if (how.kind === 'flip' && copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << (how.byte % 8))
    if (how.kind === 'flip') return copy
    return Buffer.concat([copy.subarray(0, at), Buffer.from([how.byte]), copy.subarray(at)])
  })
}
