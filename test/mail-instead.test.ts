import { afterEach, describe, expect, test } from 'vitest'
import { dutiesOf } from '../server/duties.ts'
import { sendAnotherWay } from '../server/notifications/another-way.ts'
import { bringDueByMail } from '../server/notifications/bring-due-by-mail.ts'
import { notifyMember } from '../server/notifications/notify-member.ts'
import { releaseMessages } from '../server/notifications/release-messages.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import { COMES_BACK_SECONDS } from '../server/people/payers.ts'
import { accountsOf, ensureMailAccount } from '../server/people/people.store.ts'
import type { ShopConfig } from '../server/shop/define-shop.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'
import { ENGINES } from './support/engines.ts'
import { type HouseWithMail, openHouse, TEA } from './support/house.ts'
import { runHere } from './support/run-noren.ts'

const PUSH = /POST \/v2\/bot\/message\/push/
const ALWAYS = Number.POSITIVE_INFINITY
const MINUTE = 60
const TARO = 'taro@example.com'

let house: HouseWithMail
let tea: string
afterEach(() => house.close())

async function open(shop: Partial<ShopConfig> = {}, more: { engine?: 'sqlite' | 'postgres' } = {}) {
  house = await openHouse({ mail: true, shop, ...more })
  tea = house.stripe.addLink(TEA).id
}

const newcomer = (friend: boolean) => house.line.addUser({ name: '太郎', friend, language: 'ja' })

/** Logs in, buys by card, and types this address on Stripe's page. */
async function buy(buyer: LineUser, email = TARO): Promise<string> {
  const session = await house.order(buyer, tea)
  await house.stripe.payByCard(session, { email })
  await house.settle()
  return session
}

/** The duty that looks each minute for what mail may bring; and what it posted leaves. How many mails that were. */
async function duty(): Promise<number> {
  const before = house.mail.box().length
  const mail = dutiesOf(house).find(({ name }) => name === 'mail')
  const turn = { bookmark: null, keep: async () => {}, stop: new AbortController().signal }
  await mail?.run({ ...turn, atStart: false })
  await house.settle()
  return house.mail.box().length - before
}

const mails = (address = TARO) => house.mail.box(address).map(({ subject }) => subject)
const deliveries = () =>
  house.store.db.selectFrom('deliveries').selectAll().orderBy('created_at').execute()
const ofBuyers = async () => (await deliveries()).filter(({ kind }) => !kind.startsWith('staff_'))
const THANKS = [expect.stringContaining('ご注文ありがとうございます')]

test('who does not add the shop for three hours gets the receipt by mail, and a follow brings no second one', async () => {
  await open()
  const buyer = newcomer(false)
  await buy(buyer)
  house.forward({ hours: 2 })
  expect(await duty()).toBe(0)
  house.forward({ hours: 1 })
  expect(await duty()).toBe(1)
  expect(mails()).toEqual(THANKS)
  await house.line.follow(buyer.userId)
  await house.settleFor(5 * MINUTE)
  expect(house.heard(buyer.userId)).toEqual([])
  house.forward({ hours: 24 })
  await duty()
  expect(mails()).toHaveLength(1)
  // Neither what was meant nor what was said is kept once it is said.
  for (const { body, message } of await ofBuyers()) expect([body, message]).toEqual(['', null])
})

test('who adds the shop in time hears there, and no mail goes out', async () => {
  await open({ mail: { afterHours: 1 } })
  const buyer = newcomer(false)
  await buy(buyer)
  await house.line.follow(buyer.userId)
  await house.settle()
  house.forward({ hours: 2 })
  expect(await duty()).toBe(0)
  expect(house.heard(buyer.userId)).toHaveLength(1)
  expect(mails()).toEqual([])
})

test('who has blocked the shop is written to at once, at the address of this very order', async () => {
  await open()
  const buyer = newcomer(true)
  await buy(buyer, 'first@example.com')
  await house.line.unfollow(buyer.userId)
  await house.settle()
  await buy(buyer)
  expect(mails()).toEqual(THANKS)
  expect(mails('first@example.com')).toEqual([])
  expect(house.heard(buyer.userId)).toHaveLength(1)
})

test('whoever leaves while a message waits for them is written to within the minute', async () => {
  await open()
  const buyer = newcomer(false)
  await buy(buyer)
  await house.line.unfollow(buyer.userId)
  await house.settle()
  expect(await duty()).toBe(1)
  expect(mails()).toEqual(THANKS)
})

