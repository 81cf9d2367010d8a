import { readFileSync } from 'node:fs'
import Schema from 'typebox/schema'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addEndpoint } from '../server/integrations/add-endpoint.ts'
import type { WebhookEvent } from '../shared/webhooks.ts'
import { type Club, openClub } from './support/club.ts'
import { openReceiver, type Receiver, verify } from './support/webhook-receiver.ts'
import { SCHEMA_FILE, schemaText } from './support/write-outbound-schema.ts'

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
  const { payment_intent } = club.stripe.session(session)
  await club.stripe.refund(session, 500)
  await club.settle()
  expect(types()).toEqual(['order.paid', 'order.refunded'])
  const now = club.desk.post.clock.now()
  const [paid, refunded] = other.got.map((each) => verify(each, secret ?? '', now))
  expect(payment_intent).toBeTruthy()
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
