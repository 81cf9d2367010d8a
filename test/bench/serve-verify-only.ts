import fastify from 'fastify'
import Stripe from 'stripe'
import { serveParent } from './child.ts'

/** The limit to compare with: Fastify that verifies and parses an event and keeps nothing. */
const secret = process.env['STRIPE_WEBHOOK_SECRET'] ?? ''
const app = fastify()
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
  done(null, body),
)
app.post('/webhooks/stripe', async (request, reply) => {
  const signature = String(request.headers['stripe-signature'])
  Stripe.webhooks.constructEvent(request.body as Buffer, signature, secret)
  return reply.send({ received: true })
})
const url = await app.listen({ port: 0, host: '127.0.0.1' })
serveParent({ url }, {}, () => app.close())
