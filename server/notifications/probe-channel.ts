import { CHANNEL_NAMES, Later } from '../ports.ts'
import {
  PROBE_GRACE_SECONDS,
  PROBE_SECONDS,
  SECOND_OPINIONS,
  STEP_BACK_SECONDS,
  spread,
} from '../retry-policy.ts'
import type { DeliveryRow } from '../store/tables.ts'
import { newestBegun } from './deliveries.store.ts'
import type { PostRoom } from './notify.ts'
import { changePause, type PauseRow } from './pauses.store.ts'

/**
 * Throws Later while the delivery's channel is paused and this delivery is not the one to probe it.
 * Otherwise the pause that this one may probe, or null when there is none.
 */
export async function holdBack(
  post: PostRoom,
  delivery: DeliveryRow,
  pause: PauseRow | undefined,
): Promise<PauseRow | null> {
  if (!pause) return null
  const left = secondsLeft(post, pause)
  const words = `${CHANNEL_NAMES[pause.channel]} is paused (${pause.reason}): ${pause.words ?? ''}`
  if (left > 0) throw new Later(pause.probe === delivery.id ? left : spread(left), words)
  if (left > -PROBE_GRACE_SECONDS && !(await isItsTurn(post, pause, delivery)))
    throw new Later(spread(STEP_BACK_SECONDS), words)
  return pause
}

/** Nobody may ask yet whether the month is still used up. */
export function isUsedUp(post: PostRoom, pause: PauseRow | undefined): boolean {
  return pause?.reason === 'quota' && secondsLeft(post, pause) > 0
}

function secondsLeft({ clock }: PostRoom, { until }: PauseRow): number {
  return (Date.parse(until) - clock.now().getTime()) / 1_000
}

/** The same message probes again, so that few keys begin to age; now and then another one's is asked for. */
async function isItsTurn(post: PostRoom, pause: PauseRow, delivery: DeliveryRow): Promise<boolean> {
  if (pause.probe) return pause.probe === delivery.id
  const begun = delivery.first_attempt_at !== null
  if (SECOND_OPINIONS.includes(pause.failures)) return !begun
  if (begun) return true
  const other = await newestBegun(post.store.db, pause.channel)
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
  throw new Later(spread(STEP_BACK_SECONDS), 'another message probes whether the channel is back')
}
