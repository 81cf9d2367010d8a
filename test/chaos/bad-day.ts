import type { Fault } from '../sandbox/types.ts'

type Vendor = { addFault(fault: Fault): void; clearFaults(): void; requests: string[] }
/** Calls that were spoiled, by kind */
export type Spoiled = Record<string, number>

type Kind = { name: string; share: number; fault: Partial<Fault>; most?: number }

/** A hanging call costs the caller ten seconds and a place; so there are few, and a run stays bounded. */
const stripeKinds = (hangs: number): Kind[] => [
  { name: 'Stripe 500', share: 0.09, fault: { status: 500 } },
  {
    name: 'Stripe 429',
    share: 0.03,
    fault: {
      status: 429,
      headers: { 'stripe-rate-limited-reason': 'endpoint-rate' },
      body: { error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many' } },
    },
  },
  { name: 'Stripe cut off before', share: 0.04, fault: { drop: 'before' } },
  { name: 'Stripe cut off after', share: 0.04, fault: { drop: 'after' } },
  { name: 'Stripe hangs', share: 0.01, fault: { hang: true }, most: hangs },
]

const lineKinds = (hangs: number): Kind[] => [
  { name: 'LINE 500', share: 0.06, fault: { status: 500 } },
  {
    name: 'LINE 429',
    share: 0.03,
    fault: {
      status: 429,
      body: { message: 'The API rate limit has been exceeded. Try again later.' },
    },
  },
  { name: 'LINE cut off before', share: 0.03, fault: { drop: 'before' } },
  { name: 'LINE took it, then cut off', share: 0.08, fault: { drop: 'after' } },
  { name: 'LINE hangs', share: 0.01, fault: { hang: true }, most: hangs },
  { name: 'LINE took it, then hangs', share: 0.01, fault: { hang: 'after' }, most: hangs },
]

/** From now on a fifth of all calls to both vendors goes wrong; returns the counts, which go on. */
export function makeBadDay(
  vendors: { stripe: Vendor; line: Vendor },
  chance: () => number,
  hangs: number,
): Spoiled {
  const spoiled: Spoiled = {}
  spoil(vendors.stripe, /^(GET|POST) \/v1\//, stripeKinds(hangs), chance, spoiled)
  spoil(vendors.line, /\/v2\/bot\/(message\/push|profile)/, lineKinds(hangs), chance, spoiled)
  return spoiled
}

function spoil(
  vendor: Vendor,
  on: RegExp,
  kinds: readonly Kind[],
  chance: () => number,
  spoiled: Spoiled,
): void {
  let before = 0
  for (const { name, share, fault, most = Infinity } of kinds) {
    // Asked one after another: each has its share of what the ones before it let through.
    const odds = share / (1 - before)
    before += share
    const when = () => {
      const hit = (spoiled[name] ?? 0) < most && chance() < odds
      if (hit) spoiled[name] = (spoiled[name] ?? 0) + 1
      return hit
    }
    vendor.addFault({ on, times: Infinity, when, ...fault })
  }
}
