import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { closeProcedure, keepSession } from '../server/memberships/procedures.store.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import { linkCustomer } from '../server/people/people.store.ts'
import { refreshCatalogue } from '../server/shop/catalogue.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'
import { ENGINES } from './support/engines.ts'

let club: Club
let hana: LineUser

beforeAll(async () => {
  club = await openClub()
})
beforeEach(() => {
  hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
})
afterEach(() => club.stripe.release())
afterAll(() => club.close())

type Ask = { source?: string; terms?: string; trialDays?: number }

async function press(link: string, ask: Ask = {}, { at = club, user = hana } = {}) {
  const cookie = await at.cookieOf(user)
  const { status, body } = await at.api(cookie, 'POST', '/api/checkout', { offer: link, ...ask })
  const { url, error } = body as { url?: string; error?: { code: string } }
  return { status, url: url ?? '', code: error?.code }
}

/** Presses, and opens the page. Returns the session. */
async function open(link: string, ask: Ask = {}): Promise<string> {
  const { status, url } = await press(link, ask)
  expect(status).toBe(200)
  return club.stripe.visit(url)
}

async function pay(session: string, at = club): Promise<void> {
  await at.stripe.payByCard(session)
  await at.settle()
}

const isOurs = (url: string) => url.includes('/pay/session/')
const isPayable = (session: string, at = club) => at.stripe.session(session).status === 'open'
const accountOf = (user = hana, at = club) =>
  at.store.db
    .selectFrom('accounts')
    .selectAll()
    .where('id', '=', `line:${user.userId}`)
    .executeTakeFirstOrThrow()
async function procedures(user = hana, at = club) {
  const { person_id } = await accountOf(user, at)
  const rows = at.store.db.selectFrom('procedures').selectAll().where('person_id', '=', person_id)
  return rows.orderBy('opened_at').execute()
}
async function customers(user = hana, at = club): Promise<string[]> {
  const { person_id } = await accountOf(user, at)
  const rows = await at.store.db
    .selectFrom('customers')
    .select('id')
    .where('person_id', '=', person_id)
    .execute()
  return rows.map(({ id }) => id)
}
async function subscriptions(user = hana, at = club) {
  const all = await customers(user, at)
  return all.flatMap((customer) => at.stripe.subscriptionsOf(customer))
}
async function offer(id: string) {
  const { body } = await club.api(await club.cookieOf(hana), 'GET', '/api/offers')
  const all = body['offers'] as unknown as { id: string; role: string | null; terms: string }[]
  const found = all.find((each) => each.id === id)
  if (!found) throw new Error(`no offer ${id}`)
  return found
}

describe('who has bought before', () => {
  test('joins as the customer they are, and Stripe makes no second one', async () => {
    const { customer } = await club.join(hana, club.links.box)
    const session = await open(club.links.member)
    expect(club.stripe.session(session)).toMatchObject({ customer, payment_link: null })
    await pay(session)
    expect(await customers()).toEqual([customer])
    expect(await club.role(hana)).toBe('member')
  })

  test('and subscribes already, though nobody has told us, is led to the portal', async () => {
    await club.cookieOf(hana)
    const { person_id } = await accountOf()
    const [[customer = ''] = []] = club.stripe.seedSubscribers(club.prices.member, 1)
    await club.store.transaction((tx) => linkCustomer(tx, customer, person_id, new Date()))
    expect(await press(club.links.member)).toMatchObject({ status: 409 })
    expect(await club.role(hana)).toBe('member')
  })

  test('but whom Stripe knows no longer as a customer still gets to a page that can be paid', async () => {
    const { customer } = await club.join(hana, club.links.box)
    club.stripe.switchOffWebhooks()
    await club.stripe.deleteCustomer(customer)
    club.stripe.sendWebhooksTo(`${club.url}/webhooks/stripe`)
    await pay(await open(club.links.member))
    expect(await club.role(hana)).toBe('member')
  })
})

