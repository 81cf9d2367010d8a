import { setImmediate as breathe } from 'node:timers/promises'
import { sql } from 'kysely'
import { describeAccount, ensureAccount } from '../../server/people/people.store.ts'
import { type Job, Never, type StripeGateway } from '../../server/ports.ts'
import { createHandler, type House } from '../../server/reactions.ts'
import { shareNext } from '../../server/share-next.ts'
import type { SubscriptionRow } from '../../server/store/tables.ts'
import { sealReference } from '../../shared/reference.ts'
import type { Club } from './club.ts'
import type { RecordedLife } from './recorded-life.ts'

/** How the post brings a life's events. */
export type Post = {
  /** So many steps of it are lived */
  steps: number
  /** 0 ≤ x < 1, the same row of them each time */
  random: () => number
  /** Every event at its step and in its order, one after the other */
  straight?: boolean
}

/** What a life has come to. */
export type Outcome = {
  role: string
  /** Which menu is wished for; who never was anything sees the guests' */
  sign: string
  subscriptions: Omit<SubscriptionRow, 'version' | 'seen_at'>[]
  told: { kind: string; role: string; subject: string }[]
}

const MOST_TRIES = 10
let lives = 0

/**
 * Somebody new lives this life, on the club's own books, through the reactions and the queue's own jobs;
 * only Stripe is answered for from what was written down, as of the moment in which it is asked.
 */
export async function liveAgain(club: Club, life: RecordedLife, post: Post): Promise<Outcome> {
  const { steps, random, straight = false } = post
  const mark = `-r${++lives}`
  const userId = `U${lives.toString(16).padStart(32, '0')}`
  const named = <T>(what: T): T => JSON.parse(nameAll(JSON.stringify(what), mark))
  const now = club.members.post.clock.now()
  const secret = club.config.referenceSecrets[0] ?? ''
  const issuedAt = Math.floor(now.getTime() / 1000)
  const reference = sealReference({ userId, source: 'shop', issuedAt }, secret)
  await club.store.transaction(async (tx) => {
    const account = await ensureAccount(tx, userId, now)
    await describeAccount(tx, account.id, { name: '客', language: 'ja', friend: 1 })
  })

  let step = 0
  /** What was asked for is answered later, and says what was true when it was asked. */
  async function answer<T>(what: T): Promise<T> {
    const said = named(what)
    // Mostly at once, and now and then long after others who asked later.
    if (!straight) await idle(random() < 0.2 ? 30 : 3)
    return said
  }
  async function idle(most: number): Promise<void> {
    for (let turns = Math.floor(random() * most); turns > 0; turns--) await breathe()
  }
  const moment = () => life.moments[step] ?? life.moments[0]!
  const plain = (id: string) => id.split('-')[0] ?? ''
  const gateway: Partial<StripeGateway> = {
    livemode: false,
    fetchCheckout: (id) => {
      const facts = moment().checkouts.get(plain(id)) ?? null
      return answer(facts && { ...facts, reference })
    },
    fetchCustomer: (id) =>
      answer(
        moment().customers.get(plain(id)) ?? {
          ...{
            id: plain(id),
            deleted: true,
            mail: null,
            subscriptions: [],
            features: [],
            clockAt: null,
          },
        },
      ),
    isDisputed: (id) => answer(moment().disputed.has(plain(id))),
    sessionOfPayment: (id) => answer(life.sessionOfPayment.get(plain(id)) ?? null),
    sessionOfFirstPayment: (id) => answer(life.sessionOfFirstPayment.get(plain(id)) ?? null),
    subscriptionOfPayment: (id) => answer(life.subscriptionOfPayment.get(plain(id)) ?? null),
    sessionOfSubscription: (id) => answer(life.sessionOfSubscription.get(plain(id)) ?? null),
    customerOfObject: (id) => answer(life.customerOfObject.get(plain(id)) ?? null),
    paymentOf: (id) => answer(life.paymentOf.get(plain(id)) ?? null),
  }

  /** Bells that were rung within; menus and messages stay where they are written. */
  const own: string[] = []
  /** Two processes: each shares its own looks at Stripe, and neither knows of the other's. */
  const handlers = [1, 2].map(() => createHandler(houseOf(club, gateway as StripeGateway, own)))
  async function ring(ref: string): Promise<void> {
    const handle = handlers[random() < 0.5 ? 0 : 1]!
    for (let attempts = 1; ; attempts++)
      try {
        return await handle({ kind: 'event', ref, attempts })
      } catch (error) {
        if (error instanceof Never || attempts === MOST_TRIES) throw error
      }
  }

  const letters = await writeLetters(club, named(lettersOf(life, post)), mark)
  const under: Promise<void>[] = []
  const patience = straight ? 1 : random()
  for (const letter of letters) {
    step = letter.step
    const ringing = ring(letter.id)
    if (straight || random() < patience) await ringing
    else under.push(ringing)
    if (!straight) await idle(4)
    while (own.length > 0 && (straight || random() < 0.5)) {
      const at = straight ? 0 : Math.floor(random() * own.length)
      under.push(ring(own.splice(at, 1)[0]!))
      if (straight) await under.at(-1)
    }
  }
  step = steps - 1
  await Promise.all(under)
  while (own.length > 0) await Promise.all(own.splice(0).map(ring))
  return outcomeOf(club, userId, mark)
}

