import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HTTPFetchError } from '@line/bot-sdk'
import { afterEach, describe, expect, test } from 'vitest'
import { outcomeOf } from '../server/line/judge-answer.ts'
import {
  type Answer,
  judge,
  MOST_ATTEMPTS,
  POLICY,
  pauseSeconds,
  type Rule,
  readRetryAfter,
  retryDelay,
  spread,
  type Vendor,
} from '../server/retry-policy.ts'
import { type House, openHouse, TEA } from './support/house.ts'

const VENDORS = Object.keys(POLICY) as Vendor[]
const NAMES: Record<Vendor, string> = {
  line: 'LINE',
  'line token': 'LINE, asked for an access token',
  stripe: 'Stripe',
  smtp: 'a mail server',
  discord: 'Discord',
  webhook: 'another system’s webhook',
}
const FATES: Record<Rule['fate'], string> = {
  accepted: 'done',
  again: 'again',
  never: 'never',
  pause: 'pause',
  person: 'needs a person',
}

const headOf = (vendor: Vendor) => `| ${NAMES[vendor]} | means | taken? | why |`

/** A vendor's table as the document has it. */
function tableOf(vendor: Vendor): string[] {
  const rows = POLICY[vendor].map(({ when, fate, taken, counts, why }) => {
    const uncounted = fate === 'again' && !counts ? ', not counted' : ''
    return `| ${when} | ${FATES[fate]}${uncounted} | ${taken} | ${why} |`
  })
  return [headOf(vendor), '|---|---|---|---|', ...rows]
}

test.each(VENDORS)('the document says of %s what the code does, row by row', (vendor) => {
  const file = join(import.meta.dirname, '..', 'docs', 'when-things-fail.md')
  const lines = readFileSync(file, 'utf8').split('\n')
  const from = lines.indexOf(headOf(vendor))
  expect(lines.slice(from, lines.indexOf('', from))).toEqual(tableOf(vendor))
})

