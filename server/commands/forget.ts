import { isUserId } from '../../shared/reference.ts'
import { systemClock } from '../furnish.ts'
import { type Forgotten, findTraces } from '../people/find-traces.ts'
import { forgetPerson } from '../people/forget-person.ts'
import { type Command, done, notUnderstood } from './command.ts'
import { USER_FORM } from './grant.ts'

/** Erases what we hold of a user or a payer, and says what others still hold. */
export const forget: Command = async (furnished, [userId = ''], options) => {
  const { store } = furnished
  if (!isUserId(userId) && !/^(cus|cs)_\w+$/.test(userId))
    return notUnderstood(
      `forget takes a user (${USER_FORM}), a Stripe customer (cus_…), or the payment of a guest (cs_…).`,
    )
  if (!options.yes) {
    const found = await findTraces(store.db, userId)
    if (!found.known) return done(NOTHING)
    return notUnderstood(
      `${numbers(found)} would be stripped of this person. That cannot be undone. Add --yes to do it.`,
    )
  }
  const found = await forgetPerson({ store, clock: systemClock }, userId)
  return done(
    found.known ? `${numbers(found)} name this person no longer.\n${elsewhere(found)}` : NOTHING,
  )
}

const NOTHING = 'Nothing is held of this user.'

function numbers({ orders, messages, events }: Forgotten): string {
  return `The account, ${orders} orders, ${messages} messages and ${events} events`
}

/** We can only empty our own house. */
function elsewhere({ customers }: Forgotten): string {
  const stripe =
    customers.length > 0 ? `customers ${customers.join(', ')}` : 'no customer we know of'
  return [
    'Others still hold:',
    `  Stripe: ${stripe}, and the payments themselves (name, e-mail, card). Redact them in its dashboard.`,
    '  LINE: the messages in the chat, on the phone and in LINE Official Account Manager.',
    '  Discord, where they were: the bot’s messages to them, and the server’s log. The roles from us go within minutes, while Noren runs.',
    '  Other systems: what they were told of orders and members (outbound list).',
    '  You: backups made before today.',
  ].join('\n')
}
