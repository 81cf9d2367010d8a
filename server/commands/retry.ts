import { systemClock } from '../furnish.ts'
import { type Revival, reviveDelivery } from '../notifications/revive-delivery.ts'
import { reviveEvent } from '../operations/settle-event.ts'
import { type Command, couldNot, done, type Outcome } from './command.ts'
import { unknownId } from './table.ts'

/** Rings once more for an event, or sends a message that was given up once more. */
export const retry: Command = async ({ store }, [id = ''], { again = false }) => {
  const event = await reviveEvent({ store, clock: systemClock }, id)
  if (event === 'revived') return done(`${id} rings once more; a worker takes it within a second.`)
  if (event === 'handled')
    return couldNot(`${id} was handled. To look at its order again: reconcile.`)
  const revival = await store.transaction((tx) =>
    reviveDelivery(store, tx, id, systemClock.now(), { again }),
  )
  return said(id, revival)
}

function said(id: string, revival: Revival): Outcome {
  if (revival.state === 'asks')
    return couldNot(
      `${id} may have arrived, and nothing would keep it from arriving once more: the buyer may read it twice. Ask them first, or look where it would be; --again sends it all the same.`,
    )
  if (revival.state === 'revived') {
    const twice = revival.maybeTwice ? ' The buyer may have got it before.' : ''
    return done(`${id} is on its way again.${twice}`)
  }
  return revival.because === 'unknown'
    ? unknownId(id)
    : couldNot(`${id} ${BECAUSE[revival.because]}`)
}

const BECAUSE = {
  accepted: 'was accepted, and what it said is not kept.',
  erased: 'was erased, and what it said is not kept.',
  open: 'is on its way, or waits until the buyer can be reached; there is nothing to retry.',
  withdrawn:
    'was withdrawn: later news went out, nothing was left to say, or the buyer asked to be forgotten.',
}
