import { Later } from '../ports.ts'
import type { Grant, PaceTime } from './pace-book.ts'

/** Slots are taken for so long at once: more writes cost, longer chunks make the others wait. */
const CHUNK_MS = 100
/** The next chunk is asked for so early that it is there in time: twice what the last ones took, within these. */
const LEAST_LEAD_MS = 40
const MOST_LEAD_MS = 400
/** An idle lane's first call goes at once; those that follow it within this time share the next write. */
const GATHER_MS = 25
/** A slot that is later than this is thrown away: two at once would stand in one of the vendor's seconds. */
const LATE_MS = 25
/** Whoever would wait longer is sent back to the queue, where waiting costs nothing. */
const MOST_WAIT_MS = 10_000

type Waiter = { since: number; go: () => void; refuse: (reason: Later) => void }

export type PaceQueue = {
  turn(): Promise<void>
  /** Throws away the slots in hand; with seconds, nothing leaves until they are over. */
  hush(seconds: number): void
  /** Sends everybody back. */
  clear(reason: Later): void
}

/** Who waits for one set of lanes in this process: slots are fetched in chunks and handed out at their time. */
export function createPaceQueue(parts: {
  /** `full`: every slot before was used, so more could have been */
  reserve: (count: number, full: boolean) => Promise<Grant>
  time: PaceTime
}): PaceQueue {
  const { time } = parts
  let waiters: Waiter[] = []
  let slots: number[] = []
  let reserving = false
  let nextReserve = Number.NEGATIVE_INFINITY
  let quietUntil = Number.NEGATIVE_INFINITY
  let perSecond = 0
  let leadMs = LEAST_LEAD_MS
  let wasted = false
  let cancelTimer = () => {}

  function pump(): void {
    cancelTimer()
    const now = time.mono()
    handOut(now)
    sendBack(now)
    const lacking = waiters.length - slots.length
    if (waiters.length === 0) return
    const due = Math.max(nextReserve, quietUntil, (slots.at(-1) ?? 0) - leadMs)
    if (lacking > 0 && !reserving && due <= now) {
      void fetchSlots(lacking)
      return
    }
    const reserveAt = lacking > 0 && !reserving ? due : Number.POSITIVE_INFINITY
    wakeAt(Math.min(slots[0] ?? Number.POSITIVE_INFINITY, reserveAt))
  }

  function wakeAt(at: number): void {
    if (at < Number.POSITIVE_INFINITY) cancelTimer = time.after(Math.max(0, at - time.mono()), pump)
  }

  function handOut(now: number): void {
    for (;;) {
      const [slot] = slots
      if (slot === undefined || slot > now) return
      slots.shift()
      if (now - slot <= LATE_MS) waiters.shift()?.go()
      else wasted = true
    }
  }

  function sendBack(now: number): void {
    const wait = quietUntil - now
    if (wait > MOST_WAIT_MS)
      clear(new Later(Math.ceil(wait / 1_000), 'the vendor asked for silence'))
    while ((waiters[0]?.since ?? now) < now - MOST_WAIT_MS)
      waiters.shift()?.refuse(new Later(5, 'too many calls wait for this vendor'))
  }

  async function fetchSlots(lacking: number): Promise<void> {
    reserving = true
    const began = time.mono()
    nextReserve = began + GATHER_MS
    const most = Math.max(1, Math.ceil((perSecond * CHUNK_MS) / 1_000))
    const full = !wasted
    wasted = false
    const grant = await parts.reserve(Math.min(lacking, most), full)
    reserving = false
    const lead = 0.8 * leadMs + 0.2 * 2 * (time.mono() - began)
    leadMs = Math.min(Math.max(lead, LEAST_LEAD_MS), MOST_LEAD_MS)
    if ('quietSeconds' in grant) quietUntil = time.mono() + grant.quietSeconds * 1_000
    else if (quietUntil <= time.mono()) {
      perSecond = grant.perSecond
      // What comes late as a whole moves as a whole: its slots stay apart.
      const late = Math.max(0, time.mono() - (grant.slots[0] ?? 0))
      slots.push(...grant.slots.map((slot) => slot + late))
    }
    pump()
  }

  function clear(reason: Later): void {
    const sent = waiters
    waiters = []
    for (const each of sent) each.refuse(reason)
  }

  return {
    turn: () =>
      new Promise((go, refuse) => {
        waiters.push({ since: time.mono(), go, refuse })
        pump()
      }),
    hush(seconds) {
      slots = []
      quietUntil = Math.max(quietUntil, time.mono() + seconds * 1_000)
      pump()
    },
    clear(reason) {
      clear(reason)
      cancelTimer()
    },
  }
}