describe.each(ENGINES)('in two tabs at once, on %s', (engine) => {
  let at: Club
  let taro: LineUser
  beforeAll(async () => {
    at = engine === 'sqlite' ? club : await openClub({ engine })
    await press(at.links.member, {}, { at, user: at.line.addUser({ name: '先客', friend: true }) })
  })
  beforeEach(() => {
    taro = at.line.addUser({ name: '太郎', friend: true })
  })
  afterAll(async () => {
    if (at !== club) await at.close()
  })

  test('there is one page, and one subscription once it is paid', async () => {
    const tabs = ['shop', 'shop', 'poster', 'shop', 'poster']
    const pressed = await Promise.all(
      tabs.map((source) => press(at.links.member, { source }, { at, user: taro })),
    )
    expect(pressed.map(({ status }) => status)).toEqual(tabs.map(() => 200))
    const pages = new Set(pressed.map(({ url }) => url))
    expect(pages.size).toBe(1)
    const [page = ''] = pages
    expect(isOurs(page)).toBe(true)
    expect(await procedures(taro, at)).toHaveLength(1)
    await pay(at.stripe.visit(page), at)
    expect(await subscriptions(taro, at)).toHaveLength(1)
    expect(await press(at.links.member, {}, { at, user: taro })).toMatchObject({
      status: 409,
      code: 'already_subscribed',
    })
  })

  test('for two plans, only one of the two pages can be paid in the end', async () => {
    const { member, premium } = at.links
    for (let round = 0; round < 4; round++) {
      const pressed = await Promise.all(
        [member, premium].map((link) => press(link, {}, { at, user: taro })),
      )
      const pages = pressed.filter(({ status }) => status !== 503)
      expect(pages.every(({ url }) => isOurs(url))).toBe(true)
      const payable = new Set(pages.map(({ url }) => at.stripe.visit(url)))
      expect([...payable].filter((session) => isPayable(session, at))).toHaveLength(1)
    }
  })
})

describe('a second tab', () => {
  test('shows the very same page while the first is open', async () => {
    const [first, second] = [await press(club.links.member), await press(club.links.member)]
    expect(second.url).toBe(first.url)
    expect(await procedures()).toHaveLength(1)
  })

  test('is told that they subscribe already, once the first has paid', async () => {
    await pay(await open(club.links.member))
    for (const link of [club.links.member, club.links.premium, club.links.yearly])
      expect(await press(link)).toMatchObject({ status: 409, code: 'already_subscribed' })
  })

  test('with another plan closes the first page, so that only one can be paid', async () => {
    const first = await open(club.links.member)
    const second = await open(club.links.premium)
    expect(club.stripe.session(first).status).toBe('expired')
    await pay(second)
    expect(await club.role(hana)).toBe('premium')
    expect(await subscriptions()).toHaveLength(1)
  })

  test('with another plan gets its page, also where the clock was put back meanwhile', async () => {
    const first = await open(club.links.member)
    const opened_at = new Date(Date.now() + 3_600_000).toISOString()
    const { person_id } = await accountOf()
    await club.store.db
      .updateTable('procedures')
      .set({ opened_at })
      .where('person_id', '=', person_id)
      .execute()
    expect(isPayable(await open(club.links.premium))).toBe(true)
    expect(isPayable(first)).toBe(false)
  })

  test('gets a new page when the first has expired, heard of or not', async () => {
    const first = await open(club.links.member)
    await club.stripe.expire(first)
    const second = await open(club.links.member)
    await club.settle()
    expect(isPayable(second)).toBe(true)
    const third = await open(club.links.member)
    expect([first === second, second === third]).toEqual([false, true])
  })

  test('of who has paid before our books heard of it is told so, as often as they press', async () => {
    club.stripe.hold()
    await club.stripe.payByCard(await open(club.links.member))
    for (const link of [club.links.member, club.links.member, club.links.premium])
      expect(await press(link)).toMatchObject({ status: 409, code: 'already_subscribed' })
    await club.stripe.release()
    await club.settle()
    expect(await club.role(hana)).toBe('member')
    expect(await club.told(hana)).toEqual(['welcome'])
    expect(await subscriptions()).toHaveLength(1)
  })

  test('of who has just paid for a box of tea may still become a member', async () => {
    club.stripe.hold()
    await club.stripe.payByCard(await open(club.links.box))
    const session = await open(club.links.member)
    await club.stripe.release()
    await pay(session)
    expect(await club.role(hana)).toBe('member')
    expect(await subscriptions()).toHaveLength(2)
    expect(await customers()).toHaveLength(1)
  })
})

test('a page that another tab was shown meanwhile is not forgotten by who meant to close none', async () => {
  const session = await open(club.links.member)
  const [procedure] = await procedures()
  const asSeen = { id: procedure?.id ?? '', session_id: null }
  expect(await closeProcedure(club.store.db, asSeen, new Date())).toBe(false)
  const other = { id: `${session}_another`, url: 'https://pay.example/another' }
  expect(await keepSession(club.store.db, asSeen.id, other)).toBe(false)
  expect(await procedures()).toMatchObject([{ state: 'open', session_id: session }])
})

