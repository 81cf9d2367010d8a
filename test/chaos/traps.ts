import { setImmediate as aMoment } from 'node:timers/promises'
import { DELIVER_JOB, EVENT, EVENT_JOB, inBook, OUR_DELIVERY, type Scene } from './scene.ts'
import { answeredBehindLock, freeze, watchFor } from './spring.ts'

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
