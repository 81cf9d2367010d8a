/** What Discord says of a bucket beside each answer. `resetAfter` in ms. */
export type BucketNews = { limit: number; remaining: number; resetAfter: number }

/** So many calls in a window that the first of them begins. Times in ms. */
export type Bucket = {
  /** null: nobody has told yet; Infinity: it has none */
  limit: number | null
  remaining: number
  /** Left, and not answered yet */
  inFlight: number
  windowMs: number
  resetAt: number
  /** The first moment that nobody who was sent away has been given */
  free: number
}

/** Until the first answer tells how many may leave, so many do (few buckets are smaller); the others come again after so long. */
const UNKNOWN_AT_ONCE = 5
const UNKNOWN_MS = 1_000
/** Windows begin with a call's arrival, and that is a little after it left. */
const SLACK = 1.05

export function newBucket(shape?: Pick<Bucket, 'limit' | 'windowMs'>): Bucket {
  const { limit = null, windowMs = 0 } = shape ?? {}
  return { limit, windowMs, remaining: 0, inFlight: 0, resetAt: 0, free: 0 }
}

/** Has this bucket room for one more call? Begins its next window when it is time. */
export function hasRoom(bucket: Bucket, now: number): boolean {
  if (bucket.limit === null) return bucket.inFlight < UNKNOWN_AT_ONCE && now >= bucket.resetAt
  if (now >= bucket.resetAt) {
    // What is on its way may count in the new window.
    bucket.remaining = bucket.limit - bucket.inFlight
    bucket.resetAt = now + bucket.windowMs
  }
  return bucket.remaining > 0
}

export function takeRoom(bucket: Bucket): void {
  bucket.remaining -= 1
  bucket.inFlight += 1
}

/**
 * When who found no room may come again: each their own moment, as many in a window as it lets pass, so
 * that a thousand who wait do not all come back with each window.
 */
export function giveTurn(bucket: Bucket, now: number): number {
  const { limit, windowMs, resetAt } = bucket
  const step = limit ? (windowMs / limit) * SLACK : 0
  const earliest = limit ? resetAt : Math.max(resetAt, now + UNKNOWN_MS)
  const turn = Math.max(bucket.free, earliest)
  bucket.free = turn + step
  return turn
}

/** What an answer told. Calls of other processes stand in it too, those of ours that are on their way perhaps not. */
export function learn(bucket: Bucket, news: BucketNews, now: number): void {
  const resetAt = now + news.resetAfter
  const isFirst = bucket.limit === null || bucket.limit === Number.POSITIVE_INFINITY
  // An answer that took long speaks of a window that is over.
  const isLate = resetAt < bucket.resetAt - bucket.windowMs / 2
  bucket.windowMs =
    bucket.limit === news.limit ? Math.max(bucket.windowMs, news.resetAfter) : news.resetAfter
  bucket.limit = news.limit
  if (isLate) return
  // What is on its way now may not stand in the first answer yet; later it has been taken off already.
  const others = isFirst ? news.remaining - bucket.inFlight : bucket.remaining
  bucket.remaining = Math.min(others, news.remaining)
  bucket.resetAt = isFirst ? resetAt : Math.max(bucket.resetAt, resetAt)
}

/** Nothing leaves before: Discord has said so. */
export function closeUntil(bucket: Bucket, until: number): void {
  bucket.remaining = 0
  bucket.resetAt = Math.max(bucket.resetAt, until)
}
