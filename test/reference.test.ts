import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  cleanSource,
  isLineUserId,
  openReference,
  sealReference,
  sealSource,
} from '../shared/reference.ts'

const STRIPE_ACCEPTS = /^[A-Za-z0-9_-]{1,200}$/
const SECRET = 'a secret that is long enough, and then some'
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'

const userIds = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 32, maxLength: 32 })
  .map((digits) => `U${digits.join('')}`)
const sources = fc.stringMatching(/^[a-z0-9-]{1,32}$/)
/** Up to the year 9999 */
const times = fc.integer({ min: 0, max: 253_402_300_799 })
const secrets = fc.string({ minLength: 32, maxLength: 64, unit: 'grapheme' })
const claims = fc.record({ userId: userIds, source: sources, issuedAt: times })

describe('a sealed reference', () => {
  test('opens to exactly what was sealed, and Stripe accepts its form', () => {
    fc.assert(
      fc.property(claims, secrets, (claim, secret) => {
        const reference = sealReference(claim, secret)
        expect(reference).toMatch(STRIPE_ACCEPTS)
        expect(reference.length).toBeLessThanOrEqual(108)
        expect(openReference(reference, [secret])).toEqual({ kind: 'sealed', ...claim })
      }),
    )
  })

  test('has the form that other programs rely on: 16 bytes of HMAC-SHA-256 in lower-case hex', () => {
    const userId = `U${'0123456789abcdef'.repeat(2)}`
    const reference = sealReference({ userId, source: 'poster', issuedAt: 1_800_000_000 }, SECRET)
    const rest = `${userId}_poster_tro8w0`
    const mac = createHmac('sha256', SECRET).update(rest, 'utf8').digest('hex').slice(0, 32)
    expect(reference).toBe(`${rest}_${mac}`)
  })

  test('with any one character changed is forged', () => {
    const change = fc.tuple(fc.nat(), fc.constantFrom(...ALPHABET))
    fc.assert(
      fc.property(claims, change, (claim, [place, letter]) => {
        const reference = sealReference(claim, SECRET)
        const index = place % reference.length
        fc.pre(reference[index] !== letter)
        const changed = reference.slice(0, index) + letter + reference.slice(index + 1)
        expect(openReference(changed, [SECRET])).toEqual({ kind: 'forged' })
      }),
      { numRuns: 500 },
    )
  })

  test('with any one bit of the reference changed at every place is forged', () => {
    const reference = sealReference(
      { userId: `U${'a1'.repeat(16)}`, source: 'shop', issuedAt: 1_764_000_000 },
      SECRET,
    )
    for (let index = 0; index < reference.length; index++) {
      const code = reference.charCodeAt(index)
      for (const bit of [1, 2, 4, 8, 16, 32, 64]) {
        const changed =
          reference.slice(0, index) + String.fromCharCode(code ^ bit) + reference.slice(index + 1)
        expect(openReference(changed, [SECRET]), changed).toEqual({ kind: 'forged' })
      }
    }
  })

  test('cut short or lengthened never opens as sealed, and never for somebody else', () => {
    fc.assert(
      fc.property(claims, fc.nat(), fc.string(), (claim, cut, more) => {
        const reference = sealReference(claim, SECRET)
        for (const bent of [reference.slice(0, cut % reference.length), `${reference}${more}x`]) {
          const opened = openReference(bent, [SECRET])
          expect(opened.kind).not.toBe('sealed')
          if (opened.kind === 'bare') expect(opened.userId).toBe(claim.userId)
        }
      }),
    )
  })

  test("cannot be put together from one buyer's id and another's seal", () => {
    fc.assert(
      fc.property(claims, claims, (mine, theirs) => {
        fc.pre(mine.userId !== theirs.userId)
        const spliced = theirs.userId + sealReference(mine, SECRET).slice(33)
        expect(openReference(spliced, [SECRET])).toEqual({ kind: 'forged' })
      }),
    )
  })

  test('made with another key is forged', () => {
    fc.assert(
      fc.property(claims, secrets, secrets, (claim, ours, foreign) => {
        fc.pre(ours !== foreign)
        expect(openReference(sealReference(claim, foreign), [ours])).toEqual({ kind: 'forged' })
      }),
    )
  })

  test('that is still on its way opens after the key was rotated, wherever its key stands', () => {
    fc.assert(
      fc.property(claims, secrets, fc.array(secrets, { maxLength: 3 }), (claim, old, newer) => {
        const reference = sealReference(claim, old)
        expect(openReference(reference, [...newer, old]).kind).toBe('sealed')
        expect(openReference(reference, [old, ...newer]).kind).toBe('sealed')
      }),
    )
  })

  test('is forged when no key is left to open it', () => {
    const reference = sealReference(
      { userId: `U${'0'.repeat(32)}`, source: 'shop', issuedAt: 1 },
      SECRET,
    )
    expect(openReference(reference, [])).toEqual({ kind: 'forged' })
  })

  test('in capital letters is forged: neither LINE nor we write hex that way', () => {
    fc.assert(
      fc.property(claims, (claim) => {
        const reference = sealReference(claim, SECRET)
        const mac = reference.slice(-32)
        fc.pre(/[a-f]/.test(mac))
        const shouted = reference.slice(0, -32) + mac.toUpperCase()
        expect(openReference(shouted, [SECRET])).toEqual({ kind: 'forged' })
      }),
    )
  })

  test.each([
    '',
    'U123',
    'someone',
    `u${'0'.repeat(32)}`,
    `U${'A'.repeat(32)}`,
    `U${'0'.repeat(33)}`,
  ])('is never made for "%s", which is no LINE user id', (userId) => {
    expect(() => sealReference({ userId, source: 'shop', issuedAt: 1 }, SECRET)).toThrow(TypeError)
  })
})

