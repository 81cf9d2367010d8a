import type { LineSandbox, StripeSandbox } from '../sandbox/types.ts'
import type { Books } from './books.ts'
import { numberOf } from './check-book.ts'
import type { Post } from './unruly-post.ts'

/** Everything that is known about one order: Stripe's events and their fate, our rows, LINE's book. */
export async function tellStory(
  what: string,
  parts: { stripe: StripeSandbox; line: LineSandbox; books: Books; post: Post },
): Promise<string> {
  const { stripe, line, books, post } = parts
  const session = /cs_\w+/.exec(what)?.[0] ?? ''
  const { payment_intent: intent } = stripe.session(session)
  const events = stripe.events().filter(({ data }) => {
    const object = data.object as { id?: string; payment_intent?: unknown }
    return object.id === session || (intent && object.payment_intent === intent)
  })
  const ids = events.map(({ id }) => id)
  const rows = await books.db
    .selectFrom('events')
    .selectAll()
    .where('id', 'in', [...ids, ''])
    .execute()
  const order = await books.db.selectFrom('orders').selectAll().where('id', '=', session).execute()
  const deliveries = await books.db
    .selectFrom('deliveries')
    .selectAll()
    .where('order_id', '=', session)
    .execute()
  const number = numberOf(session)
  const pushes = line.book().filter(({ messages }) => JSON.stringify(messages).includes(number))
  return [
    what,
    ...events.map(
      ({ id, type, created }) =>
        `  Stripe ${created} ${type} ${id}: ${post.fates.get(id)}, ${post.acked.has(id) ? 'acknowledged' : 'not acknowledged'}`,
    ),
    ...rows.map((row) => `  event ${JSON.stringify(row)}`),
    ...order.map(({ id, status, version }) => `  order ${id}: ${status}, version ${version}`),
    ...deliveries.map(({ body: _body, ...row }) => `  delivery ${JSON.stringify(row)}`),
    ...pushes.map(
      ({ to, at, retryKey, delivered, messages }) =>
        `  LINE ${new Date(at).toISOString()} ${to} ${retryKey} ${delivered}: ${messages[0]?.['altText'] ?? messages[0]?.['text']}`,
    ),
  ].join('\n')
}
