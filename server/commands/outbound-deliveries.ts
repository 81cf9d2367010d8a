import { systemClock } from '../furnish.ts'
import { wordsOf } from '../integrations/note-answer.ts'
import { newMessageId } from '../integrations/outbound.store.ts'
import { replay } from '../integrations/replay.ts'
import { post } from '../integrations/send-outbound.ts'
import { judge } from '../retry-policy.ts'
import { type Command, couldNot, done, notUnderstood, type Outcome } from './command.ts'
import { endpointNamed } from './outbound.ts'
import { ago } from './reconcile.ts'
import { BAD_LIMIT, limitOf, listed } from './table.ts'

/** Sends a test now, also to one that is off, and shows what it answers. Nothing of it is kept. */
export const testOutbound: Command = async (furnished, [id = '']) => {
  const { store, desk, outbound } = furnished
  const endpoint = await endpointNamed(store.db, id)
  if ('said' in endpoint) return endpoint
  const now = systemClock.now()
  const payload = JSON.stringify({
    type: 'noren.test',
    timestamp: now.toISOString(),
    data: { message: 'A test from Noren. Nothing has happened.' },
  })
  const message_id = newMessageId(now)
  const answer = await post({ post: desk.post, outbound: outbound.outbound }, endpoint, {
    message_id,
    payload,
  })
  const words = `"${id}": ${wordsOf(answer)}`
  return judge('webhook', answer).fate === 'accepted' ? done(words) : couldNot(words)
}

/** What each endpoint was told, newest first; of one alone with its id, and with `--dead` what was given up. */
export const outboundDeliveries: Command = async ({ store }, [id], options) => {
  const most = limitOf(options)
  if (!most) return BAD_LIMIT
  if (id !== undefined) {
    const endpoint = await endpointNamed(store.db, id)
    if ('said' in endpoint) return endpoint
  }
  const rows = await store.db
    .selectFrom('outbound_deliveries as each')
    .innerJoin('outbound_messages as message', 'message.id', 'each.message_id')
    .select([
      'message.created_at as at',
      'message.id',
      'each.endpoint_id as endpoint',
      'message.type',
      'message.object',
      'each.state',
      'each.attempts',
      'each.next_attempt_at as next',
      'each.error',
    ])
    .$if(id !== undefined, (query) => query.where('each.endpoint_id', '=', id ?? ''))
    .$if(options.dead === true, (query) => query.where('each.state', '=', 'dead'))
    .orderBy('message.created_at', 'desc')
    .orderBy('message.id', 'desc')
    .limit(most)
    .execute()
  return listed(
    rows,
    options,
    options.dead ? 'No webhook was given up.' : 'No other system was told anything yet.',
  )
}

/** Sends again under the same ids: a message by its own, or all since a day or so long ago. */
export const replayOutbound: Command = async ({ store }, [id = '', message], options) => {
  const endpoint = await endpointNamed(store.db, id)
  if ('said' in endpoint) return endpoint
  const what = whatToReplay(message, options.since)
  if ('said' in what) return what
  const count = await replay(store, endpoint, what)
  if (count === 0) return couldNot('There is nothing of that to send; after 30 days it is gone.')
  const off = endpoint.state === 'off' ? ` It is off: outbound enable ${id}.` : ''
  return done(`${count} to "${id}" again, under the same ids.${off}`)
}

function whatToReplay(
  message: string | undefined,
  since: string | undefined,
): { message: string } | { since: string } | Outcome {
  if ((message === undefined) === (since === undefined))
    return notUnderstood('Say which: a message (msg_…), or --since 2026-11-20, or --since 3d.')
  if (message !== undefined) return { message }
  const time = ago(since ?? '', systemClock.now()) ?? dayOf(since ?? '')
  if (!time) return notUnderstood('--since must be a day like 2026-11-20, or 90m, 12h, 3d.')
  return { since: time.toISOString() }
}

function dayOf(text: string): Date | null {
  const time = new Date(text)
  return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(time.getTime()) ? time : null
}
