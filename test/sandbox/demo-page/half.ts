/** What "refund half" gives back, on the button and in deed: at least one of the smallest coin. */
export function halfOf(amount: number): number {
  return Math.max(1, Math.floor(amount / 2))
}