test('the cookie of somebody who was forgotten buys nothing in the name of who they are now', async () => {
  const cookie = await club.cookieOf(hana)
  await forgetPerson({ store: club.store, clock: club.procedures.clock }, hana.userId)
  await club.line.say(hana.userId, '会員')
  await club.settle()
  for (const link of [club.links.member, club.links.tea]) {
    const { status, body } = await club.api(cookie, 'POST', '/api/checkout', { offer: link })
    expect([status, body]).toMatchObject([401, { error: { code: 'unauthorized' } }])
  }
})

test('who has left may join again, on a new page', async () => {
  const { subscription } = await club.join(hana, club.links.member)
  await club.stripe.cancelSubscription(subscription, 'now')
  await club.settle()
  await pay(await open(club.links.member))
  expect(await club.role(hana)).toBe('member')
})

describe('a trial', () => {
  const trialOf = (subscription: string) => club.stripe.subscription(subscription).trial_end

  test('is given once to a person, also when they have left and come back', async () => {
    const first = await club.join(hana, club.links.trial)
    expect(trialOf(first.subscription)).not.toBeNull()
    await club.stripe.cancelSubscription(first.subscription, 'now')
    await club.settle()
    const again = await club.join(hana, club.links.trial)
    expect(again.customer).toBe(first.customer)
    expect(trialOf(again.subscription)).toBeNull()
    expect(club.stripe.subscription(again.subscription).status).toBe('active')
  })

  test('is still there for who was a member without one', async () => {
    const first = await club.join(hana, club.links.member)
    await club.stripe.cancelSubscription(first.subscription, 'now')
    await club.settle()
    const trial = await club.join(hana, club.links.trial)
    expect(trialOf(trial.subscription)).not.toBeNull()
  })
})

describe('a trial that was had under a customer of whom Stripe was never asked', () => {
  let trial: { terms: string }

  beforeEach(async () => {
    trial = await offer(club.links.trial)
    const { customer, subscription } = await club.join(hana, club.links.trial)
    await club.stripe.cancelSubscription(subscription, 'now')
    await club.settle()
    const of = club.store.db.deleteFrom('subscriptions').where('customer_id', '=', customer)
    await of.execute()
    const forgotten = { checked_at: null, version: 0 }
    await club.store.db.updateTable('customers').set(forgotten).where('id', '=', customer).execute()
  })
  afterEach(() => club.stripe.clearFaults())
  const membership = async () =>
    (await club.api(await club.cookieOf(hana), 'GET', '/api/membership')).body['membership']

  test('is known to the page that shows the plans', async () => {
    expect(await membership()).toMatchObject({ trialUsed: true })
  })

  test('and was promised by a page that could not ask is not charged for unread', async () => {
    club.stripe.addFault({ on: /^GET \/v1\/(customers|subscriptions)/, times: 9, status: 500 })
    expect(await membership()).toMatchObject({ trialUsed: false })
    club.stripe.clearFaults()
    const { terms } = trial
    const pressed = await press(club.links.trial, { terms, trialDays: 14 })
    expect(pressed).toMatchObject({ status: 409, code: 'terms_changed' })
    expect(await membership()).toMatchObject({ trialUsed: true })
    const session = await open(club.links.trial, { terms, trialDays: 0 })
    expect(club.stripe.session(session).amount_total).toBe(500)
  })

  test('is no matter for who has begun another one in the other tab', async () => {
    await club.join(hana, club.links.premium)
    const pressed = await press(club.links.trial, { trialDays: 14 })
    expect(pressed).toMatchObject({ code: 'already_subscribed' })
  })
})

describe('the terms', () => {
  test('that the page showed are stored with the procedure, and their words once', async () => {
    const { terms } = await offer(club.links.member)
    await press(club.links.member, { terms })
    expect(await procedures()).toMatchObject([{ offer: club.links.member, terms }])
    const rows = await club.store.db
      .selectFrom('terms')
      .selectAll()
      .where('version', '=', terms)
      .execute()
    expect(rows).toHaveLength(1)
    const words = JSON.parse(rows[0]?.words ?? '{}')
    expect(words.offer).toMatchObject({ id: club.links.member, amount: 500, interval: 'month' })
    expect(words.legal).toHaveProperty('returns')
  })

  test('of today are stored where the page named none', async () => {
    await press(club.links.member)
    const { terms } = await offer(club.links.member)
    expect(await procedures()).toMatchObject([{ terms }])
  })

  test('that have changed meanwhile are to be read again, and no page is opened', async () => {
    const { terms } = await offer(club.links.premium)
    for (const stale of ['0123456789abcdef', terms, ''])
      expect(await press(club.links.member, { terms: stale })).toMatchObject({
        status: 409,
        code: 'terms_changed',
      })
    expect(await procedures()).toEqual([])
  })
})

