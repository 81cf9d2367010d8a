import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { idleRules, previewCampaigns } from '../server/campaigns/preview-campaigns.ts'
import { quietNow, runCampaigns } from '../server/campaigns/run-campaigns.ts'
import { mergeOptOuts } from '../server/people/opt-outs.store.ts'
import { ensureMailAccount } from '../server/people/people.store.ts'
import type { CampaignMessage } from '../server/ports.ts'
import { refreshCatalogue } from '../server/shop/catalogue.ts'
import { checkCampaigns } from '../server/shop/check-campaigns.ts'
import type { CampaignRule, Campaigns } from '../server/shop/define-shop.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'

let club: Club
let hana: LineUser

beforeAll(async () => {
  club = await openClub({ shop: { portal: {} } })
  renderForNow()
  await refreshCatalogue(club.catalogue)
})
beforeEach(async () => {
  await toHour(10)
  hana = await somebody('花子')
})
afterEach(() => {
  delete club.config.shop.campaigns
  club.line.quota.limit = null
})
afterAll(() => club.close())

/** Until LINE's adapter knows the letter. */
function renderForNow(): void {
  const { channel } = club.campaigns.post
  const render = (message: { kind: string }) =>
    message.kind === 'campaign'
      ? JSON.stringify([{ type: 'text', text: textOf(message as CampaignMessage) }])
      : channel.render(message as never)
  club.campaigns.post.channel = { ...channel, render }
  club.campaigns.post.mail = { ...channel, render }
}
const textOf = ({ title, text, button, links }: CampaignMessage) =>
  [title, text, button.address, links.unsubscribe].join('\n')

const now = () => club.desk.post.clock.now()

/** Forward to this hour of the day in Japan, on the minute. */
async function toHour(hour: number): Promise<void> {
  const japan = new Date(now().getTime() + 9 * 3_600_000)
  const passed = (japan.getTime() % 86_400_000) / 3_600_000
  club.forward({ hours: (hour - passed + 24) % 24 })
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
const newest = (user: LineUser) => String(club.heard(user.userId).at(-1))

async function why(user: LineUser, { id }: CampaignRule): Promise<string[]> {
  const person = await personOf(user)
  const { hear, not } = await previewCampaigns(club.campaigns, 10_000)
  const hears = hear.filter((each) => each.person === person && each.rule === id)
  return hears.length > 0 ? ['hears'] : not.filter((each) => each.rule === id).map(({ why }) => why)
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
    expect(await why(hana, join)).toContain('heard')
    await turn()
    expect(await campaignsTo(hana)).toEqual([`line ${join.id} accepted`])
  })

  test('of two rules that fit, the second waits until a week has passed', async () => {
    await cameBefore(hana, 30)
    const [first, second] = [rule({ free: { afterDays: 1 } }), rule({ free: { afterDays: 2 } })]
    offerBy(first, second)
    await turn()
    club.forward({ hours: 6 * 24 })
    expect(await why(hana, second)).toContain('heard_lately')
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
      expect(await why(hana, yearly), reason).toContain(reason)
    }
    await club.store.db.updateTable('subscriptions').set(row).where('id', '=', id).execute()
    expect(await why(hana, yearly)).toEqual(['hears'])
  })

  test('who stands before the till, or carries a slip to the konbini, is not called back', async () => {
    const join = await friendFor()
    const cookie = await club.cookieOf(hana)
    await club.api(cookie, 'POST', '/api/checkout', { offer: club.links.member })
    expect(await why(hana, join)).toContain('buying')
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
    expect(await why(hana, join)).toContain('no_messages')
    await turn()
    expect(await campaignsTo(hana)).toEqual([])
    expect((await campaignsTo(taro))[0]).toMatch(`mail ${join.id}`)
    club.line.quota.limit = null
    await turn()
    expect(await campaignsTo(hana)).toEqual([`line ${join.id} accepted`])
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
