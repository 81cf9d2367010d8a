import { randomBytes } from 'node:crypto'
import type { EndpointRow } from '../store/tables.ts'

/** How long the old secret signs beside the new one. */
export const ROTATE_HOURS = 24

/** 256 bits, as the Standard Webhooks rules write them. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

/** Those that sign now, newest first. */
export function goodSecrets(
  { secret, old_secret, old_secret_until }: EndpointRow,
  now: Date,
): string[] {
  const old = old_secret_until && old_secret_until > now.toISOString() ? old_secret : null
  return [secret, old].filter((each) => each !== null)
}
