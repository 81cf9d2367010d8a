import { LineBotClient } from '@line/bot-sdk'
import fastify from 'fastify'
import Stripe from 'stripe'
import { serveParent } from './child.ts'

/**
 * What the article that Noren started from would do, with its slips mended (it reads `event.data.id`
 * and names a client that bot-sdk no longer has): verify, list the line items, push, then answer.
 */
const env = process.env
const api = new URL(env['STRIPE_API_BASE'] ?? '')
const stripe = new Stripe(env['STRIPE_SECRET_KEY'] ?? '', {
  host: api.hostname,
  port: api.port,
  protocol: 'http',
  telemetry: false,
})
const line = LineBotClient.fromChannelAccessToken({
  channelAccessToken: env['LINE_CHANNEL_ACCESS_TOKEN'] ?? '',
  apiBaseURL: env['LINE_API_BASE'] ?? '',
})

const app = fastify()
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
  done(null, body),
)
app.post('/webhooks/stripe', async (request, reply) => {
  const event = stripe.webhooks.constructEvent(
    request.body as Buffer,
    String(request.headers['stripe-signature']),
    env['STRIPE_WEBHOOK_SECRET'] ?? '',
  )
  if (event.type !== 'checkout.session.completed') return reply.send({ received: true })
  const { id, client_reference_id: to } = event.data.object
  const items = await stripe.checkout.sessions.listLineItems(id)
  const text = items.data.map((item) => `${item.description} * ${item.quantity}`).join('\n')
  if (to) await line.pushMessage({ to, messages: [{ type: 'text', text }] })
  return reply.send({ received: true })
})
const url = await app.listen({ port: 0, host: '127.0.0.1' })
serveParent({ url }, {}, () => app.close())
