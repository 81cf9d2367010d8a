import { describeAccount, findAccount, lockAccount } from '../people/people.store.ts'
import type { Tx } from '../ports.ts'
import type { AccountRow, DeliveryRow } from '../store/tables.ts'
import { bringHere } from './another-way.ts'
import type { PostRoom } from './notify.ts'
import { keepOpenAnswer } from './open-answers.store.ts'
import { releaseMessages } from './release-messages.ts'

/**
 * Somebody has just asked us something in a chat where an answer reaches them alone (`token`, good `until`
 * then). That their messages were closed to us is forgotten, since they may have opened them, and what waited
 * for them leaves: as a message if it is let in, else as one more answer. To be called once what they asked is
 * answered: whatever is said there first takes that answer's place.
 */
export async function heardFrom(
  post: PostRoom,
  tx: Tx,
  account: Pick<AccountRow, 'id'>,
  answer: { token: string; until: Date },
): Promise<void> {
  // Held first: a message that is not let in at this very moment must find the answer, or be found waiting.
  const known = await lockAccount(tx, account.id)
  if (!known) return
  await keepOpenAnswer(tx, known.id, answer)
  await letIn(post, tx, known)
  await bringHere(post, tx, known.id)
}

/** A message was let in although the last one was not. */
export async function noteLetIn(
  post: PostRoom,
  { account_id }: Pick<DeliveryRow, 'account_id'>,
): Promise<void> {
  if ((await findAccount(post.store.db, account_id))?.friend !== 0) return
  await post.store.transaction(async (tx) => {
    const account = await lockAccount(tx, account_id)
    if (account?.friend === 0) await letIn(post, tx, account)
  })
}

async function letIn(post: PostRoom, tx: Tx, { id, friend }: AccountRow): Promise<void> {
  if (friend === 0) await describeAccount(tx, id, { friend: null })
  await releaseMessages(post, tx, id)
}
