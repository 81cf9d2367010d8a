import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectPayer } from '../server/people/connect-payer.ts'
import { takePayer } from '../server/people/merge-people.ts'
import { makeConnectLink } from '../server/people/one-time-links.ts'
import { ensurePayer } from '../server/people/payers.ts'
import { ensureAccount } from '../server/people/people.store.ts'
import type { Session } from '../server/people/session.ts'
import { undoMerge } from '../server/people/undo-merge.ts'
import { sealReference } from '../shared/reference.ts'
import { type Club, openClub } from './support/club.ts'
import { invitesIn, usePaperMail } from './support/paper-mail.ts'

let club: Club
beforeAll(async () => {
  club = await openClub()
  usePaperMail(club)
})
afterAll(() => club.close())

const books = () => club.desk.post
const now = () => books().clock.now()
const inTx = <T>(work: Parameters<typeof club.store.transaction<T>>[0]) =>
  club.store.transaction(work)

/** One who paid before anybody knew them, and the LINE user whose they are. */
type Case = { customer: string; session: Session; home: string }

async function ownerOf(customer: string): Promise<string | undefined> {
  const row = await club.store.db
    .selectFrom('customers')
    .select('person_id')
    .where('id', '=', customer)
    .executeTakeFirst()
  return row?.person_id
}

/** Told twice, as Stripe does: whichever event comes first makes the person, and the other finds them. */
async function meet(customer: string, email: string, times = 2): Promise<string> {
  const payer = { customer, told: customer, email, name: null, language: null }
  const met = await Promise.all(
    Array.from({ length: times }, () => inTx((tx) => ensurePayer(books(), tx, payer))),
  )
  expect(new Set(met.map((each) => each?.personId)).size).toBe(1)
  return met[0]?.personId ?? ''
}

async function newcomer(at: number): Promise<Session> {
  const userId = `U${at.toString(16).padStart(32, '0')}`
  const account = await inTx((tx) => ensureAccount(tx, userId, now()))
  return { personId: account.person_id, accountId: account.id }
}

async function tokenFor(customer: string): Promise<string> {
  const link = await inTx((tx) => makeConnectLink(tx, `mail:${customer}`, now()))
  return link?.token ?? ''
}

async function allWith<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < all.length; at += 20) await Promise.all(all.slice(at, at + 20).map(work))
}

test('a sealed reference wins in every order in which Stripe tells of its checkout', async () => {
  const user = club.line.addUser({ name: '封', friend: true })
  const orders = fc.sample(fc.infiniteStream(fc.nat(99)), { numRuns: 3, seed: 3 })
  for (const places of orders) {
    club.stripe.hold()
    const url = new URL(club.stripe.link(club.links.member)?.url ?? '')
    const issuedAt = Math.floor(now().getTime() / 1_000)
    const secret = club.config.referenceSecrets[0] ?? ''
    const reference = sealReference({ userId: user.userId, source: 'poster', issuedAt }, secret)
    url.searchParams.set('client_reference_id', reference)
    const session = club.stripe.visit(url.href)
    await club.stripe.payByCard(session, { email: 'sealed@example.com' })
    await club.stripe.release((events) => {
      const keys = new Map(events.map((event) => [event.id, places.next().value ?? 0]))
      return events.toSorted((a, b) => (keys.get(a.id) ?? 0) - (keys.get(b.id) ?? 0))
    })
    await club.settleFor(700)
    const person = await ownerOf(String(club.stripe.session(session).customer))
    const line = club.store.db
      .selectFrom('accounts')
      .select('person_id')
      .where('id', '=', `line:${user.userId}`)
    expect(person).toBe((await line.executeTakeFirst())?.person_id)
  }
  expect(await invitesIn(club)).toEqual([])
})

const [first, second] = ['cus_many0', 'cus_many1']
const sessions = new Map<string, Session>()

/** By their own mail; and not by somebody else's who got hold of it afterwards. */
async function linkedOnce({ customer, session }: Case): Promise<void> {
  const token = await tokenFor(customer)
  const stranger = sessions.get(customer === first ? second : first)
  if (!stranger) throw new Error('nobody else is there')
  const answers = [
    await connectPayer(books(), token, session),
    await connectPayer(books(), token, stranger),
  ]
  expect(answers.map(({ state }) => state)).toEqual([
    'mine',
    expect.stringMatching(/^(unknown|spent|taken)$/),
  ])
}

