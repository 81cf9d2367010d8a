import type { Furnished } from '../furnish.ts'
import { type JobHandler, Later } from '../ports.ts'
import { createHandler, type House } from '../reactions.ts'

/** A running server comes to it then. */
const LEFT_SECONDS = 30

/** Does what is due now, so that whoever typed a command sees what came of it; a running server may be quicker. */
export async function showNow({ store, house }: Furnished): Promise<void> {
  await store.drain(handlerAtTerminal(house))
}

/** Other systems are left to the server: one that lets us wait must not hold up whoever sits at the terminal. */
export function handlerAtTerminal(house: House): JobHandler {
  const handle = createHandler(house)
  return async (job) => {
    if (job.kind === 'outbound')
      throw new Later(LEFT_SECONDS, 'other systems are told by the server')
    await handle(job)
  }
}