test('when the month’s messages are used up, buyers and the shop are written to at once', async () => {
  await open()
  house.desk.post.shop.staff = { line: house.staff, mail: 'shop@noren.example' }
  house.line.quota.limit = 0
  const [first, second] = [newcomer(true), newcomer(true)]
  await buy(first, 'first@example.com')
  await buy(second)
  expect(mails('first@example.com')).toEqual(THANKS)
  expect(mails()).toEqual(THANKS)
  const toShop = house.mail.box('shop@noren.example')
  expect(toShop.map(({ text }) => text)).toEqual([expect.stringContaining('月間の上限')])
  // Next month LINE takes messages again: what is new goes there, and nothing comes a second time.
  house.line.quota.limit = null
  await house.settleFor(2 * 60 * MINUTE)
  expect(house.heard(first.userId)).toEqual([])
  await buy(second)
  expect(house.heard(second.userId)).toHaveLength(1)
  expect(mails()).toHaveLength(1)
})

test('an outage of LINE is no reason for mail: it ends, and the chat is where buyers look', async () => {
  await open()
  house.line.addFault({ on: PUSH, times: ALWAYS, status: 503 })
  const buyers = [newcomer(true), newcomer(true)]
  for (const buyer of buyers) await buy(buyer)
  await house.settleFor(5 * 60 * MINUTE)
  expect(await duty()).toBe(0)
  house.line.clearFaults()
  await house.settleFor(20 * MINUTE)
  for (const { userId } of buyers) expect(house.heard(userId)).toHaveLength(1)
  expect(mails()).toEqual([])
})

test('whom LINE refuses for good is written to, and nobody need look at it', async () => {
  await open({ staff: {} })
  house.line.addFault({ on: PUSH, times: 1, status: 400, body: { message: 'no such user' } })
  await buy(newcomer(true))
  expect(mails()).toEqual(THANKS)
  expect((await ofBuyers()).map(({ state }) => state).toSorted()).toEqual([
    'accepted',
    'superseded',
  ])
})

test('a message that LINE may have taken is not said again by mail', async () => {
  await open({ staff: {} })
  house.line.addFault({ on: PUSH, times: 1, drop: 'after' })
  const buyer = newcomer(true)
  await buy(buyer)
  await house.line.unfollow(buyer.userId)
  expect(house.heard(buyer.userId)).toHaveLength(1)
  await house.settleFor(10 * MINUTE)
  house.forward({ hours: 4 })
  await duty()
  expect(mails()).toEqual([])
})

test('what a follow has just released is left to the chat', async () => {
  await open({ staff: {} })
  const buyer = newcomer(false)
  await buy(buyer)
  const { post } = house.desk
  const [waiting] = await ofBuyers()
  if (!waiting) throw new Error('nothing waits')
  await house.store.transaction((tx) => releaseMessages(post, tx, `line:${buyer.userId}`))
  expect(await sendAnotherWay(post, waiting, 'too slow', { from: 'waiting' })).toBe(false)
  await house.line.follow(buyer.userId)
  await house.settle()
  expect(house.heard(buyer.userId)).toHaveLength(1)
  expect(mails()).toEqual([])
})

test('a shop may have receipts in both places, or none by mail', async () => {
  await open({ mail: { tell: { receipt: 'also' } } })
  const friend = newcomer(true)
  await buy(friend)
  expect([house.heard(friend.userId).length, mails().length]).toEqual([1, 1])
  expect(house.mail.box(TARO)[0]?.text).toContain('source=mail')
  await house.close()

  await open({ mail: { tell: { receipt: false } } })
  await buy(newcomer(false))
  house.forward({ hours: 4 })
  expect(await duty()).toBe(0)
  expect(house.mail.box()).toEqual([])
})

test('while the mail server is down LINE goes on, and the other way round; nobody hears twice', async () => {
  await open()
  await house.mail.refuseConnections(true)
  const strangers = [newcomer(false), newcomer(false)]
  const addresses = ['one@example.com', 'two@example.com']
  for (const [at, buyer] of strangers.entries()) await buy(buyer, addresses[at])
  house.forward({ hours: 3 })
  await duty()
  const { strikes } = house.desk.post
  expect([strikes.line.count, strikes.mail.count]).toEqual([0, 2])
  await house.settleFor(15 * MINUTE)
  const paused = await house.store.db.selectFrom('pauses').select(['channel', 'reason']).execute()
  expect(paused).toEqual([{ channel: 'mail', reason: 'outage' }])
  const friend = newcomer(true)
  await buy(friend)
  expect(house.heard(friend.userId)).toHaveLength(1)

  await house.mail.refuseConnections(false)
  house.line.addFault({ on: PUSH, times: ALWAYS, status: 503 })
  await buy(newcomer(true))
  await buy(newcomer(true))
  await house.settleFor(10 * MINUTE)
  for (const address of addresses) expect(mails(address)).toEqual(THANKS)
  const told = await house.store.db
    .selectFrom('deliveries')
    .select('body')
    .where('kind', '=', 'staff_outage')
    .execute()
  expect(told).toEqual([{ body: expect.stringContaining('メールを送れませんでした') }])
  const now = await house.store.db.selectFrom('pauses').select('channel').execute()
  expect(now).toEqual([{ channel: 'line' }])
  const shouts = house.logged.filter((line) => line.includes('the mail server is out of order'))
  expect(shouts).toHaveLength(1)
})

