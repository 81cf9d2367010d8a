/** 1 January 2015, when Discord's ids begin (https://docs.discord.com/developers/reference#snowflakes). */
const EPOCH_MS = 1_420_070_400_000n

/** Ids as Discord makes them: of 19 digits today, later ones greater, none twice. */
export function createSnowflakes(now: () => number): () => string {
  let last = 0n
  return () => {
    const earliest = (BigInt(now()) - EPOCH_MS) << 22n
    last = earliest > last ? earliest : last + 1n
    return String(last)
  }
}

/** For sorting: below zero when `a` is the older. */
export function olderFirst(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}
