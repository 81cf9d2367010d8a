import { channelOf } from '../people/people.store.ts'
import { CHANNEL_NAMES, type SendOutcome, type Tx } from '../ports.ts'
import { FAILURES_BEFORE_PAUSE, pauseSeconds, SECOND_OPINIONS } from '../retry-policy.ts'
import type { DeliveryRow } from '../store/tables.ts'
import type { ChannelName } from './channels.ts'
import { hastenMail } from './mail-instead.store.ts'
import type { PostRoom } from './notify.ts'
import { changePause, deletePause, findPause, insertPause, type PauseRow } from './pauses.store.ts'
import { shout } from './say-pause.ts'
import { tellOfOutage, tellOfQuota } from './tell-of-channel.ts'

/** A shorter outage is over before anybody has read of it. */
const WORTH_TELLING_MS = 600_000

/** Failures of this process since a channel last gave a clear answer, and of how many messages. */
export type Strikes = { count: number; since: string | null; whose: Set<string> }

export function noStrikes(): Strikes {
  return { count: 0, since: null, whose: new Set() }
}

/** Each channel's own: a mail server that is down says nothing of LINE. */
export function strikesOfAll(): Record<ChannelName, Strikes> {
  const each = Object.keys(CHANNEL_NAMES).map((channel) => [channel, noStrikes()])
  return Object.fromEntries(each) as Record<ChannelName, Strikes>
}

/**
 * Notes what a vendor's answer says about the delivery's channel. `pause`: the one that this delivery probed.
 * Returns in how many seconds this delivery is to probe (again), or null when its own delay holds.
 */
export async function heard(
  post: PostRoom,
  delivery: DeliveryRow,
  pause: PauseRow | null,
  outcome: SendOutcome,
): Promise<number | null> {
  const channel = channelOf(delivery.account_id)
  const trouble = troubleOf(outcome)
  const strikes = post.strikes[channel]
  if (!trouble) {
    const before = strikes.count > 0
    post.strikes[channel] = noStrikes()
    if (pause || before) await goOn(post, channel, pause, outcome)
    return null
  }
  const words = 'reason' in outcome ? outcome.reason : ''
  if (pause && isSameTrouble(pause.reason, trouble))
    return goOnPausing(post, delivery, pause, { reason: trouble, words })
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
  if (outcome.state !== 'again' || outcome.busy || outcome.oneReader) return null
  return 'outage'
}

/** An outage that answers 401 for an hour is one trouble: LINE has taken nothing in between, so it is not over. */
function isSameTrouble(one: PauseRow['reason'], other: PauseRow['reason']): boolean {
  return one === other || (one !== 'quota' && other !== 'quota')
}

/** One message that LINE chokes on is no outage, however often it fails: the others must go on. */
function isTimeToPause(trouble: PauseRow['reason'], { count, whose }: Strikes): boolean {
  if (trouble === 'quota') return true
  return count >= FAILURES_BEFORE_PAUSE && (trouble === 'refused' || whose.size > 1)
}

async function begin(
  post: PostRoom,
  { id, account_id }: DeliveryRow,
  { reason, since, words }: Pick<PauseRow, 'reason' | 'since'> & { words: string },
): Promise<number | null> {
  const seconds = pauseSeconds(reason, 0)
  const until = later(post, seconds)
  const channel = channelOf(account_id)
  const pause = { channel, reason, since, until, failures: 0, probe: id, words }
  post.strikes[channel] = noStrikes()
  const begun = await post.store.transaction(async (tx) => {
    if (!(await insertPause(tx, pause))) return false
    if (reason === 'quota' && channel === 'line') await useMail(post, tx, since)
    return true
  })
  if (!begun) return null
  shout(post, pause)
  return seconds
}

/** The month is over for LINE: the staff hear of it, and mail brings whatever has not left. */
async function useMail(post: PostRoom, tx: Tx, since: string): Promise<void> {
  await tellOfQuota(post, tx, since)
  await hastenMail(tx, post.clock.now(), 'everybody')
}

async function goOnPausing(
  post: PostRoom,
  { id }: DeliveryRow,
  pause: PauseRow,
  { reason, words }: Pick<PauseRow, 'reason'> & { words: string },
): Promise<number> {
  // Counted anew: an opinion is asked for after so many of one kind.
  const failures = reason === pause.reason ? pause.failures + 1 : 1
  const seconds = pauseSeconds(reason, failures)
  const askAnother = reason === 'outage' && SECOND_OPINIONS.includes(failures)
  const until = later(post, seconds)
  const change = { reason, failures, words, until, probe: askAnother ? null : id }
  const changed = await post.store.transaction(async (tx) => {
    if (reason === 'quota' && pause.channel === 'line') await tellOfQuota(post, tx, pause.since)
    return changePause(tx, pause, change)
  })
  if (changed && reason !== pause.reason) shout(post, { ...pause, ...change })
  return seconds
}

/** It answers. That a month is used up is only disproved by a message that was taken. */
async function goOn(
  post: PostRoom,
  channel: ChannelName,
  probed: PauseRow | null,
  outcome: SendOutcome,
): Promise<void> {
  const pause = probed ?? (await findPause(post.store.db, channel))
  if (!pause) return
  if (pause.reason !== 'quota' || outcome.state === 'accepted') await end(post, pause)
  else if (probed)
    await post.store.transaction((tx) =>
      changePause(tx, probed, { until: later(post, 0), probe: null }),
    )
}

async function end(post: PostRoom, pause: PauseRow): Promise<void> {
  const { channel, reason, since } = pause
  const lasted = post.clock.now().getTime() - Date.parse(since)
  const ended = await post.store.transaction(async (tx) => {
    if (!(await deletePause(tx, pause))) return false
    // Of LINE's used up month the staff have heard when it began.
    const isTold = pause.reason === 'quota' && channel === 'line'
    if (!isTold && lasted >= WORTH_TELLING_MS) await tellOfOutage(post, tx, { since, channel })
    return true
  })
  const words = `the pause of ${CHANNEL_NAMES[channel]} is over`
  if (ended) post.log.warn({ channel, cause: reason, since }, words)
}

function later({ clock }: PostRoom, seconds: number): string {
  return new Date(clock.now().getTime() + seconds * 1_000).toISOString()
}