describe('Stripe', () => {
  const refusal = { error: { type: 'invalid_request_error', message: 'not with these goods' } }

  test('that refuses a session of ours still sells by the Payment Link, with the reference', async () => {
    club.stripe.addFault({
      on: /^POST \/v1\/checkout\/sessions$/,
      times: 1,
      status: 400,
      body: refusal,
    })
    const { url } = await press(club.links.member)
    expect(isOurs(url)).toBe(false)
    await pay(club.stripe.visit(url))
    expect(await club.role(hana)).toBe('member')
    expect(await press(club.links.member)).toMatchObject({ status: 409 })
  })

  test('that is away is said to be away, and the next try opens the page', async () => {
    await offer(club.links.member)
    club.stripe.addFault({ on: /checkout\/sessions/, times: 2, status: 500 })
    expect(await press(club.links.member)).toMatchObject({
      status: 503,
      code: 'stripe_unavailable',
    })
    club.stripe.clearFaults()
    expect(isPayable(await open(club.links.member))).toBe(true)
  })

  test('that falls over a page opens another, for it says the same again to whoever repeats themselves', async () => {
    await offer(club.links.member)
    const fallen = { on: /^POST \/v1\/checkout\/sessions$/, times: 1, status: 500, begun: true }
    club.stripe.addFault(fallen)
    expect(await press(club.links.member)).toMatchObject({ status: 503 })
    expect(isPayable(await open(club.links.member))).toBe(true)
  })

  test('whose answer was lost is asked for the same page again, and makes no second one', async () => {
    await offer(club.links.member)
    const before = club.stripe.sessions().length
    club.stripe.addFault({ on: /^POST \/v1\/checkout\/sessions$/, times: 2, drop: 'after' })
    expect(await press(club.links.member)).toMatchObject({ status: 503 })
    club.stripe.clearFaults()
    const [begun] = await procedures()
    expect(begun).toMatchObject({ session_id: null, state: 'open' })
    const session = await open(club.links.member)
    expect(await procedures()).toMatchObject([{ id: begun?.id, session_id: session }])
    expect(club.stripe.sessions()).toHaveLength(before + 1)
  })

  test('that refuses the second of two tabs, which ask for one page at once, shows both the first one’s', async () => {
    await offer(club.links.member)
    const lost = { on: /^POST \/v1\/checkout\/sessions$/, times: 2 }
    club.stripe.addFault({ ...lost, drop: 'before' })
    await press(club.links.member)
    club.stripe.clearFaults()
    const body = { error: { type: 'idempotency_error', message: 'another request is in progress' } }
    club.stripe.addFault({ ...lost, skip: 1, status: 409, body })
    const [one, two] = await Promise.all([press(club.links.member), press(club.links.member)])
    club.stripe.clearFaults()
    expect([one?.status, two?.status]).toEqual([200, 200])
    expect(one?.url).toBe(two?.url)
    expect(await procedures()).toHaveLength(1)
  })

  test('is asked anew where something has changed since its answer was lost', async () => {
    await offer(club.links.member)
    club.stripe.addFault({ on: /^POST \/v1\/checkout\/sessions$/, times: 2, drop: 'after' })
    await press(club.links.member, { source: 'poster' })
    club.stripe.clearFaults()
    const other = await club.join(club.line.addUser({ name: '姉' }), club.links.box)
    const { person_id } = await accountOf()
    await club.store.db.deleteFrom('subscriptions').execute()
    await club.store.db.deleteFrom('customers').where('id', '=', other.customer).execute()
    await club.store.transaction((tx) => linkCustomer(tx, other.customer, person_id, new Date()))
    const { url } = await press(club.links.member)
    expect(isOurs(url)).toBe(true)
    expect(club.stripe.session(club.stripe.visit(url)).customer).toBe(other.customer)
  })
})

