import type { Config } from './config.ts'
import { openLineChannel } from './line/channel.ts'
import { boundFetch } from './line/timeouts.ts'
import { fixedToken, statelessTokens } from './line/token.ts'
import type { PostRoom } from './notifications/notify.ts'
import type { OrderDesk } from './orders/reconcile-order.ts'
import type { Clock, Store, StripeGateway } from './ports.ts'
import type { House } from './reactions.ts'
import type { Catalogue } from './shop/catalogue.ts'
import { openSqlite } from './store/sqlite.ts'
import { openStripe } from './stripe/gateway.ts'

export type Furnished = {
  store: Store
  stripe: StripeGateway
  desk: OrderDesk
  catalogue: Catalogue
  house: House
}

/** The pen looks for the lock each millisecond, so two are enough for it to get in. */
export const WORKER_GAP_MS = 2

export const systemClock: Clock = { now: () => new Date() }

/** Store, adapters and desks from the config: what the web side and the worker both need. */
export function furnish(
  config: Config,
  clock: Clock,
  report: (error: unknown) => void,
  gapMs = 0,
): Furnished {
  boundFetch()
  const { shop } = config
  const store = openSqlite({ file: config.databaseFile, clock, report, gapMs })
  const stripe = openStripe(config.stripe)
  const channel = openLineChannel({
    apiBase: config.line.apiBase,
    tokens: tokensOf(config, clock),
  })
  const post: PostRoom = { store, channel, clock, shop, liffId: config.liff.id }
  const desk: OrderDesk = { stripe, post, rules: config, report }
  const catalogue: Catalogue = { store, stripe, clock, shop, paymentLinks: config.paymentLinks }
  return { store, stripe, desk, catalogue, house: { desk, delivery: post, catalogue } }
}

function tokensOf({ line }: Config, clock: Clock) {
  const { accessToken, channelId, channelSecret, apiBase } = line
  if (accessToken) return fixedToken(accessToken)
  return statelessTokens({ channelId: channelId ?? '', channelSecret, apiBase, clock })
}
