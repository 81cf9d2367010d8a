import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dutiesOf } from '../server/duties.ts'
import { doDuty } from '../server/operations/do-duties.ts'
import { pruneBooks } from '../server/operations/prune-books.ts'
import type { EventRow, NewEvent } from '../server/store/tables.ts'
import { type Club, openClub } from './support/club.ts'
import { ENGINES } from './support/engines.ts'

const DAY_MS = 86_400_000

describe.each(ENGINES)('with the books in %s', (engine) => {
  let club: Club

  beforeAll(async () => {
    club = await openClub({ engine })
  })
  afterAll(() => club.close())

  const ago = (days: number) =>
    new Date(club.desk.post.clock.now().getTime() - days * DAY_MS).toISOString()
  const row = (id: string, days: number, change: Partial<EventRow> = {}): NewEvent => ({
    id,
    source: 'stripe',
    type: 'customer.created',
    doorbell: '{"from":"stripe","objectId":null,"paymentIntent":null,"livemode":false}',
    received_at: ago(days),
    handled_at: ago(days),
    outcome: 'handled',
    ...change,
  })
  const write = async (rows: readonly NewEvent[]) => {
    for (let at = 0; at < rows.length; at += 500)
      await club.store.db
        .insertInto('events')
        .values(rows.slice(at, at + 500))
        .execute()
  }
  const kept = async (like: string) => {
    const rows = await club.store.db
      .selectFrom('events')
      .select('id')
      .where('id', 'like', like)
      .orderBy('id')
      .execute()
    return rows.map(({ id }) => id)
  }

  test('what is done with goes after 90 days, a little at a time; what is not done, or died, stays', async () => {
    await write([
      ...Array.from({ length: 1_100 }, (_, at) => row(`evt_old_${at}`, 91)),
      row('evt_old_ignored', 91, { outcome: 'ignored' }),
      row('evt_kept_dead', 400, { outcome: 'dead' }),
      row('evt_kept_open', 400, { handled_at: null, outcome: null }),
      row('evt_kept_retried', 400, { handled_at: ago(1) }),
      row('evt_kept_young', 89),
    ])
    let batches = 0
    expect(await pruneBooks(club.desk.post, () => void batches++)).toBe(1_101)
    expect(batches).toBe(2)
    expect(await kept('evt_old%')).toEqual([])
    const left = ['evt_kept_dead', 'evt_kept_open', 'evt_kept_retried', 'evt_kept_young']
    expect(await kept('evt_kept%')).toEqual(left)
    await club.store.db.deleteFrom('events').where('id', 'like', 'evt_kept%').execute()
  })

  test('links that have run out a month ago go, and reads that no budget asks for any more', async () => {
    const hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
    await club.cookieOf(hana)
    const link = (hash: string, days: number, spent = false) => ({
      hash,
      account_id: `line:${hana.userId}`,
      created_at: ago(days),
      expires_at: ago(days),
      spent_at: spent ? ago(days) : null,
    })
    const links = [link('old', 31), link('used', 31, true), link('late', 29), link('good', -1)]
    await club.store.db.insertInto('links').values(links).execute()
    const reads = [61, 59].map((days) => ({ day: ago(days).slice(0, 10), reads: 7 }))
    await club.store.db.insertInto('stripe_reads').values(reads).execute()
    await pruneBooks(club.desk.post)
    const left = await club.store.db.selectFrom('links').select('hash').orderBy('hash').execute()
    expect(left.map(({ hash }) => hash)).toEqual(['good', 'late'])
    const days = await club.store.db.selectFrom('stripe_reads').select('day').execute()
    expect(days.map(({ day }) => day)).not.toContain(reads[0]?.day)
    expect(days.map(({ day }) => day)).toContain(reads[1]?.day)
  })

  test('an event of long ago that comes once more says nothing that was said', async () => {
    const hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
    const { subscription } = await club.join(hana, club.links.member)
    const session = await club.buy(hana, club.links.pass)
    await club.stripe.refund(session, 300)
    await club.stripe.cancelSubscription(subscription, 'period_end')
    await club.settle()
    const said = await messages()
    const pushed = club.line.book().length
    club.forward({ hours: 24 * 91 })
    const events = club.stripe.events()
    expect(await pruneBooks(club.desk.post)).toBeGreaterThan(events.length / 2)
    expect(await kept(`${events[0]?.id}%`)).toEqual([])
    for (const { id } of events.toReversed()) await club.stripe.resend(id)
    await club.settle()
    expect(await kept(`${events[0]?.id}%`)).toHaveLength(1)
    expect(await messages()).toEqual(said)
    expect(club.line.book()).toHaveLength(pushed)
  })

  const messages = async () => {
    const rows = await club.store.db.selectFrom('deliveries').select(['kind', 'subject']).execute()
    return rows.map(({ kind, subject }) => `${kind} ${subject}`).toSorted()
  }
})

test('nothing goes before the first look for what no webhook told, which begins with the oldest event', async () => {
  const club = await openClub()
  const [prune] = dutiesOf(club).filter(({ name }) => name === 'prune')
  if (!prune) throw new Error('nobody prunes')
  const parts = { store: club.store, clock: club.desk.post.clock, report: () => {} }
  const stop = new AbortController().signal
  expect(await doDuty(parts, prune, { atStart: false, stop })).toBe('put off')
  const bookmark = { name: 'backfill', due_at: '2026-01-01T00:00:00.000Z', bookmark: '{}' }
  await club.store.db.insertInto('duties').values(bookmark).execute()
  club.forward({ hours: 1 })
  expect(await doDuty(parts, prune, { atStart: false, stop })).toBe('done')
  await club.close()
})
