import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { furnish } from '../server/furnish.ts'
import { addEndpoint } from '../server/integrations/add-endpoint.ts'
import { type Emitted, emit } from '../server/integrations/emit.ts'
import { pruneOutbound } from '../server/integrations/prune-outbound.ts'
import { openTurnstile } from '../server/integrations/turnstile.ts'
import { openLog } from '../server/log.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import { Later } from '../server/ports.ts'
import { createHandler } from '../server/reactions.ts'
import { drainJobs } from '../server/store/drain-jobs.ts'
import type { EndpointRow } from '../server/store/tables.ts'
import { ENGINES, type Engine } from './support/engines.ts'
import { type House, openHouse, TEA } from './support/house.ts'
import { runHere } from './support/run-noren.ts'
import { openReceiver, type Receiver, type Reply, verify } from './support/webhook-receiver.ts'

const HOUR = 3_600
const DAY = 24 * HOUR

let house: House
let other: Receiver
let zapier: EndpointRow

async function open(engine?: Engine): Promise<void> {
  other = await openReceiver()
  house = await openHouse({
    ...(engine ? { engine } : {}),
    env: { OUTBOUND_HOSTS: other.host },
  })
  zapier = await add({ id: 'zapier' })
}
async function closeAll(): Promise<void> {
  await house.close()
  await other.close()
}

const now = () => house.desk.post.clock.now()
const noren = (...words: string[]) => runHere(house, 'outbound', ...words)

function add(ask: { url?: string; id?: string; events?: string[]; format?: string } = {}) {
  const { outbound, post } = house.outbound
  return addEndpoint({ ...post, outbound }, { url: other.url, ...ask })
}

const link = (subject: string, personId: string): Emitted<'person.linked'> => ({
  type: 'person.linked',
  subject,
  object: `person:${personId}`,
  personId,
  data: async () => ({
    person: {
      ...{
        id: personId,
        lineUserId: null,
        discordUserId: null,
        name: null,
        email: null,
        language: null,
      },
      role: 'guest',
    },
    ...{ account: null, customers: [subject], how: 'checkout', was: null, order: null },
  }),
})

/** Something happens to a person; `subject` says what. */
async function happen(subject: string, personId = 'hanako'): Promise<void> {
  await house.store.transaction((tx) => emit(house.desk.post, tx, link(subject, personId)))
}

/** What was said of each person and taken, in order: `cus_1 cus_2`. */
function takenOf(personId: string): string[] {
  return other.taken().flatMap((event) => {
    if (event.type !== 'person.linked' || event.data.person.id !== personId) return []
    return event.data.customers
  })
}
const ids = () => other.got.map(({ id }) => id)

const states = async () =>
  (await house.store.db.selectFrom('outbound_deliveries').select('state').execute()).map(
    ({ state }) => state,
  )
const endpoint = (id = 'zapier') =>
  house.store.db.selectFrom('endpoints').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

describe.each(ENGINES)('on %s', (engine) => {
  beforeEach(() => open(engine))
  afterEach(closeAll)

  test('two workers at once send each message once, and those of one person in their order', async () => {
    for (let at = 0; at < 12; at++) await happen(`cus_${at}`, `person ${at % 3}`)
    const log = openLog('silent', { write: () => {} })
    const second = furnish(house.config, house.desk.post.clock, log)
    const beside = createHandler(second.house)
    const drain = () => second.store.drain(beside)
    await Promise.all([house.settleFor(60), drain(), drain()])
    await house.settleFor(60)
    await second.close()
    expect(new Set(ids()).size).toBe(12)
    expect(ids()).toHaveLength(12)
    for (const person of [0, 1, 2])
      expect(takenOf(`person ${person}`)).toEqual([0, 3, 6, 9].map((at) => `cus_${at + person}`))
  })
})

