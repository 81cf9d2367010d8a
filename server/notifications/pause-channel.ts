import { Later, type SendOutcome } from '../ports.ts'
import {
  FAILURES_BEFORE_PAUSE,
  PROBE_GRACE_SECONDS,
  PROBE_SECONDS,
  pauseSeconds,
  SECOND_OPINIONS,
  STEP_BACK_SECONDS,
  spread,
} from '../retry-policy.ts'
import type { DeliveryRow } from '../store/tables.ts'
import { newestBegun } from './deliveries.store.ts'
import type { PostRoom } from './notify.ts'
import { changePause, deletePause, findPause, insertPause, type PauseRow } from './pauses.store.ts'
import { tellOfOutage, tellOfQuota } from './tell-staff.ts'

const CHANNEL = 'line'
/** A shorter outage is over before anybody has read of it. */
const WORTH_TELLING_MS = 600_000

/** Failures of this process since LINE last gave a clear answer, and of how many messages. */
export type Strikes = { count: number; since: string | null; whose: Set<string> }

export function noStrikes(): Strikes {
  return { count: 0, since: null, whose: new Set() }
}

/**
 * Throws Later while LINE is paused and this delivery is not the one to probe it. Otherwise the pause
 * that this one may probe, or null when there is none.
 */
export async function holdBack(post: PostRoom, delivery: DeliveryRow): Promise<PauseRow | null> {
  const pause = await findPause(post.store.db, CHANNEL)
  if (!pause) return null
  const left = (Date.parse(pause.until) - post.clock.now().getTime()) / 1_000
  const words = `LINE is paused (${pause.reason}): ${pause.words ?? ''}`
  if (left > 0) throw new Later(pause.probe === delivery.id ? left : spread(left), words)
  if (left > -PROBE_GRACE_SECONDS && !(await isItsTurn(post, pause, delivery)))
    throw new Later(spread(STEP_BACK_SECONDS), words)
  return pause
}

/** The same message probes again, so that few keys begin to age; now and then another one's is asked for. */
async function isItsTurn(post: PostRoom, pause: PauseRow, delivery: DeliveryRow): Promise<boolean> {
  if (pause.probe) return pause.probe === delivery.id
  const begun = delivery.first_attempt_at !== null
  if (SECOND_OPINIONS.includes(pause.failures)) return !begun
  if (begun) return true
  const other = await newestBegun(post.store.db)
  if (!other) return true
  await post.store.transaction((tx) => changePause(tx, pause, { probe: other }))
  return false
}

/** Takes the probe for itself: everybody else stays away until its answer must be there. Throws Later. */
export async function takeProbe(
  post: PostRoom,
  delivery: DeliveryRow,
  pause: PauseRow,
): Promise<PauseRow> {
  const until = new Date(post.clock.now().getTime() + PROBE_SECONDS * 1_000).toISOString()
  const change = { until, probe: delivery.id }
  if (await post.store.transaction((tx) => changePause(tx, pause, change)))
    return { ...pause, ...change }
  throw new Later(spread(STEP_BACK_SECONDS), 'another message probes whether LINE is back')
}

/**
 * Notes what LINE's answer says about the channel. `pause`: the one that this delivery probed.
 * Returns in how many seconds this delivery is to probe (again), or null when its own delay holds.
 */
export async function heard(
  post: PostRoom,
  delivery: DeliveryRow,
  pause: PauseRow | null,
  outcome: SendOutcome,
): Promise<number | null> {
  const trouble = troubleOf(outcome)
  const { strikes } = post
  if (!trouble) {
    const before = strikes.count > 0
    post.strikes = noStrikes()
    if (pause || before) await goOn(post, pause, outcome)
    return null
  }
  const words = 'reason' in outcome ? outcome.reason : ''
  if (pause?.reason === trouble) return goOnPausing(post, delivery, pause, words)
  if (pause) await end(post, pause)
  const now = post.clock.now().toISOString()
  strikes.count++
  strikes.since ??= now
  if (strikes.whose.size < 2) strikes.whose.add(delivery.id)
  if (!pause && !isTimeToPause(trouble, strikes)) return null
  return begin(post, delivery, { reason: trouble, since: strikes.since, words })
}

function troubleOf(outcome: SendOutcome): PauseRow['reason'] | null {
  if (outcome.state === 'quota' || outcome.state === 'refused') return outcome.state
  return outcome.state === 'again' && !outcome.busy ? 'outage' : null
}

/** One message that LINE chokes on is no outage, however often it fails: the others must go on. */
function isTimeToPause(trouble: PauseRow['reason'], { count, whose }: Strikes): boolean {
  if (trouble === 'quota') return true
  return count >= FAILURES_BEFORE_PAUSE && (trouble === 'refused' || whose.size > 1)
}

async function begin(
  post: PostRoom,
  { id }: DeliveryRow,
  { reason, since, words }: Pick<PauseRow, 'reason' | 'since'> & { words: string },
): Promise<number | null> {
  const seconds = pauseSeconds(reason, 0)
  const until = later(post, seconds)
  const pause = { channel: CHANNEL, reason, since, until, failures: 0, probe: id, words }
  post.strikes = noStrikes()
  const begun = await post.store.transaction(async (tx) => {
    if (!(await insertPause(tx, pause))) return false
    if (reason === 'quota') await tellOfQuota(post, tx, since)
    return true
  })
  if (!begun) return null
  post.log.error({ channel: CHANNEL, cause: reason, since, reason: words }, SHOUTS[reason])
  return seconds
}

const SHOUTS = {
  quota: 'LINE takes no more messages this month; they wait, and one an hour asks again',
  outage: 'LINE is out of order; messages wait, and one at a time asks again',
  refused: 'LINE refuses our token or account; messages wait until a person mends it',
} as const

async function goOnPausing(
  post: PostRoom,
  { id }: DeliveryRow,
  pause: PauseRow,
  words: string,
): Promise<number> {
  const failures = pause.failures + 1
  const seconds = pauseSeconds(pause.reason, failures)
  const askAnother = pause.reason === 'outage' && SECOND_OPINIONS.includes(failures)
  const change = { failures, words, until: later(post, seconds), probe: askAnother ? null : id }
  await post.store.transaction(async (tx) => {
    await changePause(tx, pause, change)
    if (pause.reason === 'quota') await tellOfQuota(post, tx, pause.since)
  })
  return seconds
}

/** LINE answers. That a month is used up is only disproved by a message that was taken. */
async function goOn(post: PostRoom, probed: PauseRow | null, outcome: SendOutcome): Promise<void> {
  const pause = probed ?? (await findPause(post.store.db, CHANNEL))
  if (!pause) return
  if (pause.reason !== 'quota' || outcome.state === 'accepted') await end(post, pause)
  else if (probed)
    await post.store.transaction((tx) =>
      changePause(tx, probed, { until: later(post, 0), probe: null }),
    )
}

async function end(post: PostRoom, pause: PauseRow): Promise<void> {
  const lasted = post.clock.now().getTime() - Date.parse(pause.since)
  const ended = await post.store.transaction(async (tx) => {
    if (!(await deletePause(tx, pause))) return false
    if (pause.reason !== 'quota' && lasted >= WORTH_TELLING_MS) await tellOfOutage(post, tx, pause)
    return true
  })
  const { reason, since } = pause
  if (ended) post.log.warn({ channel: CHANNEL, cause: reason, since }, 'the pause of LINE is over')
}

function later({ clock }: PostRoom, seconds: number): string {
  return new Date(clock.now().getTime() + seconds * 1_000).toISOString()
}
