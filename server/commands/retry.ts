import { systemClock } from '../furnish.ts'
import { reviveEvent } from '../operations/settle-event.ts'
import { type Command, couldNot, done } from './command.ts'
import { unknownId } from './table.ts'

/** Rings once more for an event, or sends a message that was given up once more. */
export const retry: Command = async ({ store }, [id = '']) => {
  const event = await reviveEvent({ store, clock: systemClock }, id)
  if (event === 'revived') return done(`${id} rings once more; a worker takes it within a second.`)
  if (event === 'handled')
    return couldNot(`${id} was handled. To look at its order again: reconcile.`)
  return unknownId(id)
}
