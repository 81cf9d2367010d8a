import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { mergesOf } from '../server/integrations/tell-merge.ts'
import { claimOrder } from '../server/orders/claim-order.ts'
import { findPayers } from '../server/people/find-payers.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import { joinByCode } from '../server/people/join-accounts.ts'
import { makeJoinCode } from '../server/people/join-codes.ts'
import { leaveAccounts } from '../server/people/leave-accounts.ts'
import { linkByHand } from '../server/people/link-by-hand.ts'
import { optedOut, optOut } from '../server/people/opt-outs.store.ts'
import { findAccount } from '../server/people/people.store.ts'
import { undoMerge } from '../server/people/undo-merge.ts'
import { hashOfCode } from '../shared/code.ts'
import { type Club, openClub } from './support/club.ts'
import { comeFromDiscord, type OnDiscord, payAs } from './support/on-discord.ts'

let club: Club
let line: string
let nagisa: OnDiscord

beforeAll(async () => {
  club = await openClub({ mail: true })
})
beforeEach(async () => {
  const hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
  await club.cookieOf(hana)
  line = `line:${hana.userId}`
  nagisa = await comeFromDiscord(club)
})
afterAll(() => club.close())

const books = () => mergesOf({ store: club.store, clock: club.desk.post.clock })
const userOf = (account: string) => account.replace('discord:', 'D').replace('line:', '')
const personOf = async (account: string) =>
  (await findAccount(club.store.db, account))?.person_id ?? 'nobody'

async function join(maker: string, who: string): Promise<void> {
  const { code } = await makeJoinCode(books(), maker)
  const joined = await joinByCode(books(), hashOfCode(code) ?? '', who)
  expect(joined).toMatchObject({ state: 'joined' })
}
async function ownerOf(customer: string): Promise<string | undefined> {
  const rows = club.store.db.selectFrom('customers').select('person_id')
  return (await rows.where('id', '=', customer).executeTakeFirst())?.person_id
}
async function payFromPoster(): Promise<{ session: string; customer: string }> {
  const session = club.stripe.visit(club.stripe.link(club.links.member)?.url ?? '')
  await club.stripe.payByCard(session, { email: 'poster@example.com', name: '海辺' })
  await club.settle()
  return { session, customer: String(club.stripe.session(session).customer) }
}
async function linkTo(account: string, customer: string): Promise<string> {
  const told = { id: customer, email: 'poster@example.com', name: null, locale: null }
  const facts = { ...told, createdAt: '', note: { lineUser: null, person: null } }
  const taken = await linkByHand(books(), facts, await personOf(account))
  return taken.state === 'merged' ? taken.merge : taken.state
}
async function leftOf(trace: string): Promise<boolean> {
  const tables = ['accounts', 'links', 'merges', 'events', 'orders', 'deliveries'] as const
  const rows = tables.map((table) => club.store.db.selectFrom(table).selectAll().execute())
  return JSON.stringify(await Promise.all(rows)).includes(trace)
}
const snowflake = () => nagisa.account.slice('discord:'.length)

test('whoever had moved from one Discord account to another, and then to LINE, is forgotten in both steps', async () => {
  const umi = await comeFromDiscord(club, '海')
  await join(umi.account, nagisa.account)
  await join(line, nagisa.account)
  await forgetPerson(books(), userOf(line))
  expect(await leftOf(snowflake())).toBe(false)
})

test('an account that moved out is forgotten also by the links it has had before', async () => {
  await payAs(club, nagisa.cookie, club.links.pass)
  await join(line, nagisa.account)
  await leaveAccounts(books(), line)
  await join(line, nagisa.account)
  const umi = await comeFromDiscord(club, '海')
  await join(line, umi.account)
  await forgetPerson(books(), userOf(nagisa.account))
  await club.settle()
  expect(await leftOf(snowflake())).toBe(false)
  // What it had brought stays, and can still be told apart by hand.
  const merges = await club.store.db.selectFrom('merges').selectAll().execute()
  const brought = merges.find(({ undone_at, moved }) => !undone_at && moved.includes('cs_'))
  expect(await undoMerge(books(), brought?.id ?? '')).toMatchObject({ id: brought?.id })
})

test('a payment that staff gave to the wrong one comes back, though that one is linked with LINE by now', async () => {
  const { customer } = await payFromPoster()
  const payer = await ownerOf(customer)
  const merge = await linkTo(nagisa.account, customer)
  await join(line, nagisa.account)
  expect(await ownerOf(customer)).toBe(await personOf(line))
  const seen = { db: club.store.db, stripe: club.desk.stripe }
  const found = await findPayers(seen, { user: userOf(nagisa.account) })
  expect(found).toMatchObject([{ customer, merge }])
  await undoMerge(books(), merge)
  expect(await ownerOf(customer)).toBe(payer)
  // And it does not go along when those two part.
  await leaveAccounts(books(), line)
  expect(await ownerOf(customer)).toBe(payer)
})

test('what staff took from somebody on Discord is not claimed again from the LINE account that is linked since', async () => {
  const { session, customer } = await payFromPoster()
  const payer = await ownerOf(customer)
  const merge = await linkTo(nagisa.account, customer)
  await undoMerge(books(), merge)
  await join(line, nagisa.account)
  const claimant = { accountId: line, personId: await personOf(line) }
  expect(await claimOrder(club.desk, session, claimant)).toBe('taken')
  expect(await ownerOf(customer)).toBe(payer)
})

test('a payment that is claimed while its account comes to LINE is that person’s, and not nobody’s', async () => {
  const { session, customer } = await payFromPoster()
  // Who asks was looked up a moment before.
  const asked = { accountId: nagisa.account, personId: nagisa.person }
  await join(line, nagisa.account)
  const order = await claimOrder(club.desk, session, asked)
  expect(order).toMatchObject({ account_id: nagisa.account, person_id: await personOf(line) })
  expect(await ownerOf(customer)).toBe(await personOf(line))
})

test('who wants no campaigns any more, and unlinks then, is sent none to the mailbox of either', async () => {
  await join(line, nagisa.account)
  const one = await personOf(line)
  await club.store.transaction((tx) => optOut(tx, one, 'mail', books().clock.now()))
  await leaveAccounts(books(), line)
  const both = [await personOf(line), await personOf(nagisa.account)]
  const { persons } = await optedOut(club.store.db, both)
  expect(both.map((each) => persons.has(each))).toEqual([true, true])
})

test('an account that has moved out stays where it went, whichever of its old links staff undo', async () => {
  const umi = await comeFromDiscord(club, '海')
  await join(umi.account, nagisa.account)
  await join(line, nagisa.account)
  await join(line, (await comeFromDiscord(club, '空')).account)
  const friend = club.line.addUser({ name: '友', friend: true })
  await club.cookieOf(friend)
  await join(`line:${friend.userId}`, nagisa.account)
  const first = await club.store.db
    .selectFrom('merges')
    .select('id')
    .where('from_person', '=', nagisa.person)
    .executeTakeFirstOrThrow()
  await undoMerge(books(), first.id)
  expect(await personOf(nagisa.account)).toBe(await personOf(`line:${friend.userId}`))
})
