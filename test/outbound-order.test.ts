import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Schema from 'typebox/schema'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addEndpoint } from '../server/integrations/add-endpoint.ts'
import { reconcileMembership } from '../server/memberships/reconcile-membership.ts'
import type { WebhookEvent } from '../shared/webhooks.ts'
import { type Club, openClub } from './support/club.ts'
import { openReceiver, type Receiver, verify } from './support/webhook-receiver.ts'
import { SCHEMA_FILE, schemaText } from './support/write-outbound-schema.ts'

const ROOT = join(import.meta.dirname, '..')
const published = Schema.Compile(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')))

let club: Club
let other: Receiver

beforeEach(async () => {
  other = await openReceiver()
  club = await openClub({ env: { OUTBOUND_HOSTS: other.host } })
})
afterEach(async () => {
  await club.close()
  await other.close()
})

const add = (ask: { events?: string[]; id?: string } = {}) => {
  const { outbound, post } = club.outbound
  return addEndpoint({ ...post, outbound }, { url: other.url, ...ask })
}

/** All that the other system took, each of it checked against the schema that we publish. */
function told(): WebhookEvent[] {
  for (const event of other.taken())
    expect(published.Check(event), JSON.stringify(published.Errors(event))).toBe(true)
  return other.taken()
}
const types = () => told().map(({ type }) => type)

test('the schema in the documents is what the server promises', () => {
  expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(schemaText())
})

test('an order is told when it is paid and when money goes back, signed, with who bought what and from where', async () => {
  const { secret } = await add({ events: ['order.*'] })
  const session = await club.buy(club.hanako, club.links.tea)
  await club.stripe.refund(session, 500)
  await club.settle()
  expect(types()).toEqual(['order.paid', 'order.refunded'])
  const now = club.desk.post.clock.now()
  const [paid, refunded] = other.got.map((each) => verify(each, secret ?? '', now))
  expect(paid).toMatchObject({
    data: {
      id: session,
      status: 'paid',
      currency: 'jpy',
      amount: 3_960,
      refunded: 0,
      source: 'shop',
      ownership: 'sealed',
      items: [
        {
          name: '宇治煎茶 100g',
          quantity: 1,
          amount: 1_980,
          product: expect.stringMatching(/^prod_/),
        },
        { name: '抹茶ようかん', quantity: 2 },
      ],
      person: { lineUserId: club.hanako.userId, name: '花子', language: 'ja', role: 'guest' },
    },
  })
  expect(refunded).toMatchObject({
    data: { id: session, status: 'partially_refunded', refunded: 500, refund: { amount: 500 } },
  })
})

test('what nobody owns, what is paid later and what is found too late to be written about is told all the same', async () => {
  await add({ events: ['order.*', 'person.linked'] })
  const { links, stripe } = club
  const shop = stripe.visit(stripe.link(links.tea)?.url ?? '')
  await stripe.payByKonbini(shop)
  await club.settle()
  expect(types()).toEqual(['order.awaiting_payment'])
  expect(told()[0]).toMatchObject({
    data: { status: 'awaiting_payment', person: null, ownership: null },
  })
  stripe.hold()
  await stripe.settleKonbini(shop)
  club.forward({ hours: 24 * 5 })
  await stripe.release()
  await club.settle()
  expect(types()).toEqual(['order.awaiting_payment', 'order.paid'])
  expect(club.heard(club.staff).at(-1)).toContain('日数が経っているため')
  const cookie = await club.cookieOf(club.hanako)
  expect((await club.api(cookie, 'POST', '/api/orders/claim', { session: shop })).status).toBe(200)
  await club.settle()
  expect(told().at(-1)).toMatchObject({
    type: 'person.linked',
    data: { how: 'claim', order: shop, person: { lineUserId: club.hanako.userId } },
  })
})

test('a member is told of as they join, change and leave, and which Stripe customer is who, once each', async () => {
  await add({ events: ['member.*', 'person.linked'] })
  const { hanako, stripe, prices } = club
  const { customer, subscription, session } = await club.join(hanako, club.links.member)
  await stripe.changePrice(subscription, prices.premium)
  await club.settle()
  await stripe.cancelSubscription(subscription, 'period_end')
  await club.settle()
  await club.pass(customer, { months: 2 })
  await runSweep()
  const person = { lineUserId: hanako.userId, name: '花子' }
  expect(told()).toMatchObject([
    {
      type: 'person.linked',
      data: {
        person: { ...person, role: 'guest' },
        account: { channel: 'line', address: hanako.userId },
        customers: [customer],
        how: 'checkout',
        order: session,
      },
    },
    {
      type: 'member.joined',
      data: {
        person: { ...person, role: 'member' },
        role: { before: 'guest', after: 'member' },
        change: 'role',
        kind: 'subscription',
        status: 'active',
        plan: { price: prices.member, amount: 500, currency: 'jpy', interval: 'month' },
        planBefore: null,
        endsAt: null,
        subscription,
        customer,
      },
    },
    {
      type: 'member.changed',
      data: {
        role: { before: 'member', after: 'premium' },
        plan: { amount: 1_500 },
        planBefore: { amount: 500 },
      },
    },
    {
      type: 'member.changed',
      data: { change: 'status', status: 'leaving', role: { before: 'premium', after: 'premium' } },
    },
    {
      type: 'member.left',
      data: {
        person: { ...person, role: 'guest' },
        role: { before: 'premium', after: 'guest' },
        status: 'ended',
        subscription,
      },
    },
  ])
})

/** Everybody is looked at again, from what Stripe says: nothing has changed. */
async function runSweep(): Promise<void> {
  const rows = await club.store.db.selectFrom('customers').select('id').execute()
  for (const { id } of rows) await reconcileMembership(club.members, id)
  // Whatever stands behind another of the same person leaves a second later.
  await club.settleFor(60)
}

test('the script for HubSpot in the documents takes what it is told, and refuses what is not from us', async () => {
  const page = readFileSync(join(ROOT, 'docs', 'outbound-hubspot.md'), 'utf8')
  const script = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'noren-'))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'to-hubspot.mjs'), script)
  const { secret } = await add({ events: ['member.joined'] })
  const { customer } = await club.join(club.hanako, club.links.member)
  await club.settleFor(60)
  const [joined] = other.got
  const hubspot = await openReceiver()
  hubspot.answer = () => 200
  const probe = await openReceiver()
  const port = new URL(probe.url).port
  await probe.close()
  const child = spawn(process.execPath, [join(folder, 'to-hubspot.mjs')], {
    env: {
      NOREN_SECRET: secret ?? '',
      HUBSPOT_TOKEN: 'pat-1',
      HUBSPOT_API: new URL(hubspot.url).origin,
      PORT: port,
    },
    stdio: 'inherit',
  })
  const signed = Object.entries(joined?.headers ?? {}).filter(([name]) => /^webhook-/.test(name))
  const post = (body: string) =>
    fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      body,
      headers: signed as [string, string][],
    }).then(
      ({ status }) => status,
      () => null,
    )
  await expect.poll(() => post('{}'), { timeout: 10_000 }).toBe(401)
  expect(await post(joined?.body ?? '')).toBe(204)
  expect(hubspot.got[0]?.path).toBe('/crm/objects/2026-03/contacts/batch/upsert')
  const { inputs } = JSON.parse(hubspot.got[0]?.body ?? '')
  expect(inputs).toMatchObject([
    { idProperty: 'noren_person_id', properties: { noren_role: 'member', firstname: '花子' } },
  ])
  expect(JSON.stringify(inputs)).not.toContain(customer)
  child.kill()
  await hubspot.close()
  rmSync(folder, { recursive: true })
})
