import { createLineSandbox } from '../sandbox/line/start.ts'
import { createStripeSandbox } from '../sandbox/stripe/start.ts'
import { serveParent } from './child.ts'

/** Both stand-ins in one process, at the latency the parent asks for. */
const latency = (name: string) => Number(process.env[name] ?? 0)
const stripe = await createStripeSandbox({ bench: true, latencyMs: latency('STRIPE_LATENCY_MS') })
const line = await createLineSandbox({ bench: true, latencyMs: latency('LINE_LATENCY_MS') })
const limit = (name: string) => (process.env[name] ?? '').split('/').map(Number)
const [endpoint = 0, inAll = 0] = limit('STRIPE_LIMIT')
if (endpoint > 0) stripe.limitRate({ endpoint, inAll })
const [perEndpoint = 0] = limit('LINE_LIMIT')
if (perEndpoint > 0) line.limitRate({ endpoint: perEndpoint })
const link = stripe.addLink({
  items: [
    { name: '宇治煎茶「朝露」100g', amount: 1_980 },
    { name: '抹茶ようかん 二棹入り', amount: 1_620, quantity: 2 },
  ],
  currency: 'jpy',
})

/** Orders that were paid while nobody listened: their events are what the bench sends. */
async function sell(count: number): Promise<unknown[]> {
  const events: unknown[] = []
  for (let at = 0; at < count; at++) {
    const user = line.addUser({ name: `客${at}` })
    const session = stripe.visit(`${link.url}?client_reference_id=${user.userId}`)
    await stripe.payByCard(session)
    const paid = stripe.events().find((event) => event.type === 'checkout.session.completed')
    events.push(paid)
  }
  return events
}

/** People who can be written to, by their ids. */
const invite = (count: number) =>
  Array.from({ length: count }, (_, at) => line.addUser({ name: `友${at}`, friend: true }).userId)

serveParent(
  {
    url: stripe.url,
    lineUrl: line.url,
    secretKey: stripe.secretKey,
    webhookSecret: stripe.webhookSecret,
    channelSecret: line.channelSecret,
    channelAccessToken: line.channelAccessToken,
    liffId: line.liffId,
  },
  {
    accepted: () => line.accepted,
    rates: () => ({ stripe: stripe.rateSeen(), line: line.rateSeen() }),
    invite: () => invite(100),
    sell: () => sell(Number(process.env['BENCH_ORDERS'] ?? 1_000)),
  },
  async () => {
    await stripe.close()
    await line.close()
  },
)
