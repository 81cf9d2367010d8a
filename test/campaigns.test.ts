import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { daysLeftInMonth, reserveOf, shareOfToday } from '../server/campaigns/line-budget.ts'
import { idleRules, previewCampaigns } from '../server/campaigns/preview-campaigns.ts'
import { quietNow, runCampaigns } from '../server/campaigns/run-campaigns.ts'
import { readableName } from '../server/campaigns/write-letter.ts'
import { campaigns } from '../server/commands/campaigns.ts'
import type { Furnished } from '../server/furnish.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import { mergeOptOuts, optOut } from '../server/people/opt-outs.store.ts'
import { ensureMailAccount } from '../server/people/people.store.ts'
import { refreshCatalogue } from '../server/shop/catalogue.ts'
import { checkCampaigns } from '../server/shop/check-campaigns.ts'
import type { CampaignRule, Campaigns, ShopConfig } from '../server/shop/define-shop.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'
import { TEA } from './support/house.ts'

let club: Club
let hana: LineUser

beforeAll(async () => {
  club = await openClub({ mail: true, shop: { portal: {} } })
  await refreshCatalogue(club.catalogue)
})
beforeEach(async () => {
  await toHour(10)
  await leaveInPeace()
  hana = await somebody('花子')
})
afterEach(() => {
  delete club.config.shop.campaigns
  club.line.quota.limit = null
})
afterAll(() => club.close())

const now = () => club.desk.post.clock.now()

/** Forward to this hour of the day in Japan, on the minute. */
async function toHour(hour: number): Promise<void> {
  const japan = new Date(now().getTime() + 9 * 3_600_000)
  const passed = (japan.getTime() % 86_400_000) / 3_600_000
  club.forward({ hours: (hour - passed + 24) % 24 })
}

