import Stripe from 'stripe'
import { afterEach, expect, test } from 'vitest'
import { createStripeSandbox, type StripeStandIn } from './sandbox/stripe/start.ts'

const opened: StripeStandIn[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

const NOW = new Date('2027-01-31T03:00:00Z')
const CLUB = {
  items: [{ name: '豆の会', amount: 1_500 }],
  recurring: { interval: 'month' as const },
}

async function open(options: { now?: () => Date } = {}) {
  const sandbox = await createStripeSandbox({ seed: 'members', now: () => NOW, ...options })
  opened.push(sandbox)
  const { hostname: host, port } = new URL(sandbox.url)
  const to = { host, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 } as const
  return { sandbox, stripe: new Stripe(sandbox.secretKey, to) }
}

/** Somebody who joined by the shop's link. */
async function join(
  sandbox: StripeStandIn,
  seed: Partial<typeof CLUB> & { trialDays?: number } = {},
) {
  const link = sandbox.addLink({ ...CLUB, ...seed })
  const id = sandbox.visit(link.url)
  await sandbox.payByCard(id)
  const { customer, subscription } = sandbox.session(id)
  const price = sandbox.subscription(String(subscription)).items.data[0]!.price
  return {
    session: id,
    customer: String(customer),
    subscription: String(subscription),
    price: price.id,
    product: String(price.product),
  }
}

const typesSince = (sandbox: StripeStandIn, count: number) =>
  sandbox
    .events()
    .slice(0, sandbox.events().length - count)
    .map(({ type }) => type)
    .reverse()

const day = (seconds: number | null | undefined) =>
  new Date((seconds ?? 0) * 1000).toISOString().slice(0, 10)

test('a member who pays every month is billed every month, and the 31st stays the 31st', async () => {
  const { sandbox, stripe } = await open()
  const member = await join(sandbox)
  const before = sandbox.events().length
  for (let month = 0; month < 3; month++) await sandbox.advance(member.customer, { months: 1 })

  const { data } = await stripe.invoices.list({ customer: member.customer })
  expect(data.map(({ billing_reason, status }) => [billing_reason, status])).toEqual([
    ['subscription_cycle', 'paid'],
    ['subscription_cycle', 'paid'],
    ['subscription_cycle', 'paid'],
    ['subscription_create', 'paid'],
  ])
  expect(data.map(({ lines }) => day(lines.data[0]?.period.start))).toEqual([
    '2027-04-30',
    '2027-03-31',
    '2027-02-28',
    '2027-01-31',
  ])
  const now = sandbox.subscription(member.subscription)
  expect(now.latest_invoice).toBe(data[0]?.id)
  expect(day(now.items.data[0]?.current_period_end)).toBe('2027-05-31')
  const types = typesSince(sandbox, before)
  expect(types.filter((type) => type === 'invoice.paid')).toHaveLength(3)
  expect(types).toContain('test_helpers.test_clock.ready')
})

test('a card that is refused makes the member late, is tried again, and a new card mends it', async () => {
  const { sandbox, stripe } = await open()
  const { customer, subscription } = await join(sandbox)
  sandbox.refuseCard(customer, true)
  await sandbox.advance(customer, { months: 1 })

  const late = await stripe.subscriptions.retrieve(subscription, {
    expand: ['latest_invoice.payments'],
  })
  const invoice = late.latest_invoice as Stripe.Invoice
  expect(late.status).toBe('past_due')
  expect(invoice).toMatchObject({ status: 'open', attempt_count: 1, amount_remaining: 1_500 })
  expect(day(invoice.next_payment_attempt)).toBe('2027-03-03')
  expect(invoice.payments?.data[0]?.status).toBe('open')

  await sandbox.advance(customer, { days: 3 })
  expect((await stripe.invoices.retrieve(invoice.id)).attempt_count).toBe(2)
  sandbox.refuseCard(customer, false)
  await sandbox.advance(customer, { days: 5 })
  expect(sandbox.subscription(subscription).status).toBe('active')
  expect((await stripe.invoices.retrieve(invoice.id)).status).toBe('paid')
})

test.each([
  ['cancel', 'canceled'],
  ['unpaid', 'unpaid'],
  ['past_due', 'past_due'],
] as const)('when every try failed the shop’s choice %s is done', async (then, status) => {
  const { sandbox } = await open()
  const { customer, subscription } = await join(sandbox)
  sandbox.dunning = { retryDays: [2, 3], then }
  sandbox.refuseCard(customer, true)
  await sandbox.advance(customer, { months: 1, days: 5 })
  expect(sandbox.subscription(subscription).status).toBe(status)
  if (then === 'cancel') return
  await sandbox.payOpenInvoice(customer)
  expect(sandbox.subscription(subscription).status).toBe('active')
})

test('a trial is announced three days before it ends and then becomes a paid month', async () => {
  const { sandbox } = await open()
  const { customer, subscription } = await join(sandbox, { trialDays: 14 })
  expect(sandbox.subscription(subscription).status).toBe('trialing')
  const before = sandbox.events().length
  await sandbox.advance(customer, { days: 11 })
  expect(typesSince(sandbox, before)).toContain('customer.subscription.trial_will_end')
  expect(sandbox.subscription(subscription).status).toBe('trialing')
  await sandbox.advance(customer, { days: 3 })
  expect(sandbox.subscription(subscription).status).toBe('active')
  expect(day(sandbox.subscription(subscription).items.data[0]?.current_period_end)).toBe(
    '2027-03-14',
  )
})

test('a member who leaves stays to the end of the month, and may think again before', async () => {
  const { sandbox, stripe } = await open()
  const { customer, subscription } = await join(sandbox)
  await sandbox.cancelSubscription(subscription, 'period_end')
  const leaving = await stripe.subscriptions.retrieve(subscription)
  expect(leaving).toMatchObject({ cancel_at_period_end: true, status: 'active' })
  expect(day(leaving.cancel_at)).toBe('2027-02-28')
  await sandbox.keepSubscription(subscription)
  expect(sandbox.subscription(subscription)).toMatchObject({
    cancel_at: null,
    cancel_at_period_end: false,
  })
  await sandbox.cancelSubscription(subscription, 'cancel_at')
  expect(sandbox.subscription(subscription).cancel_at_period_end).toBe(false)
  await sandbox.advance(customer, { months: 1 })
  expect(sandbox.subscription(subscription).status).toBe('canceled')
  expect(sandbox.events()[1]?.type).toBe('customer.subscription.deleted')

  const list = (status?: 'all' | 'ended') =>
    stripe.subscriptions.list({ customer, ...(status && { status }) })
  expect((await list()).data).toHaveLength(0)
  expect((await list('all')).data).toHaveLength(1)
  expect((await list('ended')).data).toHaveLength(1)
})
