/** Of what Stripe names by its id, or puts there whole when it was asked to. */
export function idOf(value: string | { id: string } | null | undefined): string | null {
  return typeof value === 'string' ? value : (value?.id ?? null)
}
