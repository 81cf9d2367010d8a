import { expect, test, vi } from 'vitest'
import { systemClock } from '../server/furnish.ts'
import { openStore } from '../server/store/open-store.ts'
import { openBooks } from './chaos/books.ts'
import { placeFor } from './support/engines.ts'

test('a day has passed when a look that began in it is done, and not when an older one ends', async () => {
  const place = await placeFor('sqlite')
  const store = openStore(place.database, { clock: systemClock, report: () => {}, gapMs: 0 })
  const { db } = store
  const bookmark = () => JSON.stringify({ allEvents: new Date().toISOString() })
  const seen = async () => {
    const duty = await db.selectFrom('duties').select('bookmark').executeTakeFirstOrThrow()
    return Date.parse(JSON.parse(duty.bookmark ?? '{}').allEvents)
  }
  const end = (more: { bookmark?: string } = {}) =>
    db
      .updateTable('duties')
      .set({ held_until: null, done_at: new Date().toISOString(), ...more })
      .execute()
  const held_until = new Date(Date.now() + 60_000).toISOString()
  await db
    .insertInto('duties')
    .values({ name: 'backfill', due_at: held_until, held_until, bookmark: bookmark() })
    .execute()

  const books = openBooks(place.url)
  let passed = false
  const passing = books.passADay().then(() => {
    passed = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  await end()
  await vi.waitUntil(async () => (await seen()) < Date.now() - 24 * 3_600_000, { timeout: 10_000 })
  expect(passed).toBe(false)
  await end({ bookmark: bookmark() })
  await passing
  await books.close()
  await store.close()
  await place.remove()
})