/** All those of earlier tests. */
async function leaveInPeace(): Promise<void> {
  const at = now().toISOString()
  const people = await club.store.db.selectFrom('people').select('id as person_id').execute()
  if (people.length === 0) return
  await club.store.db
    .insertInto('campaign_optouts')
    .values(people.map((person) => ({ ...person, at, via: 'chat' as const })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

async function somebody(name: string): Promise<LineUser> {
  const user = club.line.addUser({ name, friend: true, language: 'ja' })
  await club.cookieOf(user)
  return user
}

async function personOf({ userId }: LineUser): Promise<string> {
  const { person_id } = await club.store.db
    .selectFrom('accounts')
    .select('person_id')
    .where('id', '=', `line:${userId}`)
    .executeTakeFirstOrThrow()
  return person_id
}

/** They came so many days ago. */
async function cameBefore(user: LineUser, days: number): Promise<void> {
  const created_at = new Date(now().getTime() - days * 86_400_000).toISOString()
  await club.store.db
    .updateTable('people')
    .set({ created_at })
    .where('id', '=', await personOf(user))
    .execute()
}

async function addMailbox(user: LineUser, address = `${randomUUID()}@example.com`) {
  const personId = await personOf(user)
  const told = `cus_${randomUUID()}`
  await club.store.transaction((tx) => ensureMailAccount(tx, { told, address, personId }))
  return `mail:${told}`
}

let counted = 0
function rule(to: CampaignRule['to'], over: Partial<CampaignRule> = {}): CampaignRule {
  counted += 1
  const offer = 'monthly' in to ? club.links.yearly : club.links.premium
  const text =
    'monthly' in to
      ? '{name}さま、年で{saves}お得な{role}です。'
      : '{name}さま、{role}はいかがですか。'
  return { id: `rule-${counted}`, to, offer, title: 'おすすめ', text, ...over }
}

function offerBy(...rules: CampaignRule[]): void {
  club.config.shop.campaigns = { rules }
}

async function turn(): Promise<number> {
  const written = await runCampaigns(club.campaigns)
  await club.settleFor(601)
  return written
}

async function campaignsTo(user: LineUser): Promise<string[]> {
  const rows = await club.store.db
    .selectFrom('deliveries')
    .innerJoin('accounts', 'accounts.id', 'deliveries.account_id')
    .select(['subject', 'state', 'account_id'])
    .where('person_id', '=', await personOf(user))
    .where('kind', '=', 'campaign')
    .orderBy('created_at')
    .execute()
  return rows.map(({ subject, state, account_id }) =>
    [account_id.split(':')[0], subject.split(':')[1], state].join(' '),
  )
}
/** Everything in the newest message of a chat. */
function newest({ userId }: LineUser): string {
  const delivered = club.line.chat(userId).filter((push) => push.delivered)
  return JSON.stringify(delivered.at(-1)?.messages ?? null)
}

/** What stands against it; nothing: they would hear. */
async function why(user: LineUser, { id }: CampaignRule): Promise<string[]> {
  const person = await personOf(user)
  const { hear, not } = await previewCampaigns(club.campaigns, 10_000)
  const hears = hear.filter((each) => each.person === person && each.rule === id)
  const others = not.filter((each) => each.rule === id && each.why !== 'opted_out')
  return [...hears.map(() => 'hears'), ...others.map(({ why }) => why)]
}

describe('who hears of what', () => {
  test('whoever is on trial hears of the larger plan on the seventh day, by name, and not on the sixth', async () => {
    await club.join(hana, club.links.trial)
    const upgrade = rule({ trial: { afterDays: 7 } })
    offerBy(upgrade)
    club.forward({ hours: 6 * 24 })
    await turn()
    expect(await campaignsTo(hana)).toEqual([])
    club.forward({ hours: 24 })
    await turn()
    expect(await campaignsTo(hana)).toEqual([`line ${upgrade.id} accepted`])
    expect(newest(hana)).toContain('花子さま、特別会員はいかがですか。')
    expect(newest(hana)).toContain(`/membership?do=plan&source=campaign-${upgrade.id}`)
  })

  test('whoever has paid by the month for a year hears what a year saves, and before that nothing', async () => {
    const { customer } = await club.join(hana, club.links.member)
    const yearly = rule({ monthly: { forMonths: 12 } })
    offerBy(yearly)
    await club.pass(customer, { months: 11 })
    await turn()
    expect(await campaignsTo(hana)).toEqual([])
    await club.pass(customer, { months: 1 })
    await turn()
    expect(newest(hana)).toContain('花子さま、年で¥1,000お得な会員です。')
  })

  test('a friend who is no member hears of it when some days have passed, on the page where it is bought', async () => {
    await cameBefore(hana, 2)
    const join = rule({ free: { afterDays: 3 } })
    offerBy(join)
    await turn()
    expect(await campaignsTo(hana)).toEqual([])
    await cameBefore(hana, 3)
    await turn()
    expect(await campaignsTo(hana)).toEqual([`line ${join.id} accepted`])
    expect(newest(hana)).toContain(`/checkout/${club.links.premium}?source=campaign-${join.id}`)
  })

  test('whoever left is asked back after two weeks; who left two months ago is not', async () => {
    const back = rule({ lapsed: { afterDays: 14 } })
    const taro = await somebody('太郎')
    for (const user of [hana, taro]) {
      const { subscription } = await club.join(user, club.links.member)
      await club.stripe.cancelSubscription(subscription, 'now')
    }
    await club.settle()
    offerBy(back)
    await turn()
    expect(await campaignsTo(hana)).toEqual([])
    const longAgo = new Date(now().getTime() - 46 * 86_400_000).toISOString()
    await club.store.db
      .updateTable('subscriptions')
      .set({ ended_at: longAgo })
      .where('id', '=', await subscriptionOf(taro))
      .execute()
    club.forward({ hours: 14 * 24 })
    await turn()
    expect(await campaignsTo(hana)).toEqual([`line ${back.id} accepted`])
    expect(await campaignsTo(taro)).toEqual([])
  })
})

async function subscriptionOf(user: LineUser): Promise<string> {
  const { id } = await club.store.db
    .selectFrom('subscriptions')
    .innerJoin('customers', 'customers.id', 'subscriptions.customer_id')
    .select('subscriptions.id')
    .where('person_id', '=', await personOf(user))
    .executeTakeFirstOrThrow()
  return id
}

/** A friend of long standing, whom a rule for friends is for. */
async function friendFor(over: Partial<CampaignRule> = {}): Promise<CampaignRule> {
  await cameBefore(hana, 30)
  const join = rule({ free: { afterDays: 1 } }, over)
  offerBy(join)
  return join
}

describe('who does not hear', () => {
  test('who has heard of it hears of it no more, on no other account either', async () => {
    const join = await friendFor()
    await turn()
    await addMailbox(hana)
    await club.store.db
      .updateTable('accounts')
      .set({ friend: 0 })
      .where('id', '=', lineOf(hana))
      .execute()
    club.forward({ hours: 8 * 24 })
    expect(await why(hana, join)).toEqual(['heard'])
    await turn()
    expect(await campaignsTo(hana)).toEqual([`line ${join.id} accepted`])
  })

  test('of two rules that fit, the second waits until a week has passed', async () => {
    await cameBefore(hana, 30)
    const [first, second] = [rule({ free: { afterDays: 1 } }), rule({ free: { afterDays: 2 } })]
    offerBy(first, second)
    await turn()
    club.forward({ hours: 6 * 24 })
    expect(await why(hana, second)).toEqual(['heard_lately'])
    await turn()
    expect(await campaignsTo(hana)).toEqual([`line ${first.id} accepted`])
    club.forward({ hours: 24 })
    await turn()
    expect(await campaignsTo(hana)).toEqual([
      `line ${first.id} accepted`,
      `line ${second.id} accepted`,
    ])
  })

  test('who owes a payment, rests, has cancelled or is in a dispute is left in peace', async () => {
    const { customer } = await club.join(hana, club.links.member)
    const yearly = rule({ monthly: { forMonths: 1 } })
    offerBy(yearly)
    await club.pass(customer, { months: 2 })
    const id = await subscriptionOf(hana)
    const row = await club.subscription(id)
    for (const [change, reason] of [
      [{ invoice_unpaid: 1 }, 'unpaid'],
      [{ pause: 'void' }, 'paused'],
      [{ cancel_at: '2031-01-01T00:00:00.000Z' }, 'leaving'],
      [{ disputed: '["pi_1"]' }, 'disputed'],
    ] as const) {
      await club.store.db
        .updateTable('subscriptions')
        .set({ ...row, ...change })
        .where('id', '=', id)
        .execute()
      expect(await why(hana, yearly), reason).toEqual([reason])
    }
    await club.store.db.updateTable('subscriptions').set(row).where('id', '=', id).execute()
    expect(await why(hana, yearly)).toEqual(['hears'])
  })

  test('who stands before the till, or carries a slip to the konbini, is not called back', async () => {
    const join = await friendFor()
    const cookie = await club.cookieOf(hana)
    await club.api(cookie, 'POST', '/api/checkout', { offer: club.links.member })
    expect(await why(hana, join)).toEqual(['buying'])
  })

  test('where a year saves nothing, or the offer is gone, nobody hears, and status says why', async () => {
    const { customer } = await club.join(hana, club.links.member)
    await club.pass(customer, { months: 1 })
    const dear = club.stripe.addLink({
      items: [{ name: '年払い', amount: 6_000 }],
      currency: 'jpy',
      recurring: { interval: 'year' },
      paymentMethods: ['card'],
    }).id
    const [sold] = club.stripe.soldBy(dear)
    const member = club.config.shop.roles?.find(({ id }) => id === 'member')
    member?.grants?.push({ price: sold?.price ?? '' })
    await refreshCatalogue(club.catalogue)
    const year = (over: Partial<CampaignRule>) => rule({ monthly: { forMonths: 1 } }, over)
    const rules = [
      year({ offer: dear }),
      year({ offer: 'plink_gone' }),
      year({ offer: club.links.tea }),
    ]
    offerBy(...rules)
    expect(await turn()).toBe(0)
    const said = await idleRules(club.campaigns)
    expect(said[0]).toContain('nothing to save')
    expect(said[1]).toContain('no Payment Link with this id')
    expect(said[2]).toContain('no plan for a year')
  })
})

const lineOf = ({ userId }: LineUser) => `line:${userId}`

describe('at night', () => {
  test('nothing is written from nine in the evening until nine in the morning', async () => {
    const join = await friendFor()
    await toHour(23)
    await cameBefore(hana, 30)
    expect(await turn()).toBe(0)
    expect(quietNow(club.campaigns)?.getTime()).toBeCloseTo(now().getTime() + 10 * 3_600_000, -5)
    club.forward({ hours: 9.9 })
    expect(await turn()).toBe(0)
    club.forward({ hours: 0.2 })
    await turn()
    expect(await campaignsTo(hana)).toEqual([`line ${join.id} accepted`])
  })

  test('what was written before nine, and held up by an outage, waits for the morning', async () => {
    const join = await friendFor()
    club.line.addFault({ on: /message\/push/, times: Number.POSITIVE_INFINITY, status: 500 })
    await toHour(20)
    await cameBefore(hana, 30)
    await runCampaigns(club.campaigns)
    await club.settle()
    await toHour(21)
    club.line.clearFaults()
    await club.settleFor(3_600)
    expect(await campaignsTo(hana)).toEqual([`line ${join.id} pending`])
    await club.settleFor(12 * 3_600)
    expect(await campaignsTo(hana)).toEqual([`line ${join.id} accepted`])
  })
})

describe('LINE’s messages of the month', () => {
  test('what is left for receipts is not touched: who has a mailbox gets a mail, and who has none waits', async () => {
    const join = await friendFor()
    Object.assign(club.config.shop.campaigns ?? {}, { keepForReceipts: 50 })
    const taro = await somebody('太郎')
    await cameBefore(taro, 30)
    await addMailbox(taro)
    club.line.quota.limit = club.line.quota.used + 50
    expect(await why(hana, join)).toEqual(['no_messages'])
    await turn()
    expect(await campaignsTo(hana)).toEqual([])
    expect(await campaignsTo(taro)).toEqual([`mail ${join.id} accepted`])
    club.line.quota.limit = null
    await turn()
    expect(await campaignsTo(hana)).toEqual([`line ${join.id} accepted`])
  })

  test('who is no friend is written to where Stripe writes to them', async () => {
    const { customer } = await club.join(hana, club.links.member)
    await club.pass(customer, { months: 12 })
    const yearly = rule({ monthly: { forMonths: 12 } })
    offerBy(yearly)
    await club.store.db
      .updateTable('accounts')
      .set({ friend: 0 })
      .where('id', '=', lineOf(hana))
      .execute()
    await club.store.db
      .updateTable('customers')
      .set({ mail: null })
      .where('id', '=', customer)
      .execute()
    expect(await why(hana, yearly)).toEqual(['not_reachable'])
    const mail = `${randomUUID()}@example.com`
    await club.store.db.updateTable('customers').set({ mail }).where('id', '=', customer).execute()
    await turn()
    expect(await campaignsTo(hana)).toEqual([`mail ${yearly.id} accepted`])
    expect(club.mail?.box(mail)[0]?.text).toContain('¥1,000')
  })

  test('what a stranger typed for a link with somebody’s id in it is no mailbox of theirs', async () => {
    const stranger = `${randomUUID()}@example.com`
    await club.line.unfollow(hana.userId)
    const link = club.stripe.addLink(TEA).id
    const url = `${club.stripe.link(link)?.url}?client_reference_id=${hana.userId}`
    await club.stripe.payByCard(club.stripe.visit(url), { email: stranger })
    await club.settle()
    // The receipt is the payer's.
    expect(club.mail?.box(stranger)).toHaveLength(1)
    await cameBefore(hana, 30)
    const join = rule({ free: { afterDays: 5 } })
    offerBy(join)
    expect(await why(hana, join)).toEqual(['not_reachable'])
    await turn()
    expect(club.mail?.box(stranger)).toHaveLength(1)
    // Where Stripe writes to them comes before what was typed once at a till.
    const [own, typed] = [`${randomUUID()}@example.com`, `${randomUUID()}@example.com`]
    const told = { told: 'cs_0', address: typed, personId: await personOf(hana) }
    await club.store.transaction((tx) => ensureMailAccount(tx, told))
    await addMailbox(hana, own)
    await turn()
    const read = [own, typed, stranger].map((address) => club.mail?.box(address).length)
    expect(read).toEqual([1, 0, 1])
  })

  test('the one message that is left beside them goes to one of two', async () => {
    const join = await friendFor({ by: 'line' })
    Object.assign(club.config.shop.campaigns ?? {}, { keepForReceipts: 50 })
    const taro = await somebody('太郎')
    await cameBefore(taro, 30)
    club.line.quota.limit = club.line.quota.used + 51
    const seen = await previewCampaigns(club.campaigns, 10)
    expect(seen).toMatchObject({ lineLeft: 1, hear: [{ rule: join.id }] })
    await turn()
    const both = [...(await campaignsTo(hana)), ...(await campaignsTo(taro))]
    expect(both).toEqual([`line ${join.id} accepted`])
  })

  test('when the month is used up, campaigns give their place back and are told another time', async () => {
    const join = await friendFor()
    await runCampaigns(club.campaigns)
    club.line.quota.limit = 0
    await club.settleFor(601)
    await runCampaigns(club.campaigns)
    expect(await campaignsTo(hana)).toEqual([expect.stringMatching(/superseded$/)])
    club.line.quota.limit = null
    await club.store.db.deleteFrom('pauses').execute()
    await turn()
    expect((await campaignsTo(hana)).at(-1)).toBe(`line ${join.id} accepted`)
  })
})

describe('a look', () => {
  test('shows who would hear of what, by which way and what it saves, and changes nothing', async () => {
    const { customer } = await club.join(hana, club.links.member)
    await club.pass(customer, { months: 12 })
    const yearly = rule({ monthly: { forMonths: 12 } })
    offerBy(yearly, rule({ monthly: { forMonths: 6 } }))
    const rows = () =>
      Promise.all(
        (['deliveries', 'duties', 'events', 'campaign_optouts', 'counters'] as const).map((table) =>
          club.store.db.selectFrom(table).selectAll().execute(),
        ),
      )
    const before = await rows()
    const options = { json: true, limit: '5' }
    const { said, code } = await campaigns(furnished(), [], options, club.config)
    expect(code).toBe(0)
    expect(JSON.parse(said)).toMatchObject({
      hear: [
        {
          rule: yearly.id,
          person: await personOf(hana),
          name: '花子',
          channel: 'line',
          saves: 1_000,
        },
      ],
      more: 0,
      troubles: [],
    })
    expect(JSON.parse(said).not).toContainEqual(
      expect.objectContaining({ why: 'heard_lately', count: 1 }),
    )
    const seen = await campaigns(furnished(), [], {}, club.config)
    expect(seen.said).toMatch(/花子 +line +plink_\w+ +¥1,000/)
    expect(await rows()).toEqual(before)
    expect((await campaigns(furnished(), [], { send: true }, club.config)).said).toMatch(
      /^1 letter was/,
    )
    expect(await campaignsTo(hana)).toHaveLength(1)
  })
})

const furnished = () => club as unknown as Furnished

describe('whoever wants none', () => {
  test('says so with one press in their mail program, and hears no more on any account', async () => {
    const join = await friendFor()
    await turn()
    const link = /http[^"]+unsubscribe[^"]+/.exec(newest(hana))?.[0] ?? ''
    const here = link.replace(club.config.publicUrl, club.url)
    // Whoever previews a mail opens its links.
    const page = await fetch(here)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await page.text()).toContain('配信を停止する')
    club.forward({ hours: 8 * 24 })
    const next = rule({ free: { afterDays: 1 } })
    offerBy(join, next)
    expect(await why(hana, next)).toEqual(['hears'])
    const pressed = await fetch(here, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    })
    expect(pressed.status).toBe(200)
    expect(await pressed.text()).toContain('配信を停止いたしました')
    await turn()
    expect(await campaignsTo(hana)).toEqual([`line ${join.id} accepted`])
  })

  test('presses what their mail program shows above a mail, which carries the shop’s name and address', async () => {
    const address = `${randomUUID()}@example.com`
    await addMailbox(hana, address)
    const join = await friendFor({ by: 'mail' })
    await turn()
    expect(await campaignsTo(hana)).toEqual([`mail ${join.id} accepted`])
    const [mail] = club.mail?.box(address) ?? []
    // Who typed the address at a till may be somebody else: LINE’s name for them is none of theirs.
    expect(mail?.text).toContain('お客さま、特別会員はいかがですか。')
    expect(mail?.text).toContain(String(Object.values(club.config.shop.legal.address)[0]))
    expect(mail?.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
    const link = /<(.+)>/.exec(mail?.headers['list-unsubscribe'] ?? '')?.[1] ?? ''
    // By the time it is pressed they have become one with somebody else.
    const taro = await somebody('太郎')
    await cameBefore(taro, 30)
    await club.store.db
      .updateTable('accounts')
      .set({ person_id: await personOf(taro) })
      .where('address', '=', address)
      .execute()
    await fetch(link.replace(club.config.publicUrl, club.url), { method: 'POST' })
    offerBy(rule({ free: { afterDays: 1 } }))
    club.forward({ hours: 8 * 24 })
    expect(await turn()).toBe(0)
  })

  test('a link that was cut short, or made for something else, stops nobody', async () => {
    const join = await friendFor()
    const cookie = (await club.cookieOf(hana)).split('=')[1]
    for (const token of ['', 'x.y.z', cookie]) {
      const answer = await fetch(`${club.url}/api/campaigns/unsubscribe?t=${token}`, {
        method: 'POST',
        headers: { 'accept-language': 'th-TH,th;q=0.9' },
      })
      expect(answer.status).toBe(404)
      expect(await answer.text()).toContain('ลิงก์นี้ใช้ไม่ได้')
    }
    expect(await why(hana, join)).toEqual(['hears'])
  })

  test('says 「配信停止」 in the chat, and comes back by 「配信再開」', async () => {
    const join = await friendFor()
    await club.line.say(hana.userId, '配信停止')
    await club.settle()
    expect(newest(hana)).toContain('お送りいたしません')
    await turn()
    expect(await campaignsTo(hana)).toEqual([])
    await club.line.say(hana.userId, '配信再開')
    await club.settle()
    expect(newest(hana)).toContain('これからまた')
    await turn()
    expect(await campaignsTo(hana)).toEqual([`line ${join.id} accepted`])
  })

  test('is not reached by a letter that was on its way already', async () => {
    await friendFor()
    await runCampaigns(club.campaigns)
    const personId = await personOf(hana)
    await club.store.transaction((tx) => optOut(tx, personId, 'chat', now()))
    await club.settleFor(601)
    expect(await campaignsTo(hana)).toEqual([expect.stringMatching(/superseded$/)])
    expect(club.heard(hana.userId)).toEqual([])
  })

  test('in a shop without campaigns "stop" is a word to the staff, and is not answered', async () => {
    await club.line.say(hana.userId, 'Stop!')
    await club.settle()
    expect(club.heard(hana.userId)).toEqual([])
  })

  test('who reads a mailbox says it once for all who typed it, and two who become one have both said it', async () => {
    const taro = await somebody('太郎')
    const address = `${randomUUID()}@example.com`
    await addMailbox(taro, address.toUpperCase())
    await addMailbox(hana, address)
    const join = await friendFor({ by: 'mail' })
    await cameBefore(taro, 0)
    expect(await why(hana, join)).toEqual(['hears'])
    const [taroId, hanaId] = [await personOf(taro), await personOf(hana)]
    await club.store.transaction((tx) => optOut(tx, taroId, 'mail', now()))
    expect(await why(hana, join)).toEqual([])
    offerBy({ ...join, by: 'line' })
    expect(await why(hana, join)).toEqual(['hears'])
    await club.store.transaction((tx) => mergeOptOuts(tx, taroId, hanaId))
    expect(await why(hana, join)).toEqual([])
  })

  test('is forgotten with everything else', async () => {
    const personId = await personOf(hana)
    await club.store.transaction((tx) => optOut(tx, personId, 'chat', now()))
    await forgetPerson({ store: club.store, clock: club.desk.post.clock }, hana.userId)
    const kept = await club.store.db
      .selectFrom('campaign_optouts')
      .selectAll()
      .where('person_id', '=', personId)
      .execute()
    expect(kept).toEqual([])
  })
})

test('six hundred letters fit into a turn, one a second, and the next one goes on where it ended', async () => {
  await club.settleFor(3_600)
  const left = async () => (await campaignsOnTheirWay()).length
  const at = new Date(now().getTime() - 30 * 86_400_000).toISOString()
  const ids = Array.from({ length: 700 }, () => randomUUID())
  await club.store.db
    .insertInto('people')
    .values(ids.map((id) => ({ id, created_at: at })))
    .execute()
  const accounts = ids.map((id) => ({
    id: `line:${id}`,
    person_id: id,
    channel: 'line' as const,
    address: id,
    friend: 1 as const,
  }))
  await club.store.db.insertInto('accounts').values(accounts).execute()
  offerBy(rule({ free: { afterDays: 1 } }))
  const duty = { bookmark: null as string | null, stop: new AbortController().signal }
  async function keep(bookmark?: string): Promise<void> {
    duty.bookmark = bookmark ?? duty.bookmark
  }
  expect(await runCampaigns(club.campaigns, { ...duty, keep })).toBe(600)
  expect(await runCampaigns(club.campaigns, { ...duty, keep })).toBe(100)
  // A receipt that is due at once stands behind those alone whose second has come.
  await club.settleFor(10)
  expect(await left()).toBeGreaterThan(600)
  expect(await left()).toBeLessThan(698)
  await club.store.db.deleteFrom('deliveries').where('kind', '=', 'campaign').execute()
})

const campaignsOnTheirWay = () =>
  club.store.db
    .selectFrom('deliveries')
    .select('id')
    .where('kind', '=', 'campaign')
    .where('state', '=', 'pending')
    .execute()

test.each([
  ['<b>花子</b>', null],
  ['当選 https://evil.example/win', null],
  ['evil.example', null],
  ['a@b', null],
  [' \u202e花\u0000子\n ', '花 子'],
  ['{saves}', '{saves}'],
  ['あ'.repeat(60), `${'あ'.repeat(39)}…`],
  ['', null],
])('%s is greeted as %s: nobody else’s words stand in a letter of the shop', (name, read) => {
  expect(readableName(name)).toBe(read)
})

describe('the share of a month', () => {
  const share = { left: 200, reserve: 50, today: 0, pending: 0, daysLeft: 30 }

  test('is spread over its days, and what was written today counts', () => {
    expect(shareOfToday(share)).toBe(5)
    expect(shareOfToday({ ...share, left: 197, today: 3 })).toBe(2)
    expect(shareOfToday({ ...share, today: 5, pending: 5 })).toBe(0)
    expect(shareOfToday({ ...share, daysLeft: 1 })).toBe(150)
    expect(shareOfToday({ ...share, left: 50 })).toBe(0)
  })

  test('leaves receipts half as many again as they lately needed, and never fewer than twenty', () => {
    expect(reserveOf(undefined, 100, 30)).toBe(150)
    expect(reserveOf(undefined, 100, 3)).toBe(20)
    expect(reserveOf(7, 100, 30)).toBe(7)
    expect(daysLeftInMonth(new Date('2026-02-28T14:59:00Z'))).toBe(1)
    expect(daysLeftInMonth(new Date('2026-02-28T15:00:00Z'))).toBe(31)
  })

  test('never touches the reserve, whatever is left', () => {
    const some = fc.integer({ min: 0, max: 5_000 })
    fc.assert(
      fc.property(
        some,
        some,
        some,
        some,
        fc.integer({ min: 1, max: 31 }),
        (left, reserve, today, pending, daysLeft) => {
          const letters = shareOfToday({ left, reserve, today, pending, daysLeft })
          expect(letters).toBeGreaterThanOrEqual(0)
          expect(letters).toBeLessThanOrEqual(Math.max(0, left - reserve - pending))
        },
      ),
    )
  })
})

test.each([
  [{ rules: [{ id: 'Big Sale' }] }, /is no id/],
  [{ rules: [good(), good()] }, /stands there twice/],
  [{ rules: [good({ to: { friends: {} } })] }, /must be one of/],
  [{ rules: [good({ to: { free: { afterDays: 0 } } })] }, /whole number from 1/],
  [{ rules: [good({ to: { lapsed: { afterDays: 14 } } })] }, /about members/],
  [{ rules: [good({ offer: 'price_1' })] }, /no Payment Link id/],
  [{ rules: [good({ text: '{nmae}さま' })] }, /nobody fills in \{nmae\}/],
  [{ rules: [good({ title: { ja: 'ok', en: '{saves} off' } })] }, /known of "monthly" alone/],
  [{ rules: [good({ text: 'あ'.repeat(1_001) })] }, /longer than 1000/],
  [{ rules: [good({ by: 'pigeon' })] }, /line or mail/],
  [{ rules: [good()], quietHours: { from: 9, to: 9 } }, /two different full hours/],
  [{ rules: [good()], keepForReceipts: -1 }, /whole number of messages/],
  [{ rules: 'all' }, /must be \{ rules/],
])('%j is refused before the shop opens, in a sentence', (given, sentence) => {
  expect(faultsOf(given)).toMatch(sentence)
})

test('campaigns as the handbook shows them pass', () => {
  expect(faultsOf({ rules: [good()], quietHours: { from: 22, to: 8 }, keepForReceipts: 100 })).toBe(
    '',
  )
})

function good(over: object = {}) {
  const to = { free: { afterDays: 3 } }
  return { id: 'join', to, offer: 'plink_1', title: 'おすすめ', text: '{name}さま', ...over }
}

function faultsOf(given: unknown): string {
  const faults: string[] = []
  const shop = { campaigns: given as Campaigns } as ShopConfig
  checkCampaigns(shop, (where, sentence) => faults.push(`${where} ${sentence}`))
  return faults.join('\n')
}
