import { standingInChat } from '../memberships/standing-in-chat.ts'
import { pageLink } from '../notifications/member-links.ts'
import { joinByCode, lookAtCode } from '../people/join-accounts.ts'
import { makeJoinLink } from '../people/join-codes.ts'
import { leaveAccounts, linkedWith } from '../people/leave-accounts.ts'
import { findAccount } from '../people/people.store.ts'
import type { CommandAnswer, JoinTrouble } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import type { CommandDesk, Composed, Frame } from './command-desk.ts'

/** `code`: a code's hash, or '' for what can be none. */
export type AboutAccounts =
  | { code: string }
  | { link: true }
  | { join: string }
  | { unlink: true; sure: boolean }

/** Two accounts that become one person's, or two again. Said to be done also where an earlier try has done it. */
export async function answerAboutAccounts(
  desk: CommandDesk,
  account: AccountRow,
  frame: Frame,
  asked: AboutAccounts,
): Promise<Composed> {
  if ('link' in asked) return linkInto(desk, account, frame)
  return { answer: await answerOf(desk, account, frame, asked), token: null }
}

function answerOf(
  desk: CommandDesk,
  account: AccountRow,
  frame: Frame,
  asked: Exclude<AboutAccounts, { link: true }>,
): Promise<CommandAnswer> {
  if ('code' in asked) return askJoin(desk, account, frame, asked.code)
  if ('join' in asked) return join(desk, account, frame, asked.join)
  return asked.sure ? leave(desk, account, frame) : askUnlink(desk, account, frame)
}

async function linkInto(desk: CommandDesk, account: AccountRow, frame: Frame): Promise<Composed> {
  const { post } = desk
  if (await linkedWith(post.store.db, account.id))
    return { answer: refused(frame, 'same'), token: null }
  const token = await makeJoinLink(post, account.id)
  const into = token && `${pageLink(post.liffId, '/accounts')}#${token}`
  return { answer: { ...frame, kind: 'link', into }, token }
}

async function askJoin(
  { post }: CommandDesk,
  account: AccountRow,
  frame: Frame,
  code: string,
): Promise<CommandAnswer> {
  const seen = await lookAtCode(post.store.db, code, account.id, post.clock.now())
  if (seen.state !== 'good') return refused(frame, seen.state)
  const { name, channel, replaces } = seen
  return { ...frame, kind: 'ask_join', code, name, channel, replaces }
}

async function join(
  desk: CommandDesk,
  account: AccountRow,
  frame: Frame,
  code: string,
): Promise<CommandAnswer> {
  const { store } = desk.post
  const joined = await joinByCode(desk.merges, code, account.id)
  if (joined.state === 'joined') return joinedAs(desk, account, frame, joined.name)
  const other = await linkedWith(store.db, account.id)
  // An earlier try has joined them, and its answer was lost.
  const done = other && (joined.state === 'same' || joined.state === 'code_spent')
  return done ? joinedAs(desk, account, frame, other.name) : refused(frame, joined.state)
}

async function joinedAs(
  { post }: CommandDesk,
  { id }: AccountRow,
  frame: Frame,
  name: string | null,
): Promise<CommandAnswer> {
  // Their person may be another one by now.
  const now = await findAccount(post.store.db, id)
  const standing = now && (await standingInChat(post, now.person_id, frame.language))
  return { ...frame, kind: 'joined', name, role: standing?.role || null }
}

async function askUnlink(
  { post }: CommandDesk,
  account: AccountRow,
  frame: Frame,
): Promise<CommandAnswer> {
  const other = await linkedWith(post.store.db, account.id)
  return other ? { ...frame, kind: 'ask_unlink', name: other.name } : refused(frame, 'alone')
}

async function leave(
  { merges }: CommandDesk,
  account: AccountRow,
  frame: Frame,
): Promise<CommandAnswer> {
  await leaveAccounts(merges, account.id)
  return { ...frame, kind: 'unlinked' }
}

const refused = (frame: Frame, why: JoinTrouble): CommandAnswer => ({
  ...frame,
  kind: 'refused',
  why,
})
