import { dropLink } from '../people/one-time-links.ts'
import type { Store } from '../ports.ts'

/**
 * Says something that holds a one-time link (`token`; null: none). One that was not heard is dropped: each try
 * makes a way in of its own, and only so many are good at a time.
 */
export async function sayWithLink(
  store: Store,
  token: string | null,
  say: () => Promise<boolean>,
): Promise<void> {
  let heard = false
  try {
    heard = await say()
  } finally {
    if (token && !heard) await dropLink(store, token)
  }
}
