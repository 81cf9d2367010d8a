import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../server/furnish.ts'
import type { Store } from '../server/ports.ts'
import { openStore } from '../server/store/open-store.ts'
import { type Place, placeFor } from './support/engines.ts'

/** Many processes at one Postgres: what one of them does must not make the others wait. */
let place: Place
let stores: Store[]
const open = (): Store => {
  const store = openStore(place.database, { clock: systemClock, report: () => {}, gapMs: 0 })
  stores.push(store)
  return store
}
beforeEach(async () => {
  place = await placeFor('postgres')
  stores = []
})
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()))
  await place.remove()
})

test('a process that starts while others write does not wait for them, nor they for it', async () => {
  const [running, starting] = [open(), open()]
  await running.transaction(async (tx) => {
    await running.enqueue(tx, [{ kind: 'event', ref: 'evt_slow' }])
    await starting.migrate()
  })
  expect(await starting.openJobs()).toBe(1)
})
