import { createHash, randomBytes } from 'node:crypto'

/**
 * A one-time code that people read off one screen and type into another: twelve letters of Crockford's base 32
 * (https://www.crockford.com/base32.html), 60 bits. Good for 15 minutes, so nobody tries out enough of them; and
 * whoever got hold of the books could not find one by its hash in that time.
 */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 12

/** A new one, as it is shown: `K7QM-3XPD-9RTA`. */
export function makeCode(): string {
  const letters = [...randomBytes(LENGTH)].map((byte) => LETTERS[byte % LETTERS.length])
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-')
}

/**
 * What the books know a code by, however it was typed: small letters, wide ones, spaces, no strokes, O for 0, I or
 * L for 1. null: it is none.
 */
export function hashOfCode(text: string): string | null {
  // Far more than any way to write one; what is longer is not worth the work.
  if (text.length > 64) return null
  const typed = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}ー−]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  const isCode = typed.length === LENGTH && [...typed].every((letter) => LETTERS.includes(letter))
  return isCode ? createHash('sha256').update(`code ${typed}`).digest('hex') : null
}
