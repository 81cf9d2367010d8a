import { Gauge, type Registry } from 'prom-client'
import type { Clock, Store } from '../ports.ts'
import type { AskQuota } from './line-quota.ts'
import { type Survey, survey } from './survey.ts'

type Parts = { store: Store; clock: Clock; quota: AskQuota }

/** What stands in the books now, looked up when somebody asks; every gauge is set in one go. */
export function measureHouse(registry: Registry, parts: Parts): () => Promise<void> {
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  const up = gauge('noren_store_up', '1 when the database answered this very question')
  const jobs = gauge('noren_jobs', 'Jobs waiting or in hand', 'state')
  const open = gauge(
    'noren_deliveries_open',
    'Messages on their way, and messages that wait for the buyer to add the shop',
    'state',
  )
  const mails = gauge('noren_mails_open', 'Of the messages on their way: those that go by mail')
  const dead = gauge('noren_dead', 'What was given up and nobody has looked at yet', 'what')
  const unhandled = gauge('noren_events_unhandled', 'Events that are held and not yet handled')
  const oldest = gauge('noren_oldest_event_seconds', 'Age of the oldest unhandled event; 0: none')
  const rate = gauge('noren_pace_rate', 'Calls a second that a vendor seems to allow', 'lane')
  const paused = gauge(
    'noren_channel_paused',
    '1 while a channel is not to be used',
    'channel',
    'reason',
  )
  const quota = gauge(
    'noren_line_quota',
    'Messages of this month: used, and all that LINE sells us',
    'of',
  )
  const outbound = gauge(
    'noren_outbound_open',
    'Webhooks on their way, or waiting for their receiver',
  )
  const off = gauge('noren_endpoints_off', 'Other systems that are switched off')
  const signs = gauge(
    'noren_signs_refused',
    'Accounts that a chat server does not let us show their role',
  )
  const perLane = [rate, paused]

  function tell(house: Survey): void {
    const { events, deliveries, mails: posted, pauses, paces, endpoints } = house
    const age = events.oldest ? parts.clock.now().getTime() - Date.parse(events.oldest) : 0
    unhandled.set(events.open)
    oldest.set(Math.max(0, age) / 1_000)
    dead.set({ what: 'event' }, events.dead)
    dead.set({ what: 'delivery' }, deliveries.dead)
    dead.set({ what: 'webhook' }, sum(endpoints.map((each) => each.dead)))
    outbound.set(sum(endpoints.map((each) => each.pending)))
    off.set(endpoints.filter(({ state }) => state === 'off').length)
    open.set({ state: 'pending' }, deliveries.pending)
    open.set({ state: 'waiting' }, deliveries.waiting)
    mails.set(posted.pending)
    signs.set(house.signs.refused)
    for (const each of perLane) each.reset()
    for (const { lane, rate: now } of paces) rate.set({ lane }, now)
    for (const { channel, reason } of pauses) paused.set({ channel, reason }, 1)
  }

  async function measureStore(): Promise<void> {
    try {
      tell(await survey(parts.store.db))
      jobs.set({ state: 'open' }, await parts.store.openJobs())
      up.set(1)
    } catch {
      // The last known figures would look like a house where all is well.
      for (const each of [
        jobs,
        open,
        mails,
        dead,
        outbound,
        off,
        signs,
        unhandled,
        oldest,
        ...perLane,
      ])
        each.reset()
      up.set(0)
    }
  }

  async function measureQuota(): Promise<void> {
    const told = await parts.quota()
    if (!told) return
    quota.set({ of: 'used' }, told.used)
    if (told.total === null) quota.remove({ of: 'total' })
    else quota.set({ of: 'total' }, told.total)
  }

  return async () => {
    await Promise.all([measureStore(), measureQuota()])
  }
}

const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0)
