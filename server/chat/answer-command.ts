import { heardFrom } from '../notifications/heard-from.ts'
import { ANSWER_MS, type CommandAnswer, type Doorbell, Never, type Store } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { answerAboutAccounts } from './answer-about-accounts.ts'
import { answerWithPage } from './answer-with-page.ts'
import { type CommandDesk, type Composed, type Frame, frameFor } from './command-desk.ts'
import { meetAsker, nameAsker } from './meet-asker.ts'
import { sayWithLink } from './say-with-link.ts'

export type { CommandDesk } from './command-desk.ts'

type CommandBell = Extract<Doorbell, { from: 'discord' }>

/** Discord waits 3 s for the first answer and then knows the question no more; its clock and ours may differ. */
const FIRST_ANSWER_MS = 60_000

/**
 * Answers a command or a button; what is said there costs nothing, and only who asked sees it. A failed try is
 * repeated while the token lives. Throws Never once it is dead: they have read that nobody answered, and asked
 * again or gone on. `cause` is the event's id.
 */
export async function answerCommand(
  desk: CommandDesk,
  rang: CommandBell,
  cause: string,
): Promise<void> {
  const { clock, store, log } = desk.post
  const { asked, at } = rang
  if (clock.now().getTime() - at >= ANSWER_MS) throw await givenUp(store, cause)
  const account = await meetAsker(desk, rang, cause)
  const { answer, token } = await compose(desk, account, rang)
  const body = desk.channel.renderAnswer(answer)
  let heard = false
  await sayWithLink(store, token, async () => {
    const outcome = await desk.channel.answer(asked.token, body)
    // The worker may be quicker than the letterbox's own answer.
    if (outcome === 'unknown' && clock.now().getTime() - at < FIRST_ANSWER_MS)
      throw new Error('Discord does not know of this question yet')
    heard = outcome === 'accepted'
    return heard
  })
  if (!heard) log.info({ answer: answer.kind }, 'too late to answer a command')
  else await keepOpen(desk, account, rang)
  await nameAsker(desk, account)
}

/** What hindered the last try comes first: a person who looks at it can mend that alone. */
async function givenUp({ db }: Store, cause: string): Promise<Never> {
  const over = 'the 15 minutes in which it could be answered are over'
  const event = db.selectFrom('events').select('error').where('id', '=', cause)
  const { error = null } = (await event.executeTakeFirst()) ?? {}
  return new Never(error ? `${error}; ${over}` : over)
}

/** What else there is to say may be said there too; not before the answer, whose place it would take. */
async function keepOpen(
  { post }: CommandDesk,
  account: AccountRow,
  { asked, at }: CommandBell,
): Promise<void> {
  const until = new Date(at + ANSWER_MS)
  await post.store.transaction((tx) => heardFrom(post, tx, account, { token: asked.token, until }))
}

async function compose(
  desk: CommandDesk,
  account: AccountRow,
  { asked }: CommandBell,
): Promise<Composed> {
  const { does } = asked
  const frame: Frame = frameFor(desk, account, asked.locale)
  const plain = (kind: 'help' | 'declined'): Composed => ({
    answer: { ...frame, kind } satisfies CommandAnswer,
    token: null,
  })
  if ('decline' in does) return plain('declined')
  if ('open' in does) return answerWithPage(desk, account, frame, does)
  if (!('command' in does)) return answerAboutAccounts(desk, account, frame, does)
  const { command, code } = does
  if (code !== undefined) return answerAboutAccounts(desk, account, frame, { code })
  return command === 'help' ? plain('help') : answerWithPage(desk, account, frame, { command })
}