describe('one receiver', () => {
  beforeEach(() => open())
  afterEach(closeAll)

  test('a receiver that is down for two days gets everything afterwards, in order and once', async () => {
    other.answer = () => 503
    await happen('cus_1')
    await house.settleFor(DAY)
    await happen('cus_2')
    await happen('cus_9', 'taro')
    await house.settleFor(DAY)
    expect(other.taken()).toEqual([])
    // Behind the first nobody was tried: 5 s, 5 min, 30 min, 2 h, 5 h, and every 10 h.
    const first = ids().filter((id) => id === ids()[0])
    expect(first.length).toBeGreaterThan(8)
    expect(first.length).toBeLessThan(14)
    expect(new Set(ids()).size).toBe(2)
    other.answer = () => 200
    // The first that is taken again calls the others, hours before their own time.
    await happen('cus_10', 'jiro')
    await house.settleFor(60)
    expect(takenOf('hanako')).toEqual(['cus_1', 'cus_2'])
    expect(takenOf('taro')).toEqual(['cus_9'])
    expect(new Set(await states())).toEqual(new Set(['delivered']))
    expect(await endpoint()).toMatchObject({ state: 'on', failing_since: null })
    const before = other.got.length
    await house.settleFor(5 * DAY)
    expect(other.got).toHaveLength(before)
  })

  test('after three days of nothing but failures it is switched off, the shop hears of it, and what waited comes when it is on again', async () => {
    other.answer = () => ({ status: 500, body: 'Database of Hanako is down\nat line 3' })
    await happen('cus_1')
    await house.settleFor(2 * DAY)
    await happen('cus_2')
    await house.settleFor(3 * DAY)
    expect(await endpoint()).toMatchObject({ state: 'off', off_reason: 'answered 500' })
    const heard = house.heard(house.staff)
    expect(heard).toHaveLength(1)
    expect(heard[0]).toContain(`連携先「zapier」（${other.host}）`)
    expect(heard[0]).toContain('answered 500')
    expect(heard[0]).not.toContain('Hanako')
    expect(heard[0]).toMatch(/\nnpm run noren -- outbound enable zapier$/)
    const before = other.got.length
    await happen('cus_3')
    await house.settleFor(5 * DAY)
    expect(other.got).toHaveLength(before)
    expect((await runHere(house, 'status')).said).toContain('outbound enable zapier')
    other.answer = () => 200
    expect((await noren('enable', 'zapier')).said).toContain('3 that waited')
    await house.settleFor(HOUR)
    expect(takenOf('hanako')).toEqual(['cus_1', 'cus_2', 'cus_3'])
  })

  test('where nobody listens, nothing is written', async () => {
    await noren('remove', 'zapier')
    await happen('cus_1')
    expect(await states()).toEqual([])
    expect(await house.store.openJobs()).toBe(0)
  })

  test('each hears of what it asked for, and what is said twice is told once', async () => {
    await add({ id: 'orders', events: ['order.*'] })
    await add({ id: 'links', events: ['member.left', 'person.linked'] })
    await happen('cus_1')
    await happen('cus_1')
    await house.settle()
    expect(ids()).toHaveLength(2)
    expect(new Set(ids()).size).toBe(1)
  })

  test('410 switches it off at once; a way elsewhere is not taken, however near', async () => {
    const elsewhere = await openReceiver()
    other.answer = () => ({ status: 307, headers: { location: elsewhere.url } })
    await happen('cus_1')
    await house.settle()
    expect(elsewhere.got).toEqual([])
    expect((await endpoint()).state).toBe('on')
    other.answer = () => 410
    await house.settleFor(10)
    expect(await endpoint()).toMatchObject({ state: 'off', off_reason: 'answered 410' })
    expect(await states()).toEqual(['pending'])
    await elsewhere.close()
  })

  test('a message that it alone refuses for three days is given up, and what is behind it goes on', async () => {
    other.answer = ({ body }) => (body.includes('cus_bad') ? 422 : 200)
    await happen('cus_bad')
    await happen('cus_2')
    for (let hour = 0; hour < 4 * 24; hour += 12) {
      await happen(`cus_at_${hour}`, 'taro')
      await house.settleFor(12 * HOUR)
      house.forward({ hours: 2 })
    }
    expect((await endpoint()).state).toBe('on')
    expect(takenOf('hanako')).toEqual(['cus_2'])
    expect((await states()).filter((state) => state === 'dead')).toHaveLength(1)
    expect((await runHere(house, 'status')).said).toContain('outbound deliveries zapier --dead')
    expect((await noren('deliveries', 'zapier', '--dead')).said).toContain('answered 422')
  })

  test('one failure is no outage of three days, whatever failed long ago and is not to be sent any more', async () => {
    await happen('cus_1')
    await house.settle()
    other.answer = () => 500
    await happen('cus_2', 'taro')
    await house.settle()
    // Whom it was about is forgotten, so that nothing is left by which the endpoint could do better.
    await house.store.db
      .updateTable('outbound_deliveries')
      .set({ state: 'skipped' })
      .where('state', '=', 'pending')
      .execute()
    house.forward({ hours: 5 * 24 })
    expect((await runHere(house, 'status')).said).not.toMatch(/failing since|taken nothing/)
    expect((await noren('list', '--json')).said).toContain('"failing since": null')
    await happen('cus_3', 'jiro')
    await house.settle()
    expect(await endpoint()).toMatchObject({ state: 'on' })
    expect(house.heard(house.staff)).toEqual([])
    await house.settleFor(4 * DAY)
    expect(await endpoint()).toMatchObject({ state: 'off' })
  })

  test('what was written down while its endpoint was being removed holds up nothing for another of the same name', async () => {
    await happen('cus_1')
    // On Postgres whoever writes may not see yet that it goes.
    await house.store.db.deleteFrom('endpoints').execute()
    await house.settle()
    await add({ id: 'zapier' })
    await happen('cus_2')
    await house.settleFor(60)
    expect(takenOf('hanako')).toEqual(['cus_2'])
    expect(await states()).toEqual(['delivered'])
  })

  test('it is left alone for as long as it asks', async () => {
    other.answer = () => ({ status: 429, headers: { 'retry-after': '900' } })
    await happen('cus_1')
    await house.settleFor(880)
    expect(other.got).toHaveLength(1)
    await house.settleFor(910)
    expect(other.got).toHaveLength(2)
  })

  test('a receiver that is slow holds up no message to a buyer, and no other receiver', async () => {
    const quick = await openReceiver()
    await house.close()
    house = await openHouse({ env: { OUTBOUND_HOSTS: `${other.host},${quick.host}` } })
    await add({ id: 'slow' })
    await add({ id: 'quick', url: quick.url })
    const awake = Promise.withResolvers<void>()
    other.answer = () => ({ status: 200, after: awake.promise })
    for (let at = 0; at < 20; at++) await happen(`cus_${at}`, `person ${at}`)
    const session = await house.order(house.hanako, house.stripe.addLink(TEA).id)
    await house.stripe.payByCard(session)
    const settled = house.settleFor(60)
    const told = () => [house.heard(house.hanako.userId).length, quick.got.length]
    await expect.poll(told, { timeout: 10_000 }).toEqual([1, 21])
    expect(other.got).toHaveLength(4)
    awake.resolve()
    await settled
    expect(other.got).toHaveLength(21)
    await quick.close()
  })

  test('a process that dies before it has noted the answer sends again under the same id', async () => {
    await happen('cus_1')
    const { outbound, post } = house.outbound
    const dying = {
      ...house.outbound,
      post: {
        ...post,
        store: {
          ...post.store,
          single: (statement: Parameters<typeof post.store.single>[0]) =>
            other.got.length > 0
              ? Promise.reject(new Error('killed'))
              : post.store.single(statement),
        },
      },
      outbound,
    }
    await house.store.drain(createHandler({ ...house.house, outbound: dying as never }))
    expect(ids()).toHaveLength(1)
    await house.settleFor(20)
    expect(ids()).toHaveLength(1)
    await house.settleFor(60)
    expect(ids()).toHaveLength(2)
    expect(new Set(ids()).size).toBe(1)
    expect(await states()).toEqual(['delivered'])
  })

  test('what was taken can be sent again on purpose, under the same ids: one, or all since then', async () => {
    await happen('cus_1')
    await happen('cus_2')
    await house.settleFor(10)
    const [first, second] = ids()
    expect((await noren('replay', 'zapier', String(second))).code).toBe(0)
    await house.settleFor(10)
    expect(ids()).toEqual([first, second, second])
    expect((await noren('replay', 'zapier', '--since', '1h')).said).toContain('2 to "zapier"')
    await house.settleFor(10)
    expect(ids()).toEqual([first, second, second, first, second])
    await add({ id: 'new' })
    expect((await noren('replay', 'new', '--since', '2020-01-01')).code).toBe(0)
    await house.settleFor(10)
    expect(ids().slice(5)).toEqual([first, second])
    expect((await noren('replay', 'zapier')).code).toBe(2)
    expect((await noren('replay', 'zapier', '--since', 'yesterday')).code).toBe(2)
  })

  test('after a rotation the old secret and the new one are both good for a day, and then the new one', async () => {
    const { said } = await noren('rotate', 'zapier')
    const fresh = /whsec_\S+/.exec(said)?.[0] ?? ''
    await happen('cus_1')
    await house.settle()
    const [got] = other.got
    if (!got) throw new Error('nothing came')
    expect(verify(got, fresh, now())).toMatchObject({ type: 'person.linked' })
    expect(verify(got, zapier.secret ?? '', now())).toMatchObject({ type: 'person.linked' })
    house.forward({ hours: 25 })
    await happen('cus_2')
    await house.settle()
    const last = other.got.at(-1)
    if (!last) throw new Error('nothing came')
    expect(verify(last, fresh, now())).toMatchObject({ type: 'person.linked' })
    expect(() => verify(last, zapier.secret ?? '', now())).toThrow('No matching signature')
    expect(() => verify({ ...last, body: `${last.body} ` }, fresh, now())).toThrow()
  })

  test('the operator adds, tries, lists and removes; secrets and addresses are shown once and never logged', async () => {
    const added = await noren(
      'add',
      `${other.url}/T0/B0/secretXYZW`,
      '--id',
      'crm',
      '--events',
      'order.paid,member.*',
    )
    const secret = /whsec_\S+/.exec(added.said)?.[0] ?? ''
    expect(added.said).toContain('"crm" hears of order.paid, member.*')
    other.answer = () => ({ status: 500, body: 'no such table' })
    expect(await noren('test', 'crm')).toMatchObject({
      code: 1,
      said: expect.stringContaining('answered 500: no such table'),
    })
    other.answer = () => 200
    expect(await noren('test', 'crm')).toMatchObject({ code: 0 })
    expect(verify(other.got.at(-1) as never, secret, now())).toMatchObject({ type: 'noren.test' })
    const list = (await noren('list')).said
    expect(list).toContain(`http://${other.host}/…XYZW`)
    await noren('disable', 'crm')
    await happen('cus_1')
    await house.settle()
    const shown = [
      list,
      (await noren('list', '--json')).said,
      (await runHere(house, 'status')).said,
    ]
    for (const text of [...shown, ...house.logged]) {
      expect(text).not.toContain('secretXYZW')
      expect(text).not.toContain('whsec_')
    }
    for (const [words, said] of [
      [['add', 'http://example.com/x'], 'Only https://'],
      [
        ['add', 'https://example.com/x', '--events', 'order.eaten'],
        'There is no event "order.eaten"',
      ],
      [['add', 'https://example.com/x', '--format', 'teams'], 'A format is one of'],
      [['add', 'https://example.com/x', '--id', 'crm'], 'There is an endpoint "crm" already'],
      [['test', 'nobody'], 'There is no endpoint "nobody"'],
    ] as const)
      expect(await noren(...words)).toMatchObject({ code: 1, said: expect.stringContaining(said) })
    expect((await noren('remove', 'crm')).code).toBe(0)
    expect((await noren('remove', 'crm')).code).toBe(1)
    expect((await noren('add')).code).toBe(2)
    expect((await runHere(house, 'outbound')).code).toBe(2)
  })

  test('whoever is forgotten is in no webhook any more, and is not told of', async () => {
    const tea = house.stripe.addLink(TEA).id
    const session = await house.order(house.hanako, tea)
    await house.stripe.payByCard(session)
    await house.settle()
    other.answer = () => ({ status: 500, body: 'cannot find 花子' })
    await house.stripe.refund(session, 500)
    await house.settle()
    const { store, clock } = house.desk.post
    await forgetPerson({ store, clock }, house.hanako.userId)
    const books = JSON.stringify([
      await store.db.selectFrom('outbound_messages').selectAll().execute(),
      await store.db.selectFrom('outbound_deliveries').selectAll().execute(),
    ])
    for (const trace of [house.hanako.userId, '花子']) expect(books).not.toContain(trace)
    const sent = other.got.length
    other.answer = () => 200
    await house.settleFor(DAY)
    expect(other.got).toHaveLength(sent)
    expect((await states()).toSorted()).toEqual(['delivered', 'skipped'])
  })

  test('after 30 days a webhook is gone', async () => {
    await happen('cus_1')
    await house.settle()
    house.forward({ hours: 31 * 24 })
    await happen('cus_2')
    const turn = { keep: async () => {}, stop: new AbortController().signal }
    await pruneOutbound(house.desk.post, turn)
    expect(await states()).toEqual(['pending'])
  })

  test('whatever it answers, nothing is lost and nobody’s news overtake each other', async () => {
    // Refused more often in a row, one message alone is not there within two days.
    const replies = fc.array(fc.constantFrom<Reply>(200, 204, 302, 404, 429, 500), { maxLength: 8 })
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        replies,
        fc.array(fc.nat(2), { minLength: 1, maxLength: 6 }),
        async (answers, people) => {
          round++
          const left = [...answers]
          other.answer = () => left.shift() ?? 200
          const wanted = people.map((who, at) => [`${round} ${who}`, `cus_${round}_${at}`] as const)
          for (const [who, subject] of wanted) await happen(subject, who)
          await house.settleFor(2 * DAY)
          for (const [who] of wanted)
            expect(takenOf(who)).toEqual(
              wanted.filter(([each]) => each === who).map(([, subject]) => subject),
            )
        },
      ),
      { numRuns: 12, examples: [[Array(8).fill(500), [0]]] },
    )
  })
})

