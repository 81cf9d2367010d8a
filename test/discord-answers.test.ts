import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { forgetPerson } from '../server/people/forget-person.ts'
import { describeAccount } from '../server/people/people.store.ts'
import type { DiscordMessage, DiscordUser } from './sandbox/types.ts'
import { type ClubWithDiscord, openClub } from './support/club.ts'

let club: ClubWithDiscord
let hana: DiscordUser

beforeAll(async () => {
  club = await openClub({ discord: true })
  await club.settle()
})
beforeEach(() => {
  hana = club.discord.addUser({ name: 'hana', locale: 'ja' })
})
afterEach(() => {
  club.discord.clearFaults()
  club.stripe.clearFaults()
})
afterAll(() => club.close())

const accountId = (user = hana) => `discord:${user.id}`
const account = (user = hana) =>
  club.store.db
    .selectFrom('accounts')
    .selectAll()
    .where('id', '=', accountId(user))
    .executeTakeFirst()
const linksOf = (user = hana) =>
  club.store.db.selectFrom('links').selectAll().where('account_id', '=', accountId(user)).execute()
const eventsOf = (user = hana) =>
  club.store.db
    .selectFrom('events')
    .selectAll()
    .where('doorbell', 'like', `%${user.id}%`)
    .where('source', '=', 'discord')
    .execute()

async function type(command: string, user = hana, options: Record<string, string> = {}) {
  const { id } = await club.discord.type(user, command, options)
  await club.settle()
  return club.discord.message(id)!
}

async function press(message: DiscordMessage, label: string, user = hana) {
  const { id } = await club.discord.press(user, message, label)
  await club.settle()
  return club.discord.message(id)!
}

const said = ({ embeds }: DiscordMessage) => `${embeds[0]?.title}\n${embeds[0]?.description}`
type Button = { label: string; url?: string; custom_id?: string }
const buttonsOf = (message: DiscordMessage) =>
  (message.components as { components?: Button[] }[]).flatMap((row) => row.components ?? [])
const labels = (message: DiscordMessage) => buttonsOf(message).map(({ label }) => label)
/** Where the one-time link leads, and its token. */
function linkIn(message: DiscordMessage) {
  const url = new URL(buttonsOf(message).find((each) => each.url)?.url ?? 'x:none')
  return { to: url.searchParams.get('to'), at: url.pathname, token: url.hash.slice(1), url }
}

async function spend(token: string) {
  const answer = await fetch(`${club.url}/api/links/spend`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': `10.1.0.${Date.now() % 250}`,
    },
    body: JSON.stringify({ token }),
  })
  const [set = ''] = answer.headers.getSetCookie()
  return { status: answer.status, cookie: set.split(';')[0] ?? '' }
}

/** Joins as they would: by the link, in a browser that knows nobody. */
async function join(user = hana, link = club.links.member) {
  const { cookie } = await spend(linkIn(await type('join', user)).token)
  const { body } = await club.api(cookie, 'POST', '/api/checkout', { offer: link })
  const session = club.stripe.visit(String(body['url']))
  await club.stripe.payByCard(session)
  await club.settle()
  const { customer, subscription } = club.stripe.session(session)
  return { customer: String(customer), subscription: String(subscription), cookie }
}

describe('whoever is no member', () => {
  test.each([
    ['join', 'ja', '会員のご案内', '¥500/月（税込）', 'くわしく見て申し込む'],
    ['membership', 'ja', '会員のご案内', '¥500/月（税込）', 'くわしく見て申し込む'],
    ['join', 'en-US', 'Our membership', '¥500 / month', 'See details and join'],
    ['membership', 'en-GB', 'Our membership', '¥500 / month', 'See details and join'],
  ])('sees by /%s in %s the plans, and the way to join', async (command, locale, ...shown) => {
    const user = club.discord.addUser({ name: 'somebody', locale })
    const [title, price, label] = shown
    const answer = await type(command, user)
    expect(answer).toMatchObject({ onlyFor: user.id, thinking: false })
    expect(said(answer)).toContain(title)
    expect(said(answer)).toContain(price)
    expect(labels(answer)[0]).toBe(label)
    expect(linkIn(answer)).toMatchObject({ to: '/join', at: '/link' })
    expect(linkIn(answer).url.searchParams.get('source')).toBe('discord')
    expect((await account(user))?.language).toBe(locale.slice(0, 2))
  })

  test('goes in by the link once, as themselves and nobody else', async () => {
    const { token } = linkIn(await type('join'))
    const { status, cookie } = await spend(token)
    expect(status).toBe(200)
    const me = await club.api(cookie, 'GET', '/api/me')
    expect(me.body).toMatchObject({ person: { name: 'hana', role: 'guest' } })
    expect((await spend(token)).status).toBe(410)
  })

  test('has nothing in the books but a hash of that link', async () => {
    const { token } = linkIn(await type('join'))
    const rows = [await linksOf(), await eventsOf()]
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(JSON.stringify(await eventsOf())).not.toMatch(/hana|はな/)
    expect(club.logged.join('\n')).not.toMatch(new RegExp(`${hana.id}|${token}`))
  })
})