function nameAll(json: string, mark: string): string {
  return json.replaceAll(/"((?:cus|sub|cs|pi|in|re|ch|du|dp|py)_\w+)"/g, `"$1${mark}"`)
}

type Letter = { step: number; type: string; doorbell: unknown }

/** In whichever order, some of them twice, each no sooner than its step has happened. */
function lettersOf(life: RecordedLife, { steps, random, straight = false }: Post): Letter[] {
  const lived = life.events.filter((event) => event.step < steps)
  if (straight) return lived
  const twice = lived.filter(() => random() < 0.15)
  return [...lived, ...twice]
    .map((event) => ({ ...event, at: event.step + random() * (steps - event.step) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, ...event }) => ({ ...event, step: Math.floor(at) }))
}

async function writeLetters(club: Club, letters: Letter[], mark: string) {
  const received_at = new Date().toISOString()
  const rows = letters.map(({ type, doorbell }, at) => ({
    id: `evt_${at}${mark}`,
    source: 'stripe' as const,
    type,
    doorbell: JSON.stringify(doorbell),
    received_at,
    handled_at: null,
    outcome: null,
  }))
  await club.store.transaction((tx) => tx.insertInto('events').values(rows).execute())
  return letters.map(({ step }, at) => ({ step, id: rows[at]?.id ?? '' }))
}

function houseOf({ house, store }: Club, stripe: StripeGateway, own: string[]): House {
  const enqueue = async (_tx: unknown, jobs: readonly Job[]) => {
    for (const { kind, ref } of jobs)
      if (kind === 'event' && /^noren_(customer|person)_/.test(ref)) own.push(ref)
  }
  // What is said is kept as it is meant: to lay out a letter costs more than all the rest.
  const channel = {
    ...house.delivery.channel,
    render: (message: unknown) => JSON.stringify(message),
  }
  const post = { ...house.delivery, channel, store: { ...store, enqueue } }
  return {
    ...house,
    delivery: post,
    desk: { ...house.desk, post, stripe },
    members: { post, stripe, share: shareNext<boolean>() },
  }
}

async function outcomeOf({ store: { db } }: Club, userId: string, mark: string): Promise<Outcome> {
  const account = `line:${userId}`
  const member = await db
    .selectFrom('accounts')
    .leftJoin('memberships', 'memberships.person_id', 'accounts.person_id')
    .leftJoin('signs', 'signs.account_id', 'accounts.id')
    .select(['accounts.person_id', 'memberships.role', 'signs.role as sign'])
    .where('accounts.id', '=', account)
    .executeTakeFirstOrThrow()
  const rows = await db
    .selectFrom('subscriptions')
    .innerJoin('customers', 'customers.id', 'subscriptions.customer_id')
    .selectAll('subscriptions')
    .where('person_id', '=', member.person_id)
    .orderBy('subscriptions.id')
    .execute()
  const told = await db
    .selectFrom('deliveries')
    .select(['kind', 'body', 'subject'])
    .where('account_id', '=', account)
    .where('kind', 'not in', ['paid', 'refunded'])
    .orderBy(sql`rowid`)
    .execute()
  return JSON.parse(
    JSON.stringify({
      role: member.role ?? 'guest',
      sign: member.sign ?? 'guest',
      subscriptions: rows.map(({ version: _, seen_at: __, ...row }) => row),
      told: told.map(({ kind, body, subject }) => ({ kind, subject, role: JSON.parse(body).role })),
    }).replaceAll(mark, ''),
  )
}