describe('a reference that names nobody', () => {
  const posters = fc.record({ source: sources, issuedAt: times })

  test('opens to where the sale came from, and to no person', () => {
    fc.assert(
      fc.property(posters, secrets, (poster, secret) => {
        const reference = sealSource(poster, secret)
        expect(reference).toMatch(STRIPE_ACCEPTS)
        expect(reference.length).toBeLessThanOrEqual(108)
        expect(openReference(reference, [secret])).toEqual({ kind: 'source', ...poster })
        expect(openReference(reference, [`${secret}!`])).toEqual({ kind: 'forged' })
      }),
    )
  })

  test('has the form that other programs rely on', () => {
    const rest = 'S_poster_tro8w0'
    const mac = createHmac('sha256', SECRET).update(rest, 'utf8').digest('hex').slice(0, 32)
    expect(sealSource({ source: 'poster', issuedAt: 1_800_000_000 }, SECRET)).toBe(`${rest}_${mac}`)
  })

  test('with any one character changed is forged', () => {
    fc.assert(
      fc.property(posters, fc.nat(), fc.constantFrom(...ALPHABET), (poster, place, letter) => {
        const reference = sealSource(poster, SECRET)
        const index = place % reference.length
        fc.pre(reference[index] !== letter)
        const changed = reference.slice(0, index) + letter + reference.slice(index + 1)
        expect(openReference(changed, [SECRET])).toEqual({ kind: 'forged' })
      }),
      { numRuns: 500 },
    )
  })

  test('never becomes somebody’s: neither seal fits the other form', () => {
    fc.assert(
      fc.property(claims, (claim) => {
        const named = sealReference(claim, SECRET)
        const unnamed = sealSource(claim, SECRET)
        const forged = { kind: 'forged' }
        expect(openReference(claim.userId + unnamed.slice(1), [SECRET])).toEqual(forged)
        expect(openReference(`S${named.slice(33)}`, [SECRET])).toEqual(forged)
      }),
    )
  })
})

describe('what came without our seal', () => {
  test('a plain LINE user id is a claim, whatever the keys', () => {
    fc.assert(
      fc.property(userIds, (userId) => {
        expect(openReference(userId, [SECRET])).toEqual({ kind: 'bare', userId })
        expect(openReference(userId, [])).toEqual({ kind: 'bare', userId })
      }),
    )
  })

  test.each([null, undefined, ''])('%s is no reference at all', (reference) => {
    expect(openReference(reference, [SECRET])).toEqual({ kind: 'none' })
  })

  test.each([
    ['another system', 'order-1234'],
    ['capital letters', `U${'ABCDEF01'.repeat(4)}`],
    ['a line break after a good id', `U${'0'.repeat(32)}\n`],
    ['a space before a good id', ` U${'0'.repeat(32)}`],
    ['full-width digits', `U${'０'.repeat(32)}`],
    ['Japanese', 'お客様番号一番'],
    ['a poster without a seal', 'S_poster_1_'],
    ['a poster of somebody else’s', `S_poster_1_${'0'.repeat(32)}`],
    ['an id and a seal of nothing', `U${'0'.repeat(32)}_shop_1_`],
  ])('a reference from %s is forged', (_, reference) => {
    expect(openReference(reference, [SECRET])).toEqual({ kind: 'forged' })
  })

  test('garbage of any kind is answered, never thrown at, and never sealed', () => {
    const garbage = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 210 }),
      fc.tuple(userIds, fc.string({ maxLength: 80 })).map(([id, rest]) => `${id}_${rest}`),
    )
    fc.assert(
      fc.property(garbage, (reference) => {
        expect(['none', 'bare', 'forged']).toContain(openReference(reference, [SECRET]).kind)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('where a sale came from', () => {
  test('keeps a source of small letters, digits and hyphens, up to 32 of them', () => {
    fc.assert(
      fc.property(sources, (source) => {
        expect(cleanSource(source)).toBe(source)
      }),
    )
  })

  test.each([
    '',
    'Poster',
    'a_b',
    'a b',
    'é',
    'x'.repeat(33),
    'ok\n',
    7,
    null,
    undefined,
    ['shop'],
    {},
  ])('%j becomes "shop", so that the seal keeps its form', (source) => {
    expect(cleanSource(source)).toBe('shop')
  })

  test('any text at all as a source still gives a reference that opens', () => {
    fc.assert(
      fc.property(userIds, fc.string({ unit: 'grapheme' }), (userId, source) => {
        const reference = sealReference({ userId, source, issuedAt: 1_764_000_000 }, SECRET)
        expect(reference).toMatch(STRIPE_ACCEPTS)
        expect(openReference(reference, [SECRET]).kind).toBe('sealed')
      }),
    )
  })

  test('a LINE user id is U and 32 small hex digits, and nothing else', () => {
    fc.assert(
      fc.property(userIds, (userId) => {
        expect(isLineUserId(userId)).toBe(true)
        expect(isLineUserId(userId.slice(1))).toBe(false)
        expect(isLineUserId(`${userId}0`)).toBe(false)
        expect(isLineUserId(userId.replace('U', 'C'))).toBe(false)
      }),
    )
  })
})