test('a thousand who paid first are linked later, in any order, and none to the wrong person', async () => {
  // Ten to an address, as families and typing errors have it: the address alone must link nobody.
  const cases: Case[] = []
  for (let at = 0; at < 1_000; at++) {
    const customer = `cus_many${at}`
    const home = await meet(customer, `family-${Math.floor(at / 10)}@example.com`, at % 10 ? 1 : 2)
    const session = await newcomer(at)
    sessions.set(customer, session)
    cases.push({ customer, session, home })
  }
  expect(new Set(cases.map(({ home }) => home)).size).toBe(1_000)
  const inAnyOrder = fc.shuffledSubarray(cases, { minLength: cases.length })
  await fc.assert(
    fc.asyncProperty(inAnyOrder, async (order) => {
      await allWith(order, linkedOnce)
    }),
    { numRuns: 1, endOnFailure: true },
  )
  for (const { customer, session } of cases) expect(await ownerOf(customer)).toBe(session.personId)
}, 60_000)

type Step =
  | { do: 'tell'; payer: number }
  | { do: 'connect' | 'claim'; payer: number; user: number }
  | { do: 'undo'; nth: number }

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('tell' as const), payer: fc.nat(3) }),
    fc.record({
      do: fc.constantFrom('connect' as const, 'claim' as const),
      payer: fc.nat(3),
      user: fc.nat(2),
    }),
    fc.record({ do: fc.constant('undo' as const), nth: fc.nat(3) }),
  ) as fc.Arbitrary<Step>,
  { minLength: 4, maxLength: 14 },
)

let round = 0
test('whatever is told, opened, claimed and taken back in between: each customer is where the last word put it', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      round += 1
      const users = await Promise.all([0, 1, 2].map((at) => newcomer(100_000 + round * 10 + at)))
      const homes = new Map<number, string>()
      /** What should be: whose each payer's things are. */
      const owner = new Map<number, string>()
      const done: { id: string; payer: number; into: string; undone: boolean }[] = []
      const undone = new Set<string>()
      const id = (payer: number) => `cus_r${round}p${payer}`
      for (const step of script) {
        if (step.do === 'tell') {
          const person = await meet(id(step.payer), 'same@example.com')
          if (!homes.has(step.payer)) {
            homes.set(step.payer, person)
            owner.set(step.payer, person)
          }
        } else if (step.do === 'undo') {
          const merge = done[step.nth]
          if (!merge) continue
          await undoMerge(books(), merge.id)
          if (!merge.undone) {
            merge.undone = true
            undone.add(`${merge.payer} ${merge.into}`)
            owner.set(merge.payer, homes.get(merge.payer) ?? '')
          }
        } else {
          const home = homes.get(step.payer)
          const user = users[step.user]
          if (!home || !user) continue
          const before = owner.get(step.payer) ?? ''
          const state = await join(step.do, id(step.payer), before, user)
          const free = before === home
          const barred = step.do === 'claim' && undone.has(`${step.payer} ${user.personId}`)
          if (free && !barred) {
            owner.set(step.payer, user.personId)
            const merge = await openMerge(home)
            done.push({
              id: merge?.id ?? '',
              payer: step.payer,
              into: user.personId,
              undone: false,
            })
          }
          expect(state).toBe(free ? !barred : before === user.personId)
        }
        for (const [payer, person] of owner) expect(await ownerOf(id(payer))).toBe(person)
      }
    }),
    { numRuns: 25, seed: 11 },
  )
}, 60_000)

/** Whether it came to be theirs. */
async function join(
  how: 'connect' | 'claim',
  customer: string,
  from: string,
  user: Session,
): Promise<boolean> {
  if (how === 'claim') {
    const { state } = await inTx((tx) =>
      takePayer(books(), tx, { from, into: user.personId, how: 'claim' }),
    )
    return state === 'merged' || state === 'same'
  }
  await club.store.db.deleteFrom('links').execute()
  return (await connectPayer(books(), await tokenFor(customer), user)).state === 'mine'
}

const openMerge = (from: string) =>
  club.store.db
    .selectFrom('merges')
    .select('id')
    .where('from_person', '=', from)
    .where('undone_at', 'is', null)
    .executeTakeFirst()
