import { nearestLanguage } from '../../shared/language.ts'
import { describeAccount, ensureAccount } from '../people/people.store.ts'
import { ringBell } from '../people/ring-bell.ts'
import type { Doorbell, Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import type { CommandDesk } from './command-desk.ts'

type CommandBell = Extract<Doorbell, { from: 'discord' }>

/** What others call somebody is looked up at most so often. */
const NAME_AGE_MS = 86_400_000

/**
 * The account of who asks, made when it is new. Whoever asks for their membership on the server may have left it
 * and come back, and their role went with them: it is looked at again.
 */
export function meetAsker(
  { post }: CommandDesk,
  rang: CommandBell,
  cause: string,
): Promise<AccountRow> {
  const { store, clock } = post
  return store.transaction(async (tx) => {
    const account = await ensureAccount(tx, rang.userId, clock.now())
    if (isAboutMembership(rang)) await lookAtSign(post, tx, account, cause)
    if (account.language) return account
    const language = nearestLanguage(rang.asked.locale)
    if (!language) return account
    await describeAccount(tx, account.id, { language })
    return { ...account, language }
  })
}

function isAboutMembership({ asked }: CommandBell): boolean {
  const { does, onServer } = asked
  return onServer && 'command' in does && /^(join|membership)$/.test(does.command)
}

async function lookAtSign(
  post: CommandDesk['post'],
  tx: Tx,
  account: AccountRow,
  cause: string,
): Promise<void> {
  // Once for each question, however often its answer is tried.
  const bell = { kind: 'look' as const, about: account.id, id: cause }
  if ((post.shop.roles ?? []).length > 0) await ringBell(post, tx, bell)
}

/**
 * Under what name others see them, for the pages on which two accounts become one. After the answer, which must
 * not wait for it; without it the account goes unnamed until the next day's question.
 */
export async function nameAsker(
  { post, channel }: CommandDesk,
  account: AccountRow,
): Promise<void> {
  const { store, clock, log } = post
  const now = clock.now()
  const known = account.profile_at
  if (known && now.getTime() - Date.parse(known) < NAME_AGE_MS) return
  try {
    const profile = await channel.profile(account.address)
    const told = { ...(profile && { name: profile.name }), profile_at: now.toISOString() }
    await store.transaction((tx) => describeAccount(tx, account.id, told))
  } catch (error) {
    log.info({ err: error }, 'the name of who asked could not be read')
  }
}