describe('the Payment Link itself', () => {
  test('sells what there are only so many of, since Stripe counts them there alone', async () => {
    const seats = club.stripe.addLink({
      items: [{ name: '席', amount: 300 }],
      recurring: { interval: 'month' },
      limit: 2,
    })
    await refreshCatalogue(club.catalogue)
    const first = await open(club.links.member)
    const { url } = await press(seats.id)
    expect(isOurs(url)).toBe(false)
    expect(new URL(url).searchParams.get('client_reference_id')).toContain(hana.userId)
    expect(isPayable(first)).toBe(false)
  })

  test('takes over from a page of ours when the shop begins to count', async () => {
    const { id } = club.stripe.addLink({
      items: [{ name: '夜会', amount: 300 }],
      recurring: { interval: 'month' },
    })
    await refreshCatalogue(club.catalogue)
    const page = await open(id)
    const restrictions = { completed_sessions: { count: 0, limit: 5 } }
    Object.assign(club.stripe.link(id) ?? {}, { restrictions })
    await refreshCatalogue(club.catalogue)
    expect(isOurs((await press(id)).url)).toBe(false)
    expect(isPayable(page)).toBe(false)
  })

  test('sells what was switched off a moment ago no more', async () => {
    const gone = club.stripe.addLink({
      items: [{ name: '閉店間際', amount: 300 }],
      recurring: { interval: 'month' },
    })
    await refreshCatalogue(club.catalogue)
    club.stripe.hold()
    club.stripe.updateLink(gone.id, { active: false })
    const { url } = await press(gone.id)
    expect(url).toContain(gone.url)
    expect(() => club.stripe.visit(url)).toThrow('not active')
  })

  test('sells nothing but what the page has shown, though of a change nobody has told', async () => {
    const link = club.links.trial
    const { terms } = await offer(link)
    const data = club.stripe.link(link)?.subscription_data
    if (!data) throw new Error('no subscription is sold')
    data.trial_period_days = null
    expect(await press(link, { terms })).toMatchObject({ status: 409, code: 'terms_changed' })
    const now = await offer(link)
    expect(now.terms).not.toBe(terms)
    const session = await open(link, { terms: now.terms })
    expect(club.stripe.session(session).amount_total).toBe(500)
    data.trial_period_days = 14
    await refreshCatalogue(club.catalogue)
  })

  test('sells what is bought once, with a sealed reference', async () => {
    const { url } = await press(club.links.pass)
    expect(isOurs(url)).toBe(false)
    expect(new URL(url).searchParams.get('client_reference_id')).toMatch(
      new RegExp(`^${hana.userId}_shop_[0-9a-z]+_[0-9a-f]{32}$`),
    )
    await pay(club.stripe.visit(url))
    expect(await club.role(hana)).toBe('member')
    expect(await procedures()).toEqual([])
  })

  test.each([
    ['a bare id', () => hana.userId],
    ['a forged seal', () => `${hana.userId}_shop_t0cnxk_${'0'.repeat(32)}`],
  ])('paid with %s makes nobody a member, and opens no portal', async (_, reference) => {
    const cookie = await club.cookieOf(hana)
    for (const link of [club.links.member, club.links.pass]) {
      const { url } = club.stripe.link(link) ?? { url: '' }
      await pay(club.stripe.visit(`${url}?client_reference_id=${reference()}`))
    }
    expect(await club.role(hana)).toBe('guest')
    expect(await club.told(hana)).toEqual([])
    expect(await customers()).toEqual([])
    const portal = await club.api(cookie, 'POST', '/api/portal', {})
    expect(portal.body).toMatchObject({ error: { code: 'no_customer' } })
  })
})

test('somebody else’s page, claimed by its number, yields nothing', async () => {
  const { session } = await club.join(hana, club.links.member)
  const eve = club.line.addUser({ name: 'イブ', friend: true })
  const { status, body } = await club.api(await club.cookieOf(eve), 'POST', '/api/orders/claim', {
    session,
  })
  expect([status, body]).toMatchObject([409, { error: { code: 'already_claimed' } }])
  await club.settle()
  expect(await club.role(eve)).toBe('guest')
  expect(await customers(eve)).toEqual([])
  expect(await club.role(hana)).toBe('member')
})

test('a shop whose references are bare makes members all the same, through a session of its own', async () => {
  const bare = await openClub({ env: { REFERENCE_STYLE: 'bare' } })
  try {
    const user = bare.line.addUser({ name: '花', friend: true })
    const { url } = await press(bare.links.member, {}, { at: bare, user })
    const session = bare.stripe.visit(url)
    expect(bare.stripe.session(session).client_reference_id).toBe(user.userId)
    await pay(session, bare)
    expect(await bare.role(user)).toBe('member')
    // What gives a role at the Payment Link needs more than a bare id; goods do not.
    const taro = bare.line.addUser({ name: '太郎', friend: true })
    const pass = await press(bare.links.pass, {}, { at: bare, user: taro })
    await pay(bare.stripe.visit(pass.url), bare)
    expect(await bare.role(taro)).toBe('member')
    const tea = await press(bare.links.tea, {}, { at: bare, user: taro })
    expect(new URL(tea.url).searchParams.get('client_reference_id')).toBe(taro.userId)
  } finally {
    await bare.close()
  }
})