describe('a member', () => {
  test('reads how it stands, in their language, and gets to their own page', async () => {
    const { customer, subscription } = await join()
    const active = await type('membership')
    expect(said(active)).toMatch(/会員のご利用状況\nご利用中です。次回のお支払い日は/)
    expect(linkIn(active).to).toBe('/membership')
    expect(labels(active)).toEqual(['会員ページを開く', 'LINEとつなぐ'])
    expect(said(await type('join'))).toContain('会員のご利用状況')

    await club.stripe.cancelSubscription(subscription, 'period_end')
    await club.settle()
    expect(said(await type('membership'))).toContain('解約のお手続きがお済みです')
    const { person_id } = (await account())!
    expect(person_id).toBeTruthy()
    expect(customer).toMatch(/^cus_/)
  })

  test('who owes something is led to where it is paid', async () => {
    const emma = club.discord.addUser({ name: 'emma', locale: 'en-GB' })
    const { customer } = await join(emma)
    club.stripe.refuseCard(customer, true)
    await club.pass(customer, { days: 32 })
    const answer = await type('membership', emma)
    expect(said(answer)).toContain('We have not been able to collect your payment')
    expect(labels(answer)[0]).toBe('Update payment method')
    expect(linkIn(answer).to).toBe('/membership?do=card')
  })
})

test('/orders tells the newest five, and where all of them are', async () => {
  expect(said(await type('orders'))).toContain('ご注文はまだございません')
  const { cookie } = await spend(linkIn(await type('orders')).token)
  const { body } = await club.api(cookie, 'POST', '/api/checkout', { offer: club.links.tea })
  await club.stripe.payByCard(club.stripe.visit(String(body['url'])))
  await club.settle()
  const answer = await type('orders')
  expect(said(answer)).toContain('宇治煎茶 100g ほか1点')
  expect(said(answer)).toContain('お支払い済み')
  expect(linkIn(answer).to).toBe('/orders')
  const [receipt] = club.discord.dms(hana)
  expect(receipt?.content).toContain('ご注文ありがとうございます')
  const page = await press(receipt!, 'ご注文の詳細を見る')
  expect(linkIn(page).to).toMatch(/^\/orders\/cs_test_/)
  expect(page.onlyFor).toBe(hana.id)
})

test('whoever asks again and again is told to wait, and after a quarter of an hour gets another', async () => {
  let answer = await type('join')
  for (let more = 0; more < 20 && linkIn(answer).token; more++) answer = await type('join')
  expect(said(answer)).toContain('新しいリンクをお出しできません')
  expect(labels(answer)).toEqual(['LINEで会員の方はこちら'])
  club.forward({ seconds: 15 * 60 })
  expect(linkIn(await type('join')).token).not.toBe('')
})

