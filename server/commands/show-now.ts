import type { Furnished } from '../furnish.ts'
import { createHandler } from '../reactions.ts'

/** Does what is due now, so that whoever typed a command sees what came of it; a running server may be quicker. */
export async function showNow({ store, house }: Furnished): Promise<void> {
  await store.drain(createHandler(house))
}
