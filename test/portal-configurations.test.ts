import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CLAIM_SECONDS } from '../server/portal/configurations.store.ts'
import { keepPortalConfigurations } from '../server/portal/keep-configurations.ts'
import type { PortalHouse } from '../server/portal/read-specs.ts'
import { Later } from '../server/ports.ts'
import { openStripe } from '../server/stripe/gateway.ts'
import { type House, openHouse, TEA } from './support/house.ts'
import { addSubscriber } from './support/members.ts'

const VIEWS = ['guest', 'member', 'past_due']
const CLUB = {
  ...TEA,
  items: [{ name: '豆の会', amount: 1_500 }],
  recurring: { interval: 'month' } as const,
}

let house: House
let reported: unknown[]

beforeEach(async () => {
  reported = []
  house = await openHouse({ shop: { roles: [{ id: 'member', title: '会員' }] } })
})
afterEach(() => house.close())

/** As one process has it; each call is another one. */
function aProcess(over: Partial<PortalHouse> = {}): PortalHouse {
  return { ...house.portal, report: (error) => reported.push(error), ...over }
}

/** What Stripe holds of ours, by view. */
function ours(livemode = false) {
  return house.stripe
    .portalConfigurations()
    .filter((each) => each.metadata?.['noren_view'] && each.livemode === livemode)
    .toSorted((a, b) => viewOf(a).localeCompare(viewOf(b)))
}

function viewOf({ metadata }: { metadata: Record<string, string> | null }): string {
  return metadata?.['noren_view'] ?? ''
}

function one(view: string) {
  const found = ours().find((each) => viewOf(each) === view)
  if (!found) throw new Error(`Stripe holds no ${view}`)
  return found
}

function writes(): number {
  return house.stripe.requests.filter((line) => line.startsWith('POST /v1/billing_portal/conf'))
    .length
}

async function visitor(user = house.hanako): Promise<() => Promise<number>> {
  const cookie = await house.logIn(user)
  const [offer] = await house.gateway.listOffers([house.stripe.addLink(CLUB).id])
  await addSubscriber(house, user, offer?.prices?.[0]?.price ?? '')
  return async () => (await house.api(cookie, 'POST', '/api/portal', {})).status
}

test('at the first start each view is made once, and no later start makes another', async () => {
  await keepPortalConfigurations(aProcess())
  expect(ours().map(viewOf)).toEqual(VIEWS)
  expect(one('guest').features).toMatchObject({
    invoice_history: { enabled: true },
    payment_method_update: { enabled: false },
    subscription_cancel: { enabled: false },
  })
  expect(one('member').features).toMatchObject({
    payment_method_update: { enabled: true },
    subscription_cancel: { enabled: true, mode: 'at_period_end' },
  })
  for (let day = 0; day < 3; day++) await keepPortalConfigurations(aProcess())
  expect(writes()).toBe(3)
})

test('a house that has lost its books finds its views again at Stripe', async () => {
  await keepPortalConfigurations(aProcess())
  await house.store.db.deleteFrom('portal_configurations').execute()
  await keepPortalConfigurations(aProcess())
  expect(ours()).toHaveLength(3)
  expect(writes()).toBe(3)
})

test('what somebody has edited by hand is put right, and what is none of ours stays', async () => {
  await keepPortalConfigurations(aProcess())
  const { id } = one('member')
  house.stripe.editPortalConfiguration(id, (config) => {
    config.features.subscription_cancel.enabled = false
    config.features.subscription_pause = {
      enabled: true,
      duration: { type: 'indefinite', interval_options: [] },
    }
    config.business_profile.privacy_policy_url = 'https://example.com/privacy'
  })
  house.stripe.editPortalConfiguration(one('guest').id, (config) => {
    config.business_profile.terms_of_service_url = 'https://example.com/terms'
    config.name = 'ゲスト'
  })
  await keepPortalConfigurations(aProcess())
  expect(writes()).toBe(4)
  expect(one('member')).toMatchObject({
    id,
    features: { subscription_cancel: { enabled: true }, subscription_pause: { enabled: false } },
    business_profile: { privacy_policy_url: 'https://example.com/privacy' },
  })
  expect(one('guest').name).toBe('ゲスト')
})

test('a view that was switched off by hand opens on the tap, in the same configuration', async () => {
  const visit = await visitor()
  expect(await visit()).toBe(200)
  const { id } = one('member')
  house.stripe.editPortalConfiguration(id, (config) => {
    config.active = false
  })
  expect(await visit()).toBe(200)
  expect(one('member')).toMatchObject({ id, active: true })
  expect(house.stripe.portalSessions()).toHaveLength(2)
})

test('a view that was deleted at Stripe is made anew once, however many tap at that moment', async () => {
  const visit = await visitor()
  await visit()
  const { id } = one('member')
  house.stripe.deletePortalConfiguration(id)
  expect(await Promise.all(Array.from({ length: 20 }, visit))).toEqual(Array(20).fill(200))
  expect(ours().map(viewOf)).toEqual(['member'])
  expect(one('member').id).not.toBe(id)
  house.stripe.deletePortalConfiguration(one('member').id)
  expect(await visit()).toBe(200)
  expect(ours()).toHaveLength(1)
})

test('five hundred visits make no second configuration, and ask nothing but the portal itself', async () => {
  const visitors = [await visitor(), await visitor(house.line.addUser({ name: '太郎' }))]
  const visitTogether = (times: number) =>
    Promise.all(visitors.flatMap((visit) => Array.from({ length: times }, visit)))
  await visitTogether(10)
  const before = house.stripe.requests.length
  for (let at = 0; at < 24; at++) expect(await visitTogether(10)).toEqual(Array(20).fill(200))
  const asked = house.stripe.requests.slice(before)
  expect(asked).toEqual(Array(480).fill('POST /v1/billing_portal/sessions'))
  expect(ours().map(viewOf)).toEqual(['member'])
})

