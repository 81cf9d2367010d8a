import { setImmediate as aMoment } from 'node:timers/promises'
import type { Fault } from '../sandbox/types.ts'
import { isThrough, type Scene } from './scene.ts'

/** A house that is looked at without a pause would never get its own lock. */
const BETWEEN_LOOKS_MS = 0.2
/** The vendors' stand-ins live in this very loop, and must get their turn. */
const LOOKS_IN_A_ROW_MS = 15
const nap = new Int32Array(new SharedArrayBuffer(4))

/** Looks as often as it can, since a step may last two milliseconds; ends when the order is through. */
export async function watchFor(scene: Scene, look: () => boolean): Promise<void> {
  while (!scene.signal.aborted && !isThrough(scene)) {
    const until = performance.now() + LOOKS_IN_A_ROW_MS
    for (; performance.now() < until; Atomics.wait(nap, 0, 0, BETWEEN_LOOKS_MS)) if (look()) return
    await aMoment()
  }
}

type Vendor = { addFault(fault: Fault): void }

/** Resolves when such a request has arrived; it is never answered. */
export function freeze(vendor: Vendor, on: RegExp, hang: true | 'after'): Promise<void> {
  return new Promise((arrived) => {
    const when = () => {
      arrived()
      return true
    }
    vendor.addFault({ on, times: Infinity, hang, when })
  })
}

/** The house gets its answer, and can write nothing of it down. */
export async function answeredBehindLock(scene: Scene, vendor: Vendor, on: RegExp): Promise<void> {
  const when = () => {
    scene.lock()
    return true
  }
  vendor.addFault({ on, times: 1, when })
  const answered = scene.answered(on)
  void scene.stripe.payByCard(scene.session)
  await answered
}