describe('when something is away', () => {
  const asked = async (command: string) => {
    const { id } = await club.discord.type(hana, command)
    return id
  }

  test('Discord’s bad minute puts the answer off, and costs no link', async () => {
    club.discord.fault({ on: /^PATCH .*@original/, times: 3, status: 500, body: {} })
    const id = await asked('join')
    await club.settleFor(60)
    expect(linkIn(club.discord.message(id)!).token).not.toBe('')
    expect(await linksOf()).toHaveLength(1)
  })

  test('a page of what stands before Discord’s API holds an answer up for seconds, not for minutes', async () => {
    club.discord.fault({ on: /^PATCH .*@original/, times: 1, status: 403, body: 'Blocked' })
    const id = await asked('join')
    await club.settleFor(10)
    expect(linkIn(club.discord.message(id)!).token).not.toBe('')
  })

  test('an answer that was lost on its way is said again, with a link that works', async () => {
    club.discord.fault({ on: /^PATCH .*@original/, times: 1, drop: 'after' })
    const id = await asked('join')
    await club.settleFor(60)
    expect(await linksOf()).toHaveLength(1)
    expect((await spend(linkIn(club.discord.message(id)!).token)).status).toBe(200)
  })

  test('an answer that is quicker than the first one at Discord’s door comes a moment later', async () => {
    const unknown = { code: 10015, message: 'Unknown Webhook' }
    club.discord.fault({ on: /^PATCH .*@original/, times: 2, status: 404, body: unknown })
    const id = await asked('join')
    await club.settleFor(10)
    expect(linkIn(club.discord.message(id)!).token).not.toBe('')
    expect(await linksOf()).toHaveLength(1)
  })

  test('an answer to who was not heard in time is let be, and is nothing that a person must look at', async () => {
    const unknown = { code: 10015, message: 'Unknown Webhook' }
    club.discord.fault({ on: /^PATCH .*@original/, times: Infinity, status: 404, body: unknown })
    await asked('join')
    await club.settleFor(5 * 60)
    const [event] = await eventsOf()
    expect(event).toMatchObject({ outcome: 'handled' })
    expect(await linksOf()).toEqual([])
  })

  test('while Stripe is away nobody is told that they are no member', async () => {
    const { customer } = await join()
    await club.store.db
      .updateTable('customers')
      .set({ checked_at: null })
      .where('id', '=', customer)
      .execute()
    club.stripe.addFault({ on: /customers|subscriptions/, times: Infinity, status: 500 })
    const id = await asked('membership')
    await club.settleFor(3)
    expect(club.discord.message(id)?.thinking).toBe(true)
    club.stripe.clearFaults()
    await club.settleFor(120)
    expect(said(club.discord.message(id)!)).toContain('ご利用中です')
  })

  test('after a quarter of an hour it is given up, and says why', async () => {
    club.discord.fault({ on: /^PATCH .*@original/, times: Infinity, status: 500, body: {} })
    await asked('join')
    // With little luck the last try but one comes just before the end, and the last a quarter of an hour later.
    await club.settleFor(60 * 60)
    const [event] = await eventsOf()
    expect(event).toMatchObject({ outcome: 'dead' })
    expect(event?.error).toBe(
      'Discord answered 500; the 15 minutes in which it could be answered are over',
    )
    expect(event?.error).not.toContain(hana.id)
    expect(await linksOf()).toEqual([])
  })

  test('a name that cannot be read holds nothing up', async () => {
    club.discord.fault({ on: /^GET \/users\//, times: 1, status: 500, body: {} })
    expect(linkIn(await type('join')).token).not.toBe('')
    expect((await account())?.name).toBeNull()
    expect(club.logged.join('\n')).not.toContain(hana.id)
    await type('join')
    expect((await account())?.name).toBe('hana')
  })
})

test('a name is asked for once a day, and no more', async () => {
  const looks = () =>
    club.discord.requests().filter(({ what }) => what.startsWith(`GET /users/${hana.id}`)).length
  await type('join')
  await type('orders')
  expect(looks()).toBe(1)
  club.forward({ hours: 25 })
  await type('orders')
  expect(looks()).toBe(2)
})

test('what somebody chose on the page counts more than what Discord speaks', async () => {
  await type('join')
  await club.store.transaction((tx) => describeAccount(tx, accountId(), { language: 'en' }))
  expect(said(await type('join'))).toContain('Our membership')
})

describe('one person, two channels', () => {
  async function codeOf(user: ReturnType<typeof club.line.addUser>): Promise<string> {
    const { body } = await club.api(await club.cookieOf(user), 'POST', '/api/links/code', {})
    return String(body['code'])
  }

  test('a code from LINE asks back, and only a yes joins; then they come apart again', async () => {
    const taro = club.line.addUser({ name: '太郎', friend: true, language: 'ja' })
    await club.join(taro, club.links.member)
    const asked = await type('membership', hana, { code: await codeOf(taro) })
    expect(said(asked)).toContain('LINEの「太郎」さん')
    expect((await account())?.name).toBe('hana')
    const before = (await account())?.person_id

    const joined = await press(asked, 'つなぐ')
    expect(joined.id).toBe(asked.id)
    expect(said(joined)).toContain('「太郎」さんのアカウントとつながりました')
    expect(buttonsOf(joined)).toEqual([])
    expect((await account())?.person_id).not.toBe(before)

    const member = await type('membership')
    expect(said(member)).toContain('ご利用中です')
    expect(said(member)).toContain('会員')
    const sure = await press(member, 'LINEとのつながりを解く')
    expect(said(sure)).toContain('太郎')
    const apart = await press(sure, 'つながりを解く')
    expect(said(apart)).toContain('つながりを解きました')
    expect(said(await type('membership'))).toContain('会員のご案内')
  })

  test('no is no, and joins nobody', async () => {
    const taro = club.line.addUser({ name: '太郎', friend: true, language: 'ja' })
    const asked = await type('membership', hana, { code: await codeOf(taro) })
    const before = (await account())?.person_id
    expect(said(await press(asked, 'つながない'))).toContain('何も変わっておりません')
    expect((await account())?.person_id).toBe(before)
  })

  test('a yes whose answer was lost is told as done, not as used up', async () => {
    const taro = club.line.addUser({ name: '太郎', friend: true, language: 'ja' })
    const asked = await type('membership', hana, { code: await codeOf(taro) })
    club.discord.fault({ on: /^PATCH .*@original/, times: 1, status: 500, body: {} })
    await club.discord.press(hana, asked, 'つなぐ')
    await club.settleFor(60)
    expect(said(club.discord.message(asked.id)!)).toContain(
      '「太郎」さんのアカウントとつながりました',
    )
  })

  test.each([
    ['なんでもない', 'このコードは見つかりませんでした'],
    ['K7QM-3XPD-9RTA', 'このコードは見つかりませんでした'],
  ])('what is no code of ours (%s) is said to be none', async (code, words) => {
    expect(said(await type('membership', hana, { code }))).toContain(words)
  })

  test('the button leads into LINE, where only they can say yes', async () => {
    const answer = await press(await type('join'), 'LINEで会員の方はこちら')
    const { url } = linkIn(answer)
    expect(url.origin + url.pathname).toBe(`https://liff.line.me/${club.line.liffId}/accounts`)
    const purposes = (await linksOf()).map(({ purpose }) => purpose)
    expect(purposes.toSorted()).toEqual(['enter', 'join'])
  })
})

test('whoever is forgotten is in none of what they asked', async () => {
  await type('join')
  await type('orders')
  await club.discord.type(hana, 'membership')
  const { store } = club
  await forgetPerson({ store, clock: club.desk.post.clock }, `D${hana.id}`)
  await club.settle()
  for (const table of ['events', 'accounts', 'links', 'open_answers'] as const)
    expect(JSON.stringify(await store.db.selectFrom(table).selectAll().execute())).not.toContain(
      hana.id,
    )
})

test('whoever left and came back gets their role again by asking for their membership', async () => {
  await join()
  const { member } = club.discord.roles
  expect(club.discord.rolesOf(hana)).toContain(member)
  club.discord.leave(hana)
  club.discord.comeBack(hana)
  expect(club.discord.rolesOf(hana)).not.toContain(member)
  await type('membership')
  expect(club.discord.rolesOf(hana)).toContain(member)
})

test('a message that was not let in is seen under the next answer, and not in its place', async () => {
  await join()
  club.discord.allowDms(hana, false)
  const { cookie } = await spend(linkIn(await type('orders')).token)
  club.forward({ seconds: 16 * 60 })
  const { body } = await club.api(cookie, 'POST', '/api/checkout', { offer: club.links.tea })
  await club.stripe.payByCard(club.stripe.visit(String(body['url'])))
  await club.settle()
  const answer = await type('orders')
  expect(said(answer)).toContain('ご注文履歴')
  const seen = club.discord.seen(hana).at(-1)
  expect(seen).toMatchObject({ onlyFor: hana.id })
  expect(seen?.id).not.toBe(answer.id)
  expect(seen?.content).toContain('ご注文ありがとうございます')
})