test('five processes at once make one of each between them, also of one that was deleted', async () => {
  house.stripe.latencyMs = 20
  const startFive = async () => {
    const all = Array.from({ length: 5 }, () => keepPortalConfigurations(aProcess()))
    const done = await Promise.allSettled(all)
    for (const each of done)
      if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(Later)
  }
  await startFive()
  expect(ours().map(viewOf)).toEqual(VIEWS)
  expect(writes()).toBe(3)
  house.stripe.deletePortalConfiguration(one('member').id)
  await startFive()
  expect(ours().map(viewOf)).toEqual(VIEWS)
  expect(writes()).toBe(4)
})

test('what a process that died was making is made by the next, and not twice if it had got that far', async () => {
  house.stripe.addFault({ on: /POST .*configurations$/, times: 2, drop: 'after' })
  await expect(keepPortalConfigurations(aProcess())).rejects.toThrow()
  house.stripe.clearFaults()
  await keepPortalConfigurations(aProcess())
  expect(ours().map(viewOf)).toEqual(VIEWS)
})

test('a claim that nobody follows up is taken over after half a minute, under its own key', async () => {
  const checked_at = house.desk.post.clock.now().toISOString()
  await house.store.db
    .insertInto('portal_configurations')
    .values({ view: 'member', livemode: 0, configuration: 'making:x', content: '', checked_at })
    .execute()
  await expect(keepPortalConfigurations(aProcess())).rejects.toThrow(Later)
  expect(ours().map(viewOf)).toEqual(['guest', 'past_due'])
  house.forward({ seconds: CLAIM_SECONDS })
  await keepPortalConfigurations(aProcess())
  expect(ours().map(viewOf)).toEqual(VIEWS)
})

test('while Stripe refuses one view the others are made all the same, and it is said', async () => {
  house.stripe.addFault({
    on: /POST .*configurations$/,
    times: 1,
    status: 400,
    body: { error: { type: 'invalid_request_error', message: 'headline too long' } },
  })
  await expect(keepPortalConfigurations(aProcess())).rejects.toThrow(/headline too long/)
  expect(ours()).toHaveLength(2)
  house.forward({ seconds: CLAIM_SECONDS })
  await keepPortalConfigurations(aProcess())
  expect(ours().map(viewOf)).toEqual(VIEWS)
})

test('a pause that this account does not have takes no card and no cancellation away', async () => {
  house.config.shop.portal = {
    member: { card: true, cancel: 'period_end', pause: 'open' },
  }
  const message = 'Received unknown parameter: features[subscription_pause]'
  house.stripe.addFault({
    on: /POST .*configurations$/,
    skip: 1,
    times: 1,
    status: 400,
    body: { error: { type: 'invalid_request_error', message } },
  })
  await keepPortalConfigurations(aProcess())
  expect(ours().map(viewOf)).toEqual(VIEWS)
  expect(one('member').features).toMatchObject({
    subscription_pause: { enabled: false },
    subscription_cancel: { enabled: true },
    payment_method_update: { enabled: true },
  })
  expect(reported).toMatchObject([{ message: expect.stringContaining(message) }])
  await keepPortalConfigurations(aProcess())
  expect(one('member').features.subscription_pause.enabled).toBe(true)
})

test('test and live mode have each their own, and neither is taken for the other', async () => {
  await keepPortalConfigurations(aProcess())
  const httpClient = Stripe.createNodeHttpClient() as Parameters<typeof openStripe>[0]['httpClient']
  const secretKey = house.stripe.secretKey.replace('_test_', '_live_')
  const live = openStripe({ secretKey, apiBase: new URL(house.stripe.url), httpClient })
  await keepPortalConfigurations(aProcess({ stripe: live }))
  await keepPortalConfigurations(aProcess())
  expect(ours().map(viewOf)).toEqual(VIEWS)
  expect(ours(true).map(viewOf)).toEqual(VIEWS)
  const rows = await house.store.db.selectFrom('portal_configurations').selectAll().execute()
  expect(new Set(rows.map(({ configuration }) => configuration)).size).toBe(6)
})

test('a plan that comes onto the shelf is offered from the next visit on', async () => {
  const visit = await visitor()
  expect(await visit()).toBe(200)
  expect(one('member').features.subscription_update.enabled).toBe(false)
  house.stripe.addLink({ ...CLUB, items: [{ name: '葉の会', amount: 2_500 }] })
  const offers = await house.gateway.listOffers(null)
  const product = offers.flatMap(({ prices }) => prices?.map((each) => each.product) ?? [])
  house.config.shop.roles = [{ id: 'member', title: '会員', grants: [{ product }] }]
  expect(await visit()).toBe(200)
  expect(one('member').features.subscription_update).toMatchObject({
    enabled: true,
    products: product.map((id) => expect.objectContaining({ product: id })),
  })
  expect(ours()).toHaveLength(1)
})

test('where Stripe does not take the new view, yesterday’s still opens', async () => {
  const visit = await visitor()
  await visit()
  house.config.shop.portal = { member: { headline: '会員さまへ', card: true } }
  house.stripe.addFault({
    on: /POST .*configurations\//,
    times: 1,
    status: 400,
    body: { error: { type: 'invalid_request_error', message: 'no' } },
  })
  expect(await visit()).toBe(200)
  expect(one('member').business_profile.headline).toBeNull()
  expect(await visit()).toBe(200)
  expect(one('member').business_profile.headline).toBe('会員さまへ')
})
