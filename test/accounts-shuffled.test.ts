import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mergesOf } from '../server/integrations/tell-merge.ts'
import { tellMembership } from '../server/orders/tell-membership.ts'
import { joinByCode, joinByLink } from '../server/people/join-accounts.ts'
import { makeJoinCode, makeJoinLink } from '../server/people/join-codes.ts'
import { leaveAccounts } from '../server/people/leave-accounts.ts'
import { linkByHand } from '../server/people/link-by-hand.ts'
import { ensurePayer } from '../server/people/payers.ts'
import { accountsOf, channelOf, ensureAccount, findAccount } from '../server/people/people.store.ts'
import { undoMerge } from '../server/people/undo-merge.ts'
import type { OrderRow } from '../server/store/tables.ts'
import { hashOfCode } from '../shared/code.ts'
import { type Club, openClub } from './support/club.ts'

let club: Club
let plain: OrderRow
beforeAll(async () => {
  club = await openClub()
  const sample = await club.buy(club.line.addUser({ name: '見本', friend: true }), club.links.tea)
  plain = await club.store.db
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', sample)
    .executeTakeFirstOrThrow()
})
afterAll(() => club.close())

const post = () => club.desk.post
const books = () => mergesOf(post())
const personOf = async (id: string) => (await findAccount(club.store.db, id))?.person_id ?? ''

/** Two on LINE (0, 1) and three on Discord (2, 3, 4). `hand`, `unhand`: staff give a payment by mail to one, and take it back. */
const ACCOUNTS = 5
const account = fc.nat(ACCOUNTS - 1)
const discord = fc.integer({ min: 2, max: ACCOUNTS - 1 })
const step = fc.oneof(
  fc.record({ do: fc.constant('pay' as const), who: account }),
  fc.record({ do: fc.constant('leave' as const), who: account }),
  fc.record({ do: fc.constant('hand' as const), who: account }),
  fc.record({ do: fc.constant('unhand' as const), who: account }),
  fc.record({ do: fc.constant('code' as const), maker: account, who: discord }),
  fc.record({ do: fc.constant('link' as const), maker: fc.nat(1), who: discord }),
)

let round = 0
async function newcomers(): Promise<string[]> {
  round += 1
  const ids = Array.from({ length: ACCOUNTS }, (_, at) =>
    at < 2
      ? `U${(round * 10 + at).toString(16).padStart(32, '0')}`
      : `D${1_000_000_000_000_000_000n + BigInt(round * 10 + at)}`,
  )
  return club.store.transaction((tx) =>
    ids.reduce<Promise<string[]>>(async (made, id) => {
      const all = await made
      return [...all, (await ensureAccount(tx, id, post().clock.now())).id]
    }, Promise.resolve([])),
  )
}

/** An order by a customer of its own, as reconciling writes it. Returns the customer. */
async function pay(accountId: string, nth: number): Promise<string> {
  const customer = `cus_s${round}n${nth}`
  await club.store.transaction(async (tx) => {
    const order: OrderRow = {
      ...plain,
      ...{ id: `cs_s${round}n${nth}`, account_id: accountId, customer, ownership: 'sealed' },
      person_id: (await findAccount(tx, accountId))?.person_id ?? null,
    }
    await tx.insertInto('orders').values(order).execute()
    await tellMembership(post(), tx, order)
  })
  return customer
}

async function join(how: 'code' | 'link', maker: string, who: string): Promise<string> {
  if (how === 'code') {
    const { code } = await makeJoinCode(books(), maker)
    return (await joinByCode(books(), hashOfCode(code) ?? '', who)).state
  }
  const token = (await makeJoinLink(books(), who)) ?? ''
  const session = { personId: await personOf(maker), accountId: maker }
  const { state } = await joinByLink(books(), token, session)
  return state === 'done' ? 'joined' : state
}

const mailOf = (customer: string) => `${customer}@example.com`

/** By mail alone until staff say whose it is. */
async function payFromPoster(nth: number): Promise<string> {
  const customer = `cus_s${round}n${nth}`
  await club.store.transaction(async (tx) => {
    const met = await ensurePayer(books(), tx, {
      ...{ customer, told: customer, email: mailOf(customer) },
      ...{ name: null, language: null },
    })
    const order: OrderRow = {
      ...plain,
      ...{ id: `cs_s${round}n${nth}`, customer, ownership: 'payer' },
      account_id: met?.account?.id ?? null,
      person_id: met?.personId ?? null,
    }
    await tx.insertInto('orders').values(order).execute()
  })
  return customer
}
async function hand(customer: string, who: string): Promise<string> {
  const facts = {
    ...{ id: customer, email: mailOf(customer), name: null, locale: null, createdAt: '' },
    note: { lineUser: null, person: null },
  }
  const taken = await linkByHand(books(), facts, await personOf(who))
  return taken.state === 'merged' ? taken.merge : taken.state
}

