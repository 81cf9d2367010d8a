import { afterEach, describe, expect, test } from 'vitest'
import { dayInNumbers } from '../server/notifications/day-in-numbers.ts'
import { giveUp } from '../server/notifications/give-up.ts'
import { tellDigest } from '../server/notifications/tell-digest.ts'
import { placesFor } from '../server/notifications/tell-staff.ts'
import { watchQuota } from '../server/notifications/watch-quota.ts'
import { checkShop } from '../server/shop/check-shop.ts'
import { type ShopConfig, STAFF_TOPICS, type Staff } from '../server/shop/define-shop.ts'
import { japanDay } from '../shared/japan-time.ts'
import { sealReference } from '../shared/reference.ts'
import { type Club, openClub } from './support/club.ts'

const SHOP = 'shop@noren.example'
const MORNING = 9
const HOUR_MS = 3_600_000

let club: Club
afterEach(() => club.close())

async function open(staff: Staff = {}): Promise<void> {
  club = await openClub({ mail: true })
  club.desk.post.shop.staff = { line: club.staff, mail: SHOP, ...staff }
}

const now = () => club.desk.post.clock.now()
const buyer = () => club.line.addUser({ name: '客', friend: true, language: 'ja' })

/** Whatever the shop may hear of happens once, but for the quota and the morning. */
async function aBusyDay(): Promise<void> {
  const { stripe, links } = club
  await stripe.refund(await club.buy(buyer(), links.tea), 500)
  await stripe.dispute(await club.buy(buyer(), links.tea))
  const forged = `${stripe.link(links.tea)?.url}?client_reference_id=U${'0'.repeat(32)}_shop_1_${'f'.repeat(32)}`
  await stripe.payByCard(stripe.visit(forged))
  const { customer } = await club.join(buyer(), links.member)
  stripe.refuseCard(customer, true)
  await club.pass(customer, { months: 1 })
  await club.settle()
  const paid = await club.store.db
    .updateTable('deliveries')
    .set({ state: 'pending' })
    .where('kind', '=', 'paid')
    .returningAll()
    .execute()
  for (const each of paid) await giveUp(club.desk.post, each, 'nobody can read this')
  await club.settleFor(120)
}

/** The kinds that were taken at a place, each as often as it was said. */
async function said(place: string): Promise<Record<string, number>> {
  const rows = await club.store.db
    .selectFrom('deliveries')
    .select(['kind'])
    .where('account_id', '=', place)
    .where('state', '=', 'accepted')
    .orderBy('kind')
    .execute()
  const kinds = Map.groupBy(rows, ({ kind }) => kind)
  return Object.fromEntries([...kinds].map(([kind, all]) => [kind, all.length]))
}
const inLine = () => said(`line:${club.staff}`)
const byMail = () => said(`mail:${SHOP}`)

test('without a word the shop hears in LINE, and by mail too of what a person must decide', async () => {
  await open()
  await aBusyDay()
  const both = { staff_dispute: 1 }
  expect(await inLine()).toEqual({
    ...both,
    staff_dead: 1,
    staff_paid: 4,
    staff_payment_failed: 1,
    staff_refund: 1,
  })
  // A reference that is not ours is told with the order in LINE, so only the mailbox hears of it apart.
  expect(await byMail()).toEqual({ ...both, staff_dead: 1, staff_person: 1 })
  expect(club.mail?.box(SHOP)).toHaveLength(3)

  // However often Stripe says it again.
  for (const { id } of club.stripe.events()) await club.stripe.resend(id)
  await club.settle()
  expect(Object.values(await inLine())).toEqual([1, 1, 4, 1, 1])
  expect(club.mail?.box(SHOP)).toHaveLength(3)
})

test('each topic goes where the shop says, or nowhere', async () => {
  await open({ tell: Object.fromEntries(STAFF_TOPICS.map((topic) => [topic, 'mail'])) })
  await aBusyDay()
  expect(await inLine()).toEqual({})
  const all = { staff_dead: 1, staff_dispute: 1, staff_paid: 4, staff_payment_failed: 1 }
  expect(await byMail()).toEqual({ ...all, staff_refund: 1 })
  await club.close()

  await open({ tell: Object.fromEntries(STAFF_TOPICS.map((topic) => [topic, false])) })
  await aBusyDay()
  await watchQuota(club.desk.post)
  expect([await inLine(), await byMail()]).toEqual([{}, {}])
})

test('a place is only there where the shop has one', async () => {
  await open()
  const { post } = club.desk
  const line = `line:${club.staff}`
  const places = (staff: Staff, mail = post.mail) =>
    STAFF_TOPICS.map((topic) => placesFor({ shop: { ...post.shop, staff }, mail }, topic).length)
  expect(places({ line: club.staff })).toEqual([1, 1, 1, 1, 1, 1, 1, 0])
  expect(places({ mail: SHOP })).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
  expect(places({ mail: [SHOP, SHOP, 'second@noren.example'] })[0]).toBe(2)
  // Without a mail server nothing piles up that can never leave.
  expect(places({ line: club.staff, mail: SHOP }, null)).toEqual([1, 1, 1, 1, 1, 1, 1, 0])
  expect(placesFor(post, 'dispute')).toEqual([line, `mail:${SHOP}`])
})

