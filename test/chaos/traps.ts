import { setImmediate as aMoment } from 'node:timers/promises'
import type { LineStandIn } from '../sandbox/line/start.ts'
import type { Fault, StripeSandbox } from '../sandbox/types.ts'

/** One order on its way, and everything that a trap may look at. */
export type Scene = {
  stripe: StripeSandbox
  line: LineStandIn
  session: string
  /** Aborted when the trap has waited long enough */
  signal: AbortSignal
  /** Where the house answers */
  url: string
  /** The statuses that Stripe heard for this order's webhook, 0 for none */
  answers: number[]
  /** Holds the database's lock from now on: the house can finish nothing that it wants to write. */
  lock(): void
  /** The same if nobody else holds it just now */
  tryLock(): boolean
  unlock(): void
  /** Is there a row? `$session` stands for the order's. */
  holds(text: string): boolean
  /** Resolves with the vendor's next answer to such a request. */
  answered(on: RegExp): Promise<void>
}

/**
 * A step that the house is caught in. `spring` resolves when it stands there (and mostly cannot go on)
 * or has slipped through; `proof` looks at the books (and LINE's) after the kill: was it that step?
 */
export type Trap = {
  step: string
  spring(scene: Scene): Promise<void>
  proof(scene: Scene): boolean
}

const PUSH = /^POST .*\/message\/push/
const FETCH = /^GET \/v1\/checkout\/sessions\//
const EVENT = `from events where doorbell like '%' || $session || '%'`
const EVENT_JOB = `from jobs where kind = 'event' and ref in (select id ${EVENT})`
const OUR_DELIVERY = `from deliveries where kind = 'paid' and order_id = $session`
const DELIVER_JOB = `from jobs where kind = 'deliver' and ref in (select id ${OUR_DELIVERY})`

const inBook = ({ line, session }: Scene) =>
  line.book().some(({ messages }) => JSON.stringify(messages).includes(session))

/** In the order in which an order meets them. */
export const TRAPS: readonly Trap[] = [
  {
    step: 'webhook arrived, not written',
    async spring({ lock, url, stripe, session }) {
      lock()
      void stripe.payByCard(session)
      // Asked twice after it was sent: by then the house has read it, and waits for the lock.
      for (let asked = 0; asked < 2; asked++) await (await fetch(`${url}/healthz`)).text()
    },
    proof: ({ holds, answers }) =>
      !holds(`select 1 ${EVENT}`) && answers.every((status) => status === 0),
  },
  {
    step: 'webhook written, not answered',
    async spring(scene) {
      void scene.stripe.payByCard(scene.session)
      await watchFor(scene, () => scene.holds(`select 1 ${EVENT}`))
    },
    proof: ({ holds, answers }) =>
      holds(`select 1 ${EVENT}`) && !answers.some((status) => status === 200),
  },
  caught('webhook written, not claimed', `select 1 ${EVENT_JOB} and claimed_until is null`),
  {
    step: 'claimed, not fetched',
    async spring({ stripe, session }) {
      const arrived = freeze(stripe, FETCH, true)
      void stripe.payByCard(session)
      await arrived
    },
    proof: ({ holds }) =>
      holds(`select 1 ${EVENT_JOB} and claimed_until is not null`) &&
      !holds('select 1 from orders where id = $session'),
  },
  {
    step: 'fetched, not written',
    spring: (scene) => answeredBehindLock(scene, scene.stripe, FETCH),
    proof: ({ holds, stripe, session }) =>
      stripe.requests.some((line) => line.includes(session)) &&
      !holds('select 1 from orders where id = $session'),
  },
  caught(
    'order and message written, event not marked',
    `select 1 from orders where id = $session and exists (select 1 ${OUR_DELIVERY})
     and exists (select 1 ${EVENT} and handled_at is null)`,
  ),
  caught(
    'event marked, its job still there',
    `select 1 ${EVENT_JOB} and exists (select 1 from events where handled_at is not null and id = jobs.ref)`,
  ),
  caught(
    'message claimed, nothing noted',
    `select 1 ${OUR_DELIVERY} and attempts = 0 and exists (select 1 ${DELIVER_JOB} and claimed_until is not null)`,
  ),
  {
    step: 'push sent, not arrived',
    async spring({ line, stripe, session }) {
      const arrived = freeze(line, PUSH, true)
      void stripe.payByCard(session)
      await arrived
    },
    proof: (scene) =>
      scene.holds(`select 1 ${OUR_DELIVERY} and attempts = 1 and state = 'pending'`) &&
      !inBook(scene),
  },
  {
    step: 'push taken, not answered',
    async spring(scene) {
      const arrived = freeze(scene.line, PUSH, 'after')
      void scene.stripe.payByCard(scene.session)
      await arrived
      while (!scene.signal.aborted && !inBook(scene)) await aMoment()
    },
    proof: (scene) =>
      scene.holds(`select 1 ${OUR_DELIVERY} and state = 'pending'`) && inBook(scene),
  },
  {
    step: 'push answered, not marked',
    spring: (scene) => answeredBehindLock(scene, scene.line, PUSH),
    proof: (scene) =>
      scene.holds(`select 1 ${OUR_DELIVERY} and state = 'pending'`) && inBook(scene),
  },
  caught(
    'message marked, its job still there',
    `select 1 ${DELIVER_JOB} and exists (select 1 ${OUR_DELIVERY} and state = 'accepted')`,
  ),
]

/** Takes the lock, looks, gives it back, until it holds the lock while the books say just that. */
function caught(step: string, text: string): Trap {
  return {
    step,
    async spring(scene) {
      void scene.stripe.payByCard(scene.session)
      await watchFor(scene, () => {
        if (!scene.tryLock()) return false
        const there = scene.holds(text)
        if (!there) scene.unlock()
        return there
      })
    },
    proof: ({ holds }) => holds(text),
  }
}

/** A house that is looked at without a pause would never get its own lock. */
const BETWEEN_LOOKS_MS = 0.2
/** The vendors' stand-ins live in this very loop, and must get their turn. */
const LOOKS_IN_A_ROW_MS = 15
const nap = new Int32Array(new SharedArrayBuffer(4))

/** Looks as often as it can, since a step may last two milliseconds; ends when the order is through. */
async function watchFor(scene: Scene, look: () => boolean): Promise<void> {
  while (!scene.signal.aborted && !isThrough(scene)) {
    const until = performance.now() + LOOKS_IN_A_ROW_MS
    for (; performance.now() < until; Atomics.wait(nap, 0, 0, BETWEEN_LOOKS_MS)) if (look()) return
    await aMoment()
  }
}

export function isThrough({ holds }: Scene): boolean {
  return (
    holds(`select 1 ${OUR_DELIVERY} and state = 'accepted'`) &&
    !holds(`select 1 ${DELIVER_JOB}`) &&
    !holds(`select 1 ${EVENT_JOB}`)
  )
}

type Vendor = { addFault(fault: Fault): void }

/** Resolves when such a request has arrived; it is never answered. */
function freeze(vendor: Vendor, on: RegExp, hang: true | 'after'): Promise<void> {
  return new Promise((arrived) => {
    const when = () => {
      arrived()
      return true
    }
    vendor.addFault({ on, times: Infinity, hang, when })
  })
}

/** The house gets its answer, and can write nothing of it down. */
async function answeredBehindLock(scene: Scene, vendor: Vendor, on: RegExp): Promise<void> {
  const when = () => {
    scene.lock()
    return true
  }
  vendor.addFault({ on, times: 1, when })
  const answered = scene.answered(on)
  void scene.stripe.payByCard(scene.session)
  await answered
}