test('ten thousand behind four are told when to come, not to come again at once', () => {
  let at = 0
  const { enter } = openTurnstile(() => at)
  const leave = [1, 2, 3, 4].map(() => enter('slow'))
  at = 10
  for (const each of leave) each()
  for (let inside = 0; inside < 4; inside++) enter('slow')
  const waits = Array.from({ length: 1_000 }, () => {
    try {
      return enter('slow') && 0
    } catch (error) {
      return error instanceof Later ? error.seconds : 0
    }
  })
  expect(waits[0]).toBeGreaterThan(0.5)
  expect(waits[999]).toBeGreaterThan(500 * (waits[0] ?? 0))
  expect(enter('another')).toBeTypeOf('function')
})

test('a busy worker hardly ever looks for other systems to tell, where there are none', async () => {
  const asked = { deliver: 0, event: 0, outbound: 0 }
  let left = 2_000
  const job = { kind: 'event' as const }
  const started = await drainJobs({
    async claim(kind, most) {
      asked[kind]++
      if (kind !== 'event') return []
      const claimed = Math.min(most, left)
      left -= claimed
      return Array.from({ length: claimed }, () => job)
    },
    run: () => new Promise((resolve) => setImmediate(resolve)),
  })
  expect(started).toBe(2_000)
  expect(asked.event).toBeGreaterThan(30)
  expect(asked.outbound).toBeLessThan(10)
})
