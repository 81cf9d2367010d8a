import { setTimeout as wait } from 'node:timers/promises'
import { STRIPE_REACTIONS } from '../../server/reactions.ts'
import type { Carry } from '../sandbox/stripe/deliver-webhooks.ts'

/** What becomes of a webhook on its way. `unsent`: Stripe gave up; `unknown`: Stripe believes it arrived. */
export type Fate = 'plain' | 'twice' | 'late' | 'unsent' | 'unknown'

export type Post = {
  carry: Carry
  fates: Map<string, Fate>
  /** Events that somebody answered 2xx for: they must be in the books for good */
  acked: Set<string>
  /** Answers that were none, or no 2xx */
  refused: number
  underWay: number
  close(): void
}

const SHARES: [Fate, number][] = [
  ['twice', 0.1],
  ['late', 0.2],
  ['unsent', 0.025],
  ['unknown', 0.025],
]

/**
 * The way from Stripe to the shop: 10 % come twice, 20 % out of order, 5 % never. What was not answered
 * 2xx is sent again until it is, as Stripe would for three days, in seconds instead of hours.
 */
export function openPost(chance: () => number, urls: () => readonly string[]): Post {
  const fates = new Map<string, Fate>()
  const acked = new Set<string>()
  const closing = new AbortController()
  const pause = (ms: number) => wait(ms, undefined, { signal: closing.signal }).catch(() => {})
  const post: Post = { carry, fates, acked, refused: 0, underWay: 0, close: () => closing.abort() }

  function fateOf(id: string, type: string): Fate {
    const known = fates.get(id)
    if (known) return known
    // What nobody reacts to is none of the 5 %: nothing could miss it.
    const drawn = type in STRIPE_REACTIONS ? draw(chance()) : 'plain'
    fates.set(id, drawn)
    return drawn
  }

  async function carry(stored: Parameters<Carry>[0], send: Parameters<Carry>[1]): Promise<number> {
    const { id, type } = stored.event
    const fate = fateOf(id, type)
    if (fate === 'unsent') return 500
    if (fate === 'unknown') {
      stored.delivered = true
      return 200
    }
    post.underWay++
    try {
      if (fate === 'late') await pause(300 + chance() * 3_000)
      const again = fate === 'twice' ? pause(chance() * 1_500).then(() => insist(id, send)) : null
      const status = await insist(id, send)
      await again
      return status
    } finally {
      post.underWay--
    }
  }

  async function insist(id: string, send: Parameters<Carry>[1]): Promise<number> {
    for (let tried = 0; !closing.signal.aborted; tried++) {
      const all = urls()
      const status = await send(`${all[Math.floor(chance() * all.length)]}/webhooks/stripe`)
      if (status >= 200 && status < 300) {
        acked.add(id)
        return status
      }
      post.refused++
      await pause(Math.min(100 * 2 ** tried, 2_000))
    }
    return 0
  }

  return post
}

function draw(number: number): Fate {
  let left = number
  for (const [fate, share] of SHARES) {
    if (left < share) return fate
    left -= share
  }
  return 'plain'
}
