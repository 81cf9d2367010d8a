import type { Config } from './config.ts'
import { openLineChannel } from './line/channel.ts'
import { boundFetch } from './line/timeouts.ts'
import { fixedToken, statelessTokens } from './line/token.ts'
import type { PostRoom } from './notifications/notify.ts'
import { type OpenMeter, openMeter } from './operations/meter.ts'
import type { OrderDesk } from './orders/reconcile-order.ts'
import type { Channel, Clock, Log, Pace, Store, StripeGateway } from './ports.ts'
import type { House } from './reactions.ts'
import type { Catalogue } from './shop/catalogue.ts'
import { openStore } from './store/open-store.ts'
import { openPace } from './store/pace.ts'
import { openStripe } from './stripe/gateway.ts'

export type Furnished = {
  store: Store
  meter: OpenMeter
  pace: Pace
  stripe: StripeGateway
  channel: Channel
  desk: OrderDesk
  catalogue: Catalogue
  house: House
  /** Writes down what is still in memory, lets nobody wait any longer, and closes the store. */
  close(): Promise<void>
}

/** The pen looks for the lock each millisecond, so two are enough for it to get in. */
export const WORKER_GAP_MS = 2

export const systemClock: Clock = { now: () => new Date() }

/** Store, adapters and desks from the config: what the web side and the worker both need. */
export function furnish(config: Config, clock: Clock, log: Log, gapMs = 0): Furnished {
  boundFetch()
  const { shop } = config
  const report = (error: unknown) => log.error({ err: error }, 'the house has trouble of its own')
  const store = openStore(config.database, { clock, report, gapMs })
  const meter = openMeter({ store, report })
  const pace = openPace({ store, clock, report })
  const stripe = openStripe({ ...config.stripe, pace, meter })
  const channel = openLineChannel({
    apiBase: config.line.apiBase,
    tokens: tokensOf(config, clock),
    pace,
    meter,
  })
  const post: PostRoom = { store, channel, clock, shop, liffId: config.liff.id, log, meter }
  const desk: OrderDesk = { stripe, post, rules: config, report }
  const catalogue: Catalogue = { store, stripe, clock, shop, paymentLinks: config.paymentLinks }
  const house: House = { desk, delivery: post, catalogue, log }
  async function close(): Promise<void> {
    pace.close()
    await meter.close()
    await store.close()
  }
  return { store, meter, pace, stripe, channel, desk, catalogue, house, close }
}

function tokensOf({ line }: Config, clock: Clock) {
  const { accessToken, channelId, channelSecret, apiBase } = line
  if (accessToken) return fixedToken(accessToken)
  return statelessTokens({ channelId: channelId ?? '', channelSecret, apiBase, clock })
}
