import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Furnished, furnish } from '../server/furnish.ts'
import { openLog } from '../server/log.ts'
import { giveRole, takeRole } from '../server/memberships/give-role.ts'
import { subscriptionsOf } from '../server/memberships/memberships.store.ts'
import { reconcileMembership } from '../server/memberships/reconcile-membership.ts'
import { reconcilePerson } from '../server/memberships/reconsider-due.ts'
import { findCustomer, writeSubscriptions } from '../server/memberships/subscriptions.store.ts'
import { reconcileOrder } from '../server/orders/reconcile-order.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import { shareNext } from '../server/share-next.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, type Member, openClub } from './support/club.ts'
import { ENGINES } from './support/engines.ts'

describe.each(ENGINES)('with the books in %s', (engine) => {
  let club: Club
  let others: Furnished[]
  let hana: LineUser

  beforeAll(async () => {
    club = await openClub({ engine })
    const log = openLog('silent')
    others = [1, 2, 3].map(() => furnish(club.config, club.members.post.clock, log))
  })
  beforeEach(() => {
    hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
  })
  afterEach(async () => {
    await club.stripe.release(() => [])
    await club.settle()
  })
  afterAll(async () => {
    await Promise.all(others.map((each) => each.close()))
    await club.close()
  })

  const processAt = (at: number) => others[at % others.length] as Furnished
  const twenty = Array.from({ length: 20 }, (_, at) => at)
  const personOf = async (user = hana) => {
    await club.cookieOf(user)
    const { person_id } = await club.store.db
      .selectFrom('accounts')
      .select('person_id')
      .where('id', '=', `line:${user.userId}`)
      .executeTakeFirstOrThrow()
    return person_id
  }
  /** Pays, and of what follows nothing is told yet. */
  const joinUnheard = async (): Promise<Member> => {
    club.stripe.hold()
    return club.join(hana, club.links.member)
  }

  test('who joins is a member whatever comes first, and everything twice says nothing twice', async () => {
    for (const order of ['as it happened', 'backwards', 'the checkout last'] as const) {
      hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
      await joinUnheard()
      const isCheckout = (type: string) => Number(type.startsWith('checkout'))
      await club.stripe.release((events) => {
        const sorted = {
          'as it happened': events,
          backwards: events.toReversed(),
          'the checkout last': events.toSorted((a, b) => isCheckout(a.type) - isCheckout(b.type)),
        }[order]
        return [...sorted, ...sorted]
      })
      await club.settle()
      expect(await club.role(hana)).toBe('member')
      expect(club.menu(hana)).toBe('会員')
      expect(await club.told(hana)).toEqual(['welcome'])
    }
  })

  test('a long life that is told at once and backwards ends as it was lived', async () => {
    const { customer, subscription, session } = await joinUnheard()
    await club.stripe.changePrice(subscription, club.prices.premium)
    await club.stripe.dispute(session)
    await club.stripe.decideDispute(session, 'won')
    await club.stripe.pauseSubscription(subscription)
    await club.stripe.resumeSubscription(subscription)
    await club.stripe.advance(customer, { months: 2 })
    await club.stripe.cancelSubscription(subscription, 'period_end')
    await club.stripe.release((events) => [...events.toReversed(), ...events])
    await club.settle()
    expect(await club.role(hana)).toBe('premium')
    expect(club.menu(hana)).toBe('特別会員')
    expect(await club.subscription(subscription)).toMatchObject({
      status: 'active',
      disputed: '[]',
    })
    club.stripe.hold()
    await club.stripe.advance(customer, { months: 1, days: 1 })
    await club.stripe.release((events) => [...events.toReversed(), ...events])
    await club.settle()
    expect(await club.role(hana)).toBe('guest')
    expect((await club.told(hana)).filter((kind) => kind === 'ended')).toEqual(['ended'])
  })

  test('twenty at once who look at one person greet once', async () => {
    const { customer, session } = await joinUnheard()
    await reconcileOrder(processAt(0).desk, session, { closed: true })
    const person = await personOf()
    await Promise.all(
      twenty.map((at) => {
        const { members, desk } = processAt(at)
        if (at % 3 === 0) return reconcilePerson(members, person)
        if (at % 3 === 1) return reconcileOrder(desk, session, { closed: true })
        return reconcileMembership(members, customer)
      }),
    )
    await club.settle()
    expect(await club.role(hana)).toBe('member')
    expect(await club.told(hana)).toEqual(['welcome'])
    const [subscription] = await subscriptionsOf(club.store.db, person)
    expect(subscription).toMatchObject({ customer_id: customer, version: 1 })
  })

  test('ten processes that look at one customer at once are all done at their first answer', async () => {
    const { customer } = await club.join(hana, club.links.member)
    const log = openLog('silent')
    const ten = Array.from({ length: 10 }, () => furnish(club.config, club.members.post.clock, log))
    const asked = () =>
      club.stripe.requests.filter((each) => each.startsWith('GET /v1/subscriptions')).length
    const before = asked()
    const looks = ten.map(({ members }) => reconcileMembership(members, customer))
    expect(new Set(await Promise.all(looks))).toEqual(new Set([true]))
    expect(asked() - before).toBe(10)
    await Promise.all(ten.map((each) => each.close()))
  })

  /** A look of one process whose question to Stripe, and whose answer, wait for us. */
  function slowLook(at: number, customer: string) {
    const { members } = processAt(at)
    const [begun, asking, asked, answering] = [0, 1, 2, 3].map(() => Promise.withResolvers<void>())
    const fetchCustomer: typeof members.stripe.fetchCustomer = async (id) => {
      begun?.resolve()
      await asking?.promise
      const facts = await members.stripe.fetchCustomer(id)
      asked?.resolve()
      await answering?.promise
      return facts
    }
    const stripe = { ...members.stripe, fetchCustomer }
    const share = shareNext<boolean>()
    const done = reconcileMembership({ ...members, stripe, share }, customer)
    return {
      begun: begun?.promise,
      ask: () => {
        asking?.resolve()
        return asked?.promise
      },
      end: () => {
        answering?.resolve()
        return done
      },
    }
  }

  test('an answer that somebody held for long does not undo what was changed there and back', async () => {
    const { customer, subscription } = await club.join(hana, club.links.member)
    club.stripe.hold()
    await club.stripe.cancelSubscription(subscription, 'period_end')
    const old = slowLook(0, customer)
    await old.ask()
    await club.stripe.keepSubscription(subscription)
    await reconcileMembership(processAt(1).members, customer)
    await old.end()
    await club.settle()
    expect(await club.subscription(subscription)).toMatchObject({ cancel_at: null })
    expect(await club.told(hana)).toEqual(['welcome'])
  })

  test('nor where who saw the change back had set out before others had looked', async () => {
    const { customer, subscription } = await club.join(hana, club.links.member)
    club.stripe.hold()
    const early = slowLook(0, customer)
    await early.begun
    await reconcileMembership(processAt(1).members, customer)
    await club.stripe.cancelSubscription(subscription, 'period_end')
    const old = slowLook(2, customer)
    await old.ask()
    await club.stripe.keepSubscription(subscription)
    await early.ask()
    await early.end()
    await old.end()
    expect(await club.subscription(subscription)).toMatchObject({ cancel_at: null })
  })

  test('who is right waits for who is just writing the opposite, and then writes', async () => {
    const { customer, subscription } = await club.join(hana, club.links.member)
    club.stripe.hold()
    const [mine, theirs] = [processAt(0), processAt(1)]
    const known = await findCustomer(theirs.store.db, customer)
    if (!known) throw new Error('no customer')
    await club.stripe.cancelSubscription(subscription, 'period_end')
    const old = await theirs.stripe.fetchCustomer(customer)
    await club.stripe.keepSubscription(subscription)
    let looking: Promise<boolean> | undefined
    await theirs.store.transaction(async (tx) => {
      await writeSubscriptions(tx, old, known, club.members.post.clock.now())
      const fetched = Promise.withResolvers<void>()
      const { members } = mine
      const fetchCustomer = async (id: string) => {
        const facts = await members.stripe.fetchCustomer(id)
        fetched.resolve()
        return facts
      }
      const stripe = { ...members.stripe, fetchCustomer }
      looking = reconcileMembership({ ...members, stripe }, customer)
      await fetched.promise
      if (engine === 'postgres')
        await vi.waitUntil(() => isSomebodyWaiting(), { timeout: 10_000, interval: 20 })
    })
    await looking
    expect(await club.subscription(subscription)).toMatchObject({ cancel_at: null })
  })
  async function isSomebodyWaiting(): Promise<boolean> {
    const { rows } = await sql<{ pid: number }>`
      select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(club.store.db)
    return rows.length > 0
  }

  test('a gift given and taken while Stripe’s side changes leaves what is paid for', async () => {
    const { customer, subscription } = await club.join(hana, club.links.member)
    const person = await personOf()
    await club.stripe.changePrice(subscription, club.prices.premium)
    const gift = { role: 'member', until: null, note: null }
    await Promise.all(
      twenty.map((at) => {
        const { members } = processAt(at)
        if (at % 4 === 0) return giveRole(members, person, gift)
        if (at % 4 === 1) return takeRole(members, person, 'member')
        return reconcileMembership(members, customer)
      }),
    )
    await club.settle()
    expect(await club.role(hana)).toBe('premium')
    expect(club.menu(hana)).toBe('特別会員')
    expect(await club.told(hana)).toEqual(['welcome', 'plan_changed'])
  })

  test('nothing of a member stays behind who is forgotten while everybody looks at them', async () => {
    const { customer, subscription, session } = await club.join(hana, club.links.member)
    const person = await personOf()
    await giveRole(club.members, person, { role: 'premium', until: null, note: '花さん' })
    await club.stripe.cancelSubscription(subscription, 'now')
    const books = { store: processAt(0).store, clock: club.members.post.clock }
    // As the queue does: on Postgres, whoever writes for somebody who has just gone is refused once.
    const queued = (work: () => Promise<unknown>) => work().catch(work)
    await Promise.all([
      ...twenty.slice(0, 8).map((at) => {
        const { members, desk } = processAt(at)
        if (at % 2 === 0) return queued(() => reconcileMembership(members, customer))
        return queued(() => reconcileOrder(desk, session, { closed: true }))
      }),
      forgetPerson(books, hana.userId),
      queued(() => takeRole(processAt(2).members, person, 'premium')),
    ])
    await club.settle()
    for (const table of [
      ...(['people', 'accounts', 'customers', 'subscriptions', 'memberships', 'signs'] as const),
      ...(['links', 'procedures', 'staff_grants', 'orders', 'deliveries', 'events'] as const),
    ]) {
      const rows = JSON.stringify(await club.store.db.selectFrom(table).selectAll().execute())
      expect(rows, table).not.toContain(hana.userId)
      // Their orders and Stripe's ids stay in the books; who they were does not.
      if (table !== 'events') expect(rows, table).not.toContain(person)
    }
  })

  test('who saw a customer before it was deleted does not bring it back', async () => {
    const { customer, subscription } = await club.join(hana, club.links.member)
    await club.stripe.cancelSubscription(subscription, 'now')
    await club.settle()
    club.stripe.hold()
    const { members } = processAt(0)
    const fetchCustomer = async (id: string) => {
      const before = await members.stripe.fetchCustomer(id)
      if (!before.deleted) {
        await club.stripe.deleteCustomer(id)
        await reconcileMembership(processAt(1).members, id)
      }
      return before
    }
    const slow = { ...members, stripe: { ...members.stripe, fetchCustomer } }
    await reconcileMembership(slow, customer)
    expect(await findCustomer(club.store.db, customer)).toMatchObject({ deleted: 1 })
  })

  test('a join and a change of plan cost Stripe few questions', async () => {
    await club.cookieOf(hana)
    const before = club.stripe.requests.length
    const member = await club.join(hana, club.links.member)
    const asked = (since: number) =>
      club.stripe.requests.slice(since).filter((one) => one.startsWith('GET /v1'))
    // The link and its item when it is led there; then session, payment, subscriptions, features.
    expect(asked(before).length).toBeLessThanOrEqual(8)
    const joined = club.stripe.requests.length
    await club.stripe.changePrice(member.subscription, club.prices.premium)
    await club.settle()
    expect(asked(joined).length).toBeLessThanOrEqual(6)
  })
})

test('work that is asked for while other work runs begins after it, once, and never beside it', async () => {
  const share = shareNext<number>()
  let [running, runs, clock] = [0, 0, 0]
  const ask = async () => {
    const asked = ++clock
    const began = await share('one', async () => {
      expect(++running).toBe(1)
      const started = ++clock
      for (let turns = 0; turns < 3; turns++) await Promise.resolve()
      running--
      runs++
      return started
    })
    expect(began).toBeGreaterThan(asked)
  }
  const all: Promise<void>[] = []
  for (let turn = 0; turn < 500; turn++) {
    all.push(ask())
    await Promise.resolve()
  }
  await Promise.all(all)
  expect(runs).toBeLessThan(250)
})