test('mailboxes that are full for now hold up nobody else’s mail', async () => {
  await open()
  const full = { on: /^RCPT TO:<full/, status: 452, body: '4.2.2 Mailbox full', times: ALWAYS }
  house.mail.addFault(full)
  for (const address of ['full1@example.com', 'full2@example.com', TARO]) {
    const buyer = newcomer(true)
    await house.line.unfollow(buyer.userId)
    await buy(buyer, address)
    await house.settleFor(20)
  }
  expect(mails()).toEqual(THANKS)
  house.mail.clearFaults()
  await house.settleFor(10 * MINUTE)
  for (const address of ['full1@example.com', 'full2@example.com'])
    expect(mails(address)).toEqual(THANKS)
})

test('a mail whose answer was lost is sent again under the same name, a few times and no more', async () => {
  await open({ staff: {} })
  const buyer = newcomer(true)
  await buy(buyer, 'before@example.com')
  await house.line.unfollow(buyer.userId)
  await house.settle()
  house.mail.addFault({ on: /DATA/, times: ALWAYS, drop: 'after' })
  await buy(buyer)
  await house.settleFor(50)
  expect(house.mail.box(TARO)).toHaveLength(1)
  await house.settleFor(24 * 60 * MINUTE)
  const sent = house.mail.box(TARO)
  expect(sent).toHaveLength(3)
  expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(1)
  const [dead] = (await ofBuyers()).filter(({ state }) => state === 'dead')
  expect(dead?.error).toContain('could say it twice')
})

test('mail goes to who paid, and never to an address that somebody else is known by', async () => {
  await open()
  // Anybody can write anybody's id into a link; the receipt is the payer's all the same.
  const { userId } = newcomer(false)
  await house.store.transaction(async (tx) => {
    const victim = { id: 'p1', created_at: '2026-11-22T00:00:00.000Z' }
    await tx.insertInto('people').values(victim).execute()
    const account = { person_id: 'p1', channel: 'line' as const, email: 'victim@example.com' }
    await tx
      .insertInto('accounts')
      .values({ ...account, id: `line:${userId}`, address: userId, friend: 0 })
      .execute()
  })
  const url = `${house.stripe.link(tea)?.url}?client_reference_id=${userId}`
  await house.stripe.payByCard(house.stripe.visit(url), { email: TARO })
  await house.settle()
  await house.store.db
    .updateTable('orders')
    .set({ payer_mail: null })
    .where('ownership', '=', 'bare')
    .execute()
  house.forward({ hours: 4 })
  expect(await duty()).toBe(0)
  await house.store.db.updateTable('orders').set({ payer_mail: TARO }).execute()
  expect(await duty()).toBe(0)
  house.forward({ hours: 24 })
  expect(await duty()).toBe(1)
  expect(house.mail.box().map(({ to }) => to)).toEqual([[TARO]])
})

test('who is known by mailboxes alone hears by mail, once at each address', async () => {
  await open()
  const now = new Date().toISOString()
  await house.store.transaction(async (tx) => {
    await tx.insertInto('people').values({ id: 'p1', created_at: now }).execute()
    for (const [told, address] of [
      ['cus_1', TARO],
      ['cs_1', 'Taro@Example.com'],
      ['cus_2', 'other@example.com'],
    ] as const)
      await tx
        .insertInto('accounts')
        .values({ id: `mail:${told}`, person_id: 'p1', channel: 'mail', address })
        .execute()
    const told = { subject: 'sub_1', role: 'member', plan: null, cause: null }
    const news = { kind: 'welcome' as const, trialEnd: null, renewsAt: null, endsAt: null }
    const accounts = await accountsOf(tx, 'p1')
    expect(await notifyMember(house.desk.post, tx, { ...told, news, accounts })).toBe(true)
    expect(await notifyMember(house.desk.post, tx, { ...told, news, accounts })).toBe(false)
  })
  await house.settleFor(COMES_BACK_SECONDS)
  expect(house.mail.box()).toHaveLength(2)
  expect(mails('other@example.com')).toHaveLength(1)
})

