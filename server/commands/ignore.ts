import { systemClock } from '../furnish.ts'
import { findDelivery } from '../notifications/deliveries.store.ts'
import { ignoreDelivery } from '../notifications/revive-delivery.ts'
import { ignoreEvent } from '../operations/settle-event.ts'
import { type Command, couldNot, done } from './command.ts'
import { unknownId } from './table.ts'

/** A person has looked: nothing is left to do about an event or a message that was given up. */
export const ignore: Command = async ({ store }, [id = '']) => {
  const event = await ignoreEvent({ store, clock: systemClock }, id)
  if (event === 'ignored') return done(`${id} is off the list.`)
  if (event === 'handled') return couldNot(`${id} was handled; there is nothing to ignore.`)
  if (await store.transaction((tx) => ignoreDelivery(tx, id))) return done(`${id} is off the list.`)
  const delivery = await findDelivery(store.db, id)
  if (!delivery) return unknownId(id)
  if (delivery.state === 'ignored') return couldNot(`${id} is off the list already.`)
  return couldNot(`${id} is ${delivery.state}; only a message that was given up can be ignored.`)
}