test('who pays twice for the same role is told to the shop once, by the subscription too many', async () => {
  await open()
  const { userId } = club.hanako
  const subscribe = async () => {
    const reference = { userId, source: 'shop', issuedAt: Math.floor(now().getTime() / 1_000) }
    const sealed = await sealReference(reference, club.config.referenceSecrets[0] ?? '')
    const url = club.stripe.link(club.links.member)?.url
    const session = club.stripe.visit(`${url}?client_reference_id=${sealed}`)
    await club.stripe.payByCard(session)
    await club.settle()
    return String(club.stripe.session(session).subscription)
  }
  const first = await subscribe()
  expect(await byMail()).toEqual({})
  club.forward({ seconds: 5 })
  const second = await subscribe()
  club.forward({ seconds: 5 })
  await club.stripe.cancelSubscription(first, 'period_end')
  await club.settle()
  expect(await byMail()).toEqual({ staff_person: 1 })
  const { subject } = await club.store.db
    .selectFrom('deliveries')
    .select('subject')
    .where('kind', '=', 'staff_person')
    .executeTakeFirstOrThrow()
  expect(subject).toBe(`two_subscriptions:${second}`)
})

test('a bank that asks for a renewal is told with what began it, the first payment only once', async () => {
  await open()
  const { customer, subscription, session } = await club.join(club.hanako, club.links.member)
  await club.stripe.dispute(session)
  await club.settle()
  expect(await byMail()).toEqual({ staff_dispute: 1 })
  await club.pass(customer, { months: 1 })
  await club.stripe.dispute(subscription)
  await club.settle()
  expect(await byMail()).toEqual({ staff_dispute: 2 })
})

describe('LINE’s month', () => {
  test('is told of at 80 %, once, while there is time to take a larger plan', async () => {
    await open()
    Object.assign(club.line.quota, { limit: 100, used: 79 })
    await watchQuota(club.desk.post)
    await club.settle()
    expect(await byMail()).toEqual({})
    club.line.quota.used = 80
    for (let hour = 0; hour < 3; hour++) await watchQuota(club.desk.post)
    await club.settle()
    expect([await inLine(), await byMail()]).toEqual([
      { staff_quota_near: 1 },
      { staff_quota_near: 1 },
    ])
  })
})

describe('the morning’s digest', () => {
  const bookmarks: string[] = []
  const morning = async () => {
    await tellDigest(club.desk.post, {
      bookmark: bookmarks.at(-1) ?? null,
      keep: async (day = '') => void bookmarks.push(day),
    })
    await club.settle()
  }
  /** To so many o'clock of the next day in Japan. */
  function toTomorrow(hour: number): void {
    const tomorrow = japanDay(new Date(now().getTime() + 24 * HOUR_MS).toISOString())
    const at = Date.parse(`${tomorrow}T00:00:00+09:00`) + hour * HOUR_MS
    club.forward({ seconds: (at - now().getTime()) / 1_000 })
  }

  test('says once what yesterday brought, and nothing of a day that brought nothing', async () => {
    bookmarks.length = 0
    await open()
    toTomorrow(1)
    const day = japanDay(now().toISOString())
    const { stripe, links } = club
    const first = await club.buy(buyer(), links.tea)
    await club.buy(buyer(), links.tea)
    await stripe.refund(first, 500)
    const { subscription } = await club.join(buyer(), links.member)
    await club.join(buyer(), links.member)
    await stripe.cancelSubscription(subscription, 'now')
    const konbini = await club.order(buyer(), links.tea)
    await stripe.payByKonbini(konbini)
    await club.settle()

    expect(await dayInNumbers(club.store.db, day)).toEqual({
      day,
      orders: 4,
      revenue: [{ currency: 'jpy', amount: 2 * 3_960 + 2 * 500, refunded: 500 }],
      ...{ awaiting: 1, joined: 2, left: 1, members: 1, dead: 0 },
    })

    toTomorrow(MORNING - 1)
    await morning()
    expect((await byMail())['staff_digest']).toBeUndefined()
    club.forward({ hours: 1.1 })
    await morning()
    await morning()
    expect(bookmarks).toEqual([day])
    bookmarks.length = 0
    await morning()
    expect((await byMail())['staff_digest']).toBe(1)
    expect((await inLine())['staff_digest']).toBeUndefined()

    await stripe.lapseKonbini(konbini)
    toTomorrow(MORNING + 1)
    await club.settle()
    toTomorrow(MORNING + 1)
    await morning()
    expect((await byMail())['staff_digest']).toBe(1)
    expect(bookmarks).toHaveLength(2)
  })
})

test('what cannot be meant is refused with a sentence', async () => {
  await open()
  const faults = (shop: Partial<ShopConfig>) =>
    checkShop({ ...club.config.shop, ...shop } as ShopConfig, false).join('\n')
  expect(faults({ staff: { line: club.staff, mail: [SHOP], tell: { order: 'both' } } })).toBe('')
  for (const [staff, words] of [
    [{ mail: 'shop' }, 'staff.mail : "shop" is no mail address'],
    [{ mail: SHOP, tell: { orders: 'mail' } }, 'staff.tell.orders is no topic; there are: order,'],
    [{ mail: SHOP, tell: { order: 'fax' } }, 'staff.tell.order must be "line", "mail", "both"'],
    [{ mail: SHOP, tell: { order: 'both' } }, 'staff.tell.order goes into LINE, but staff.line'],
    [{ line: club.staff, tell: { order: 'mail' } }, 'goes by mail, but staff.mail says nowhere'],
  ] as const)
    expect(faults({ staff: staff as unknown as Staff })).toContain(words)
  for (const [mail, words] of [
    [{ afterHours: -1 }, 'mail.afterHours must be a number of hours'],
    [{ replyTo: 'nobody' }, 'mail.replyTo : "nobody" is no mail address'],
    [{ tell: { receipts: 'also' } }, 'mail.tell.receipts is no topic; there are: receipt,'],
    [{ tell: { receipt: true } }, 'mail.tell.receipt must be "instead", "also" or false'],
  ] as const)
    expect(faults({ mail: mail as unknown as ShopConfig['mail'] & object })).toContain(words)
})
