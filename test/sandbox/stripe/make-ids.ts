import { createHash, randomBytes } from 'node:crypto'

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const DIGITS = '0123456789'
/** 248 is the last multiple of 62 in a byte: larger bytes are thrown away, so that every letter is as likely. */
const FAIR = 248

export type MakeIds = {
  /** `id('pi_', 24)`: a prefix and so many letters, as Stripe makes them */
  id(prefix: string, length?: number): string
  digits(length: number): string
}

/** Ids shaped like Stripe's. With a seed the same calls give the same ids in every run. */
export function makeIds(seed?: string | number): MakeIds {
  const nextByte = seed === undefined ? randomByteSource() : seededByteSource(String(seed))
  const pick = (alphabet: string, length: number, fairBelow: number) => {
    let text = ''
    while (text.length < length) {
      const byte = nextByte()
      if (byte < fairBelow) text += alphabet[byte % alphabet.length]
    }
    return text
  }
  return {
    id: (prefix, length = 24) => prefix + pick(LETTERS, length, FAIR),
    digits: (length) => pick(DIGITS, length, 250),
  }
}

function byteSource(nextPool: () => Buffer): () => number {
  let pool = nextPool()
  let at = 0
  return () => {
    if (at === pool.length) {
      pool = nextPool()
      at = 0
    }
    return pool[at++]!
  }
}

function randomByteSource(): () => number {
  return byteSource(() => randomBytes(4096))
}

function seededByteSource(seed: string): () => number {
  let block = 0
  return byteSource(() => createHash('sha512').update(`${seed}:${block++}`).digest())
}
