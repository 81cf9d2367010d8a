import { setTimeout as wait } from 'node:timers/promises'
import { type Clock, Later, NeedsPerson, type Store, type Turn } from '../ports.ts'
import {
  failuresOf,
  type Held,
  HOLD_SECONDS,
  isDoneSince,
  takeTurn,
  writeTurn,
} from './duties.store.ts'

/** Something that one process of many does now and then. There is no leader: whoever is first has the turn. */
export type Duty = {
  name: string
  /** From the end of one turn to the next */
  everySeconds: number
  /** Also when a process starts; if it was done less than so many seconds ago, that long after */
  atStartAfterSeconds?: number
  run(turn: Turn): Promise<unknown>
}

export type DutyParts = { store: Store; clock: Clock; report: (error: unknown) => void }

/** A duty that is due is begun within this time. */
const LOOK_MS = 5_000
/** The first pause after a failure; doubles each time, up to the duty's own interval. */
const FIRST_RETRY_SECONDS = 5

/** Looks after each duty by itself, so that a long one holds up no other, until it is stopped. */
export function startDuties(
  parts: DutyParts,
  duties: readonly Duty[],
  lookMs = LOOK_MS,
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  const started = parts.clock.now()

  async function lookAfter(duty: Duty): Promise<void> {
    /** Nobody has done it since this process started. */
    let owed = duty.atStartAfterSeconds !== undefined
    /** And so it does not wait for its hour; after a failure it waits like any other. */
    let hurry = owed

    async function look(): Promise<void> {
      const became = await doDuty(parts, duty, { atStart: owed, hurry, stop: signal })
      if (became === 'failed' || became === 'put off') hurry = false
      if (owed && (await isDoneSince(parts.store.db, duty.name, started))) owed = hurry = false
    }

    while (!signal.aborted) {
      await look().catch(parts.report)
      await wait(lookMs, undefined, { signal }).catch(() => {})
    }
  }

  const done = Promise.all(duties.map(lookAfter))
  return {
    async stop() {
      stopping.abort()
      await done
    },
  }
}

export type Became = 'done' | 'failed' | 'put off' | 'left' | 'not due' | 'held'

/**
 * Does one duty if its turn has come. A failure is reported and tried again later; `stop` leaves it at
 * once for another process, without waiting for a vendor. Throws when the store does not answer.
 */
export async function doDuty(
  parts: DutyParts,
  duty: Duty,
  { atStart, hurry = atStart, stop }: { atStart: boolean; hurry?: boolean; stop: AbortSignal },
): Promise<Became> {
  const { store, clock } = parts
  const startedAfter = hurry ? (duty.atStartAfterSeconds ?? null) : null
  const held = await takeTurn(store, duty.name, clock.now(), startedAfter)
  if (!held) return (await isHeld(parts, duty.name)) ? 'held' : 'not due'
  const now = () => clock.now()
  try {
    await runTurn(parts, duty, held, { atStart, stop })
    const dueInSeconds = duty.everySeconds
    await writeTurn(store, duty.name, held.by, now(), { is: 'done', dueInSeconds })
    return 'done'
  } catch (error) {
    if (stop.aborted) {
      await writeTurn(store, duty.name, held.by, now(), { is: 'left' })
      return 'left'
    }
    return await putOff(parts, duty, held, error)
  }
}

/** A known reason puts it off quietly, unless it wants a person; anything else is a failure, later each time. */
async function putOff(
  { store, clock, report }: DutyParts,
  { name, everySeconds }: Duty,
  held: Held,
  error: unknown,
): Promise<'failed' | 'put off'> {
  const known = error instanceof Later
  if (!known || error instanceof NeedsPerson) report(error)
  const words = error instanceof Error ? error.message : String(error)
  const doubled = FIRST_RETRY_SECONDS * 2 ** (await failuresOf(store.db, name))
  const dueInSeconds = known ? error.seconds : Math.min(doubled, everySeconds)
  const is = known ? 'put off' : 'failed'
  await writeTurn(store, name, held.by, clock.now(), { is, dueInSeconds, error: words })
  return is
}

/** Resolves or throws at the latest when the turn is over; what still waits for a vendor then is left alone. */
async function runTurn(
  { store, clock, report }: DutyParts,
  duty: Duty,
  held: Held,
  { atStart, stop }: { atStart: boolean; stop: AbortSignal },
): Promise<void> {
  const lost = new AbortController()
  const over = AbortSignal.any([stop, lost.signal])

  async function keep(bookmark?: string): Promise<void> {
    over.throwIfAborted()
    const after = { is: 'running', ...(bookmark === undefined ? {} : { bookmark }) } as const
    if (await writeTurn(store, duty.name, held.by, clock.now(), after)) return
    lost.abort(new Error(`another process has taken over the duty ${duty.name}`))
    over.throwIfAborted()
  }

  const heartbeat = setInterval(
    () => void keep().catch((error) => over.aborted || report(error)),
    (HOLD_SECONDS / 3) * 1_000,
  )
  try {
    await Promise.race([
      duty.run({ bookmark: held.bookmark, keep, stop: over, atStart }),
      aborted(over),
    ])
  } finally {
    clearInterval(heartbeat)
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

async function isHeld({ store, clock }: DutyParts, name: string): Promise<boolean> {
  const holder = await store.db
    .selectFrom('duties')
    .select('held_by')
    .where('name', '=', name)
    .where('held_until', '>', clock.now().toISOString())
    .executeTakeFirst()
  return holder !== undefined
}