/** What should be: which accounts are one, and by which of them each payment is held. */
type Should = { groups: Set<string>[]; holders: Map<string, string> }

function joinInThought({ groups, holders }: Should, maker: string, who: string): string {
  const of = (id: string) => groups.find((group) => group.has(id)) ?? new Set<string>()
  const [one, other] = [of(maker), of(who)]
  if (one === other) return 'same'
  const all = [...one, ...other]
  const inLine = all.filter((id) => channelOf(id) === 'line')
  if (inLine.length > 1) return 'other_line'
  const leaves = all.find((id) => channelOf(id) === 'discord' && id !== who)
  for (const [paid, holder] of holders) if (holder === leaves) holders.set(paid, inLine[0] ?? who)
  groups.splice(groups.indexOf(other), 1)
  for (const id of other) one.add(id)
  if (leaves) {
    one.delete(leaves)
    groups.push(new Set([leaves]))
  }
  return 'joined'
}

function leaveInThought({ groups }: Should, who: string): boolean {
  const group = groups.find((each) => each.has(who))
  const leaves = [...(group ?? [])].find((id) => channelOf(id) === 'discord')
  if (!group || group.size < 2 || !leaves) return false
  group.delete(leaves)
  groups.push(new Set([leaves]))
  return true
}

async function expectAsThought({ groups, holders }: Should): Promise<void> {
  const { db } = club.store
  for (const group of groups) {
    const [first = ''] = group
    const there = await accountsOf(db, await personOf(first))
    expect(there.map(({ id }) => id).filter((id) => !id.startsWith('mail:'))).toEqual(
      [...group].toSorted(),
    )
  }
  const paid = await db
    .selectFrom('orders')
    .innerJoin('customers', 'customers.id', 'orders.customer')
    .select(['orders.customer', 'orders.account_id', 'orders.person_id', 'orders.ownership'])
    .select('customers.person_id as owner')
    .where('orders.customer', 'in', [...holders.keys(), ''])
    .execute()
  expect(paid).toHaveLength(holders.size)
  for (const { customer, account_id, person_id, ownership, owner } of paid) {
    const holder = holders.get(customer ?? '') ?? ''
    expect(owner).toBe(await personOf(holder))
    expect(person_id).toBe(owner)
    // News of what nobody had claimed comes to wherever they are.
    if (ownership !== 'payer') expect(account_id).toBe(holder)
  }
}

test('whoever links, moves, unlinks and pays in whatever order holds what their own accounts have paid, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (script) => {
      const ids = await newcomers()
      const should: Should = { groups: ids.map((id) => new Set([id])), holders: new Map() }
      const handed: { customer: string; payer: string; merge: string }[] = []
      const id = (at: number) => ids[at] ?? ''
      for (const [nth, each] of script.entries()) {
        const who = id(each.who)
        if (each.do === 'pay') should.holders.set(await pay(who, nth), who)
        else if (each.do === 'hand') {
          const customer = await payFromPoster(nth)
          const payer = await personOf(`mail:${customer}`)
          handed.push({ customer, payer, merge: await hand(customer, who) })
          const group = should.groups.find((each) => each.has(who)) ?? []
          const holder = [...group].find((id) => channelOf(id) === 'line') ?? who
          should.holders.set(customer, holder)
        } else if (each.do === 'unhand') {
          const { customer, payer, merge } = handed.pop() ?? {}
          if (!customer) continue
          await undoMerge(books(), merge ?? '')
          should.holders.set(customer, `mail:${customer}`)
          expect(await personOf(`mail:${customer}`)).toBe(payer)
        } else if (each.do === 'leave')
          expect(await leaveAccounts(books(), who)).toBe(leaveInThought(should, who))
        else {
          const thought = joinInThought(should, id(each.maker), who)
          const done = await join(each.do, id(each.maker), who)
          // Who opens their own link once more sees that it is done.
          expect(done).toBe(each.do === 'link' && thought === 'same' ? 'joined' : thought)
        }
      }
      await expectAsThought(should)
    }),
    { numRuns: 120, seed: 39 },
  )
}, 120_000)