test('a member who has blocked the shop reads by mail that a payment failed, where Stripe writes to them', async () => {
  const club = await openClub({ mail: true })
  house = club as Club & HouseWithMail
  const { customer } = await club.join(club.hanako, club.links.member)
  await club.line.unfollow(club.hanako.userId)
  club.stripe.refuseCard(customer, true)
  await club.pass(customer, { months: 1 })
  const { mail } = await club.store.db
    .selectFrom('customers')
    .select('mail')
    .executeTakeFirstOrThrow()
  expect(mail).toContain('@')
  expect(mails(mail ?? '')).toEqual([expect.stringContaining('お支払い')])
  expect(await club.told(club.hanako)).toEqual(['welcome', 'payment_failed'])
})

test('a shop that takes its mail server out of the settings loses no mail, and is told of it', async () => {
  await open()
  await house.mail.refuseConnections(true)
  const buyer = newcomer(true)
  await buy(buyer)
  await house.line.unfollow(buyer.userId)
  await house.settle()
  await buy(buyer)
  const { post } = house.desk
  const { mail } = post
  post.mail = null
  await house.mail.refuseConnections(false)
  await house.settleFor(30 * MINUTE)
  expect(house.mail.box()).toEqual([])
  const { stripe, line, databaseUrl } = house
  const status = await runHere({ stripe, line, databaseUrl }, 'status')
  expect(status.said).toContain('1 mail was to be sent, and no mail server is set')
  expect(status.code).toBe(1)
  post.mail = mail
  await house.settleFor(30 * MINUTE)
  expect(mails()).toEqual(THANKS)
})

test('a mailbox that one person’s payment told is not made another’s', async () => {
  await open()
  const now = new Date().toISOString()
  await house.store.transaction(async (tx) => {
    for (const id of ['p1', 'p2'])
      await tx.insertInto('people').values({ id, created_at: now }).execute()
    const mine = await ensureMailAccount(tx, { told: 'cus_1', address: TARO, personId: 'p1' })
    expect(mine).toMatchObject({ id: 'mail:cus_1', person_id: 'p1', verified_at: null })
    const theirs = { told: 'cus_1', address: TARO, personId: 'p2' }
    expect(await ensureMailAccount(tx, theirs)).toBeNull()
    const again = { told: 'cs_9', address: ' Taro@example.com', personId: 'p1' }
    expect(await ensureMailAccount(tx, again)).toMatchObject({ id: 'mail:cus_1' })
    const own = { ...again, personId: 'p2' }
    expect(await ensureMailAccount(tx, own)).toMatchObject({ id: 'mail:cs_9', person_id: 'p2' })
  })
})

test('who is forgotten is forgotten by every address that paid for them, and no mail goes out any more', async () => {
  await open()
  const buyer = newcomer(false)
  await buy(buyer)
  await buy(buyer, 'second@example.com')
  house.forward({ hours: 4 })
  await house.mail.refuseConnections(true)
  await duty()
  const { store } = house
  const held = await everything()
  for (const trace of [TARO, 'second@example.com', 'taro']) expect(held).toContain(trace)
  await forgetPerson({ store, clock: house.desk.post.clock }, buyer.userId)
  await house.mail.refuseConnections(false)
  await house.settleFor(30 * MINUTE)
  expect(house.mail.box()).toEqual([])
  expect(await everything()).not.toMatch(/@example\.com/)
  // Stripe tells the address again with each of its letters.
  for (const { id } of house.stripe.events()) await house.stripe.resend(id)
  await house.settle()
  expect(await everything()).not.toMatch(/@example\.com/)
})

async function everything(): Promise<string> {
  const tables = ['people', 'accounts', 'customers', 'orders', 'deliveries'] as const
  const rows = tables.map((table) => house.store.db.selectFrom(table).selectAll().execute())
  return JSON.stringify(await Promise.all(rows))
}

describe.each(ENGINES)('with the books in %s', (engine) => {
  test('a follow and the mail that meet in one moment bring one message, whichever is first', async () => {
    await open({ staff: {} }, { engine })
    const buyers = Array.from({ length: 12 }, () => newcomer(false))
    for (const [at, buyer] of buyers.entries()) await buy(buyer, `buyer${at}@example.com`)
    house.forward({ hours: 3 })
    const duties = [bringDueByMail(house.desk.post), bringDueByMail(house.desk.post)]
    for (const { userId } of buyers.slice(0, 8)) await house.line.follow(userId)
    await Promise.all([...duties, house.settle()])
    await house.settleFor(10 * MINUTE)
    for (const [at, { userId }] of buyers.entries()) {
      const heard = house.heard(userId).length + mails(`buyer${at}@example.com`).length
      expect(heard, `buyer ${at}`).toBe(1)
    }
    expect((await ofBuyers()).filter(({ state }) => state === 'waiting')).toEqual([])
  })
})
