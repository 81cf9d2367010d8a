/**
 * How long until a failed job is tried again, in seconds: 1, 2, 4 … up to an hour, each ±25 % so that a
 * flood that failed together does not come back together. The first retry comes within 2 s.
 */
export function retryDelay(attempts: number, random: () => number = Math.random): number {
  const seconds = Math.min(2 ** (attempts - 1), 3_600)
  return seconds * (0.75 + random() / 2)
}

/** With the delays above this is about three days, as long as Stripe itself would keep trying. */
export const MOST_ATTEMPTS = 80