const NOT_VERIFIED = '554 Message rejected: Email address is not verified.'
const CASES: [Vendor, string, Answer, Rule['fate'], Rule['taken']][] = [
  ['line', 'taken', { status: 200 }, 'accepted', 'yes'],
  ['line', 'taken before', { status: 409 }, 'accepted', 'yes'],
  [
    'line',
    'the month',
    { status: 429, words: 'You have reached your monthly limit.' },
    'pause',
    'no',
  ],
  [
    'line',
    'too fast',
    { status: 429, words: 'The API rate limit has been exceeded.' },
    'again',
    'no',
  ],
  ['line', 'a refused token', { status: 401 }, 'person', 'no'],
  ['line', 'an account without permission', { status: 403 }, 'person', 'no'],
  ['line', 'a bad message', { status: 400 }, 'never', 'no'],
  ['line', 'out of order', { status: 503 }, 'again', 'perhaps'],
  ['line', 'refused connection', { status: null, code: 'ECONNREFUSED' }, 'again', 'no'],
  ['line', 'no such host', { status: null, code: 'ENOTFOUND' }, 'again', 'no'],
  ['line', 'slow to connect', { status: null, code: 'UND_ERR_CONNECT_TIMEOUT' }, 'again', 'no'],
  [
    'line',
    'a false certificate',
    { status: null, code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    'again',
    'no',
  ],
  ['line', 'silence', { status: null, code: 'UND_ERR_HEADERS_TIMEOUT' }, 'again', 'perhaps'],
  ['line', 'a broken line', { status: null, code: 'ECONNRESET' }, 'again', 'perhaps'],
  ['line', 'what LINE never says', { status: 302 }, 'again', 'perhaps'],
  ['line token', 'a wrong secret', { status: 400 }, 'person', 'no'],
  ['line token', 'silence', { status: null }, 'again', 'no'],
  ['stripe', 'too fast', { status: 429 }, 'again', 'no'],
  ['stripe', 'too fast, the old way', { status: 400, code: 'rate_limit' }, 'again', 'no'],
  ['stripe', 'a refused key', { status: 401 }, 'person', 'no'],
  ['stripe', 'a key without permission', { status: 403 }, 'person', 'no'],
  ['stripe', 'not found yet', { status: 404 }, 'again', 'no'],
  ['stripe', 'a bad request', { status: 400, code: 'parameter_unknown' }, 'never', 'no'],
  ['stripe', 'out of order', { status: 500 }, 'again', 'perhaps'],
  ['stripe', 'slow', { status: null, code: 'ETIMEDOUT' }, 'again', 'perhaps'],
  ['smtp', 'taken', { status: 250 }, 'accepted', 'yes'],
  ['smtp', 'grey-listed', { status: 450, code: '4.2.0' }, 'again', 'no'],
  ['smtp', 'a refused login', { status: 535, code: '5.7.8' }, 'person', 'no'],
  [
    'smtp',
    'the day',
    { status: 550, code: '5.4.5', words: 'Daily user sending limit exceeded' },
    'pause',
    'no',
  ],
  [
    'smtp',
    'a sender whom the service has not verified',
    { status: 554, words: NOT_VERIFIED, to: 'DATA' },
    ...(['person', 'no'] as const),
  ],
  ['smtp', 'no such mailbox', { status: 550, code: '5.1.1' }, 'never', 'no'],
  [
    'smtp',
    'a shop that may not send',
    { status: 550, code: '5.7.1', to: 'MAIL FROM' },
    'person',
    'no',
  ],
  ['smtp', 'a server without TLS', { status: 502, to: 'STARTTLS' }, 'person', 'no'],
  ['smtp', 'no login in common', { status: null, code: 'EAUTH' }, 'person', 'no'],
  ['smtp', 'an address that is none', { status: null, code: 'EENVELOPE' }, 'never', 'no'],
  ['smtp', 'no greeting', { status: null, code: 'GREETING_TIMEOUT' }, 'again', 'no'],
  ['smtp', 'silence', { status: null, code: 'ETIMEDOUT' }, 'again', 'perhaps'],
  ['discord', 'taken', { status: 204 }, 'accepted', 'yes'],
  ['discord', 'too fast', { status: 429, retryAfter: 2 }, 'again', 'no'],
  ['discord', 'a refused token', { status: 401 }, 'person', 'no'],
  ['discord', 'closed to messages', { status: 403, code: '50007' }, 'never', 'no'],
  ['discord', 'no more', { status: 400, code: '50033' }, 'never', 'no'],
  ['discord', 'too many chats', { status: 403, code: '40003' }, 'again', 'no'],
  ['discord', 'no permission', { status: 403, code: '50013' }, 'person', 'no'],
  ['discord', 'no such channel', { status: 404, code: '10003' }, 'never', 'no'],
  ['discord', 'a page of what stands before it', { status: 400 }, 'again', 'no'],
  ['discord', 'out of order', { status: 502 }, 'again', 'perhaps'],
  ['webhook', 'gone', { status: 410 }, 'person', 'no'],
  ['webhook', 'a way elsewhere', { status: 307 }, 'again', 'no'],
  ['webhook', 'not set up yet', { status: 404 }, 'again', 'no'],
  ['webhook', 'our own network', { status: null, code: 'ENOTPUBLIC' }, 'again', 'no'],
]

test.each(CASES)('%s, %s', (vendor, _, answer, fate, taken) => {
  expect(judge(vendor, answer)).toMatchObject({ fate, taken })
})

test.each(VENDORS)('every rule for %s can be met', (vendor) => {
  const met = new Set<Rule | undefined>()
  const silences = ['ECONNREFUSED', 'ENOTPUBLIC', 'EAUTH', 'EENVELOPE', undefined]
  const answers: Answer[] = silences.map((code) => ({ status: null, code }))
  for (let status = 200; status < 600; status++)
    for (const code of [undefined, '50007', '40003', '5.4.5', 'rate_limit'])
      for (const more of [
        {},
        { words: 'monthly limit' },
        { words: NOT_VERIFIED },
        { to: 'MAIL FROM' },
      ])
        answers.push({ status, code, ...more })
  for (const answer of answers) met.add(POLICY[vendor].find(({ fits }) => fits(answer)))
  expect(POLICY[vendor].filter((rule) => !met.has(rule)).map(({ when }) => when)).toEqual([])
})

describe('how long', () => {
  test('is what the vendor asks for, in seconds or as a date, but an hour at the most', () => {
    const now = new Date('2026-11-22T03:00:00Z')
    expect(readRetryAfter('7', now)).toBe(7)
    expect(readRetryAfter('Sun, 22 Nov 2026 03:00:30 GMT', now)).toBe(30)
    expect(readRetryAfter('Sun, 22 Nov 2026 02:00:00 GMT', now)).toBe(0)
    expect(readRetryAfter('soon', now)).toBeUndefined()
    expect(readRetryAfter(null, now)).toBeUndefined()
    expect(judge('line', { status: 503, retryAfter: 7 }).retryAfter).toBe(7)
    expect(judge('line', { status: 503, retryAfter: 1e9 }).retryAfter).toBe(3_600)
  })

  test('is three days in all for what fails again and again', () => {
    let seconds = 0
    for (let at = 1; at < MOST_ATTEMPTS; at++) seconds += retryDelay(at, () => 0.5)
    expect(seconds / 86_400).toBeGreaterThan(2.5)
    expect(seconds / 86_400).toBeLessThan(3.5)
  })

  test('of a pause grows to five minutes, and is an hour where the month is used up', () => {
    expect([0, 1, 2, 6, 500].map((failures) => pauseSeconds('outage', failures))).toEqual([
      5, 10, 20, 300, 300,
    ])
    expect(pauseSeconds('quota', 0)).toBe(3_600)
  })

  test('differs for those that wait together, and nobody comes early', () => {
    for (const seconds of [1, 60, 3_600]) {
      expect(spread(seconds, () => 0)).toBe(seconds)
      expect(spread(seconds, () => 1)).toBeGreaterThanOrEqual(seconds + 5)
      expect(spread(seconds, () => 1)).toBeLessThanOrEqual(seconds + 300)
    }
  })
})

test('LINE’s own words and times reach whoever must look', () => {
  const headers = new Headers({ 'retry-after': '9' })
  const busy = { status: 429, statusText: '', headers, body: '{"message":"slow down"}' }
  expect(outcomeOf(new HTTPFetchError('429', busy))).toEqual({
    state: 'again',
    reason: 'LINE answered 429: {"message":"slow down"}',
    maybeAccepted: false,
    busy: true,
    retryAfter: 9,
  })
})

describe('when Stripe will not answer about an order', () => {
  const SESSION = /GET \/v1\/checkout\/sessions\/cs_/
  let house: House
  afterEach(() => house.close())

  async function buyers(count: number): Promise<void> {
    const tea = house.stripe.addLink(TEA).id
    for (let at = 0; at < count; at++) {
      const session = house.stripe.visit(house.stripe.link(tea)?.url ?? '')
      await house.stripe.payByCard(session)
    }
  }
  const events = () =>
    house.store.db.selectFrom('events').selectAll().where('source', '=', 'stripe').execute()
  const completed = async () =>
    (await events()).filter(({ type }) => type === 'checkout.session.completed')
  const errors = (status: number, code: string, message: string) => ({
    status,
    body: { error: { type: 'invalid_request_error', code, message } },
  })

  test('being too fast uses up no attempt', async () => {
    house = await openHouse()
    const fault = errors(429, 'rate_limit', 'Too many requests')
    house.stripe.addFault({ on: SESSION, times: 5, ...fault })
    await buyers(1)
    await house.settleFor(60)
    expect(await completed()).toMatchObject([{ outcome: 'handled', attempts: 0 }])
    expect(house.heard(house.staff)).toHaveLength(1)
  })

  test.each([401, 403])(
    'a key that is refused (%i) is shouted once, not once an order, and costs nothing',
    async (status) => {
      house = await openHouse()
      const fault = errors(status, 'no', 'The provided key is not allowed to do this')
      house.stripe.addFault({ on: SESSION, times: Number.POSITIVE_INFINITY, ...fault })
      await buyers(3)
      await house.settleFor(2 * 3_600)
      expect(await completed()).toMatchObject(
        Array(3).fill({
          outcome: null,
          attempts: 0,
          error: expect.stringContaining('not allowed'),
        }),
      )
      const shouted = house.logged.filter((line) => line.includes('only a person can mend'))
      expect(shouted).toHaveLength(1)
      house.stripe.clearFaults()
      await house.settleFor(1_200)
      expect(house.heard(house.staff)).toHaveLength(3)
    },
  )

  test('what it will never answer is given up with its words, and the staff are told', async () => {
    house = await openHouse()
    const fault = errors(400, 'parameter_unknown', 'Received unknown parameter: colour')
    house.stripe.addFault({ on: SESSION, times: 1, ...fault })
    await buyers(1)
    await house.settleFor(120)
    expect(await completed()).toMatchObject([
      { outcome: 'dead', error: expect.stringContaining('unknown parameter: colour') },
    ])
    expect(house.heard(house.staff)).toMatchObject([
      expect.stringMatching(
        /処理できなかったお知らせが 1 件.*\nnpm run noren -- events --unhandled$/,
      ),
    ])
  })
})
