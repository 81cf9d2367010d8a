import { COMES_BACK_SECONDS } from '../people/payers.ts'
import { accountsOf, channelOf, isSameMail } from '../people/people.store.ts'
import type { Message, Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { type NewDelivery, saidOf, withdrawUnsent } from './deliveries.store.ts'
import { byMail, type CustomerKind, patienceWithLine } from './mail-topics.ts'
import { mailboxOf } from './mailbox-of.ts'
import type { PostRoom } from './notify.ts'
import { postDelivery } from './post-delivery.ts'

export type ForCustomer = {
  subject: string
  kind: CustomerKind
  orderId: string | null
  cause: string | null
  /** The message for this account, in its language, with links that say where they were tapped */
  compose: (account: AccountRow, tappedIn: 'message' | 'mail') => Message
}

/**
 * Tells a customer once for each subject and kind: in LINE where they are there, by mail beside that or
 * instead of it as the shop wishes, and by mail alone who has no LINE account. Rendered here and never
 * again, because a retry must be byte-identical; what mail may bring later is kept beside it as it was
 * meant. False: all of it was said before, or there is no way to say it.
 */
export async function tellCustomer(
  post: PostRoom,
  tx: Tx,
  accounts: readonly AccountRow[],
  told: ForCustomer,
): Promise<boolean> {
  const chats = accounts.filter(({ channel }) => channel === 'line')
  const mails = byMail(post, told.kind)
  let isNews = false
  for (const account of chats) isNews = (await intoChat(post, tx, account, told)) || isNews
  for (const mailbox of await mailboxesFor(tx, accounts, chats, mails, told))
    isNews = (await intoMailbox(post, tx, mailbox, chats[0] ?? mailbox, told)) || isNews
  return isNews
}

/** Where a message about an order goes: into LINE, if the buyer is there with any account. */
export async function accountsOfBuyer(tx: Tx, buyer: AccountRow): Promise<AccountRow[]> {
  if (buyer.channel === 'line') return [buyer]
  const chats = (await accountsOf(tx, buyer.person_id)).filter(({ channel }) => channel === 'line')
  return chats.length > 0 ? chats : [buyer]
}

async function intoChat(
  post: PostRoom,
  tx: Tx,
  account: AccountRow,
  told: ForCustomer,
): Promise<boolean> {
  if (post.mail && (await hasHeardByMail(tx, account, told))) return false
  const row = rowOf(post, account, told, post.channel.render(told.compose(account, 'message')))
  if (byMail(post, told.kind) !== 'instead') return postDelivery(post, tx, row)
  const instead = post.clock.now().getTime() + patienceWithLine(post.shop.mail)
  const instead_at = new Date(instead).toISOString()
  const message = JSON.stringify(told.compose(account, 'mail'))
  return postDelivery(post, tx, { ...row, message, instead_at })
}

/**
 * Who was a mailbox until a moment ago is not told again what that has heard. What has not left yet is
 * withdrawn: they are in LINE now.
 */
async function hasHeardByMail(tx: Tx, chat: AccountRow, told: ForCustomer): Promise<boolean> {
  const said = await saidOf(tx, told.subject, told.kind)
  if (said.some(({ account_id }) => account_id === chat.id)) return false
  const mails = said.filter(({ account_id }) => channelOf(account_id) === 'mail')
  const pending = mails.filter(({ state }) => state === 'pending').map(({ id }) => id)
  const withdrawn = await withdrawUnsent(tx, pending)
  return withdrawn.length < pending.length || mails.some(({ state }) => state === 'accepted')
}

async function mailboxesFor(
  tx: Tx,
  accounts: readonly AccountRow[],
  [chat]: readonly AccountRow[],
  mails: 'instead' | 'also' | false,
  { orderId }: ForCustomer,
): Promise<AccountRow[]> {
  if (!mails) return []
  if (!chat) return distinct(accounts)
  const mailbox = mails === 'also' ? await mailboxOf(tx, chat.person_id, orderId) : null
  return mailbox ? [mailbox] : []
}

/** One address may have been told by more than one thing of Stripe's; what was shown to be theirs comes first. */
function distinct(mailboxes: readonly AccountRow[]): AccountRow[] {
  return mailboxes
    .toSorted((one, other) => Number(!one.verified_at) - Number(!other.verified_at))
    .filter(
      ({ address }, at, all) => all.findIndex((other) => isSameMail(other.address, address)) === at,
    )
}

async function intoMailbox(
  post: PostRoom,
  tx: Tx,
  mailbox: AccountRow,
  /** Whose language it is in: a mailbox that somebody typed says nothing of one */
  reader: AccountRow,
  told: ForCustomer,
): Promise<boolean> {
  if (!post.mail) return false
  const row = rowOf(post, mailbox, told, post.mail.render(told.compose(reader, 'mail')))
  // Whoever comes into LINE with their payment in a moment is to hear of it there, and once.
  const isPayer = reader.channel === 'mail'
  const soon = new Date(post.clock.now().getTime() + COMES_BACK_SECONDS * 1_000)
  return postDelivery(post, tx, row, isPayer ? soon : undefined)
}

function rowOf(
  { clock }: PostRoom,
  { id }: AccountRow,
  { subject, kind, orderId, cause }: ForCustomer,
  body: string,
): NewDelivery {
  const created_at = clock.now().toISOString()
  return { subject, kind, account_id: id, order_id: orderId, body, created_at, cause }
}
