import { COMES_BACK_SECONDS } from '../people/payers.ts'
import { accountsOf, channelOf, isChat, isSameMail } from '../people/people.store.ts'
import type { Message, Tx } from '../ports.ts'
import type { AccountRow, DeliveryRow } from '../store/tables.ts'
import { bringAnotherWay, closedWords } from './another-way.ts'
import { channelNamed } from './channels.ts'
import { chatsAmong, chooseChat, lastOrderedBy } from './choose-chat.ts'
import { type NewDelivery, saidOf, withdrawUnsent } from './deliveries.store.ts'
import { byMail, type CustomerKind, patienceWithChat } from './mail-topics.ts'
import { mailboxOf } from './mailbox-of.ts'
import type { PostRoom } from './notify.ts'
import { postDelivery } from './post-delivery.ts'

export type ForCustomer = {
  subject: string
  kind: CustomerKind
  orderId: string | null
  cause: string | null
  /** The account by which they bought what it is about; without a word the one by which they ordered last */
  boughtBy?: string
  /** The message for this account, in its language, with links that say where they were tapped */
  compose: (account: AccountRow, tappedIn: 'message' | 'mail') => Message
}

/**
 * Tells a customer once for each subject and kind: in one chat of theirs, by mail beside that or instead of it
 * as the shop wishes, and by mail alone who is in no chat. Rendered here and never again, because a retry must
 * be byte-identical; what another chat or mail may bring later is kept beside it as it was meant. False: all of
 * it was said before, or there is no way to say it. `accounts`: all that the person has.
 */
export async function tellCustomer(
  post: PostRoom,
  tx: Tx,
  accounts: readonly AccountRow[],
  told: ForCustomer,
): Promise<boolean> {
  const chats = chatsAmong(post, accounts)
  const chat = chooseChat(chats, told.boughtBy ?? (await lastOrderedBy(tx, chats)))
  const mails = byMail(post, told.kind)
  let isNews = chat !== null && (await intoChat(post, tx, chat, accounts, told))
  for (const mailbox of await mailboxesFor(tx, accounts, chat, mails, told))
    isNews = (await intoMailbox(post, tx, mailbox, chat ?? mailbox, told)) || isNews
  return isNews
}

/** Where a message about an order may go: wherever its buyer is, or to their mailbox who is in no chat. */
export async function accountsOfBuyer(tx: Tx, buyer: AccountRow): Promise<AccountRow[]> {
  const chats = (await accountsOf(tx, buyer.person_id)).filter(isChat)
  return chats.length > 0 ? chats : [buyer]
}

async function intoChat(
  post: PostRoom,
  tx: Tx,
  chat: AccountRow,
  accounts: readonly AccountRow[],
  told: ForCustomer,
): Promise<boolean> {
  if (await hasHeardElsewhere(post, tx, chat, accounts, told)) return false
  const channel = channelNamed(post, chat.channel)
  if (!channel) return false
  const row = rowOf(post, chat, told, channel.render(told.compose(chat, 'message')))
  const mails = byMail(post, told.kind) === 'instead'
  if (!mails && !hasManyChats(post)) return postDelivery(post, tx, row)
  const message = JSON.stringify(told.compose(chat, 'mail'))
  const instead = post.clock.now().getTime() + patienceWithChat(post.shop.mail)
  const instead_at = new Date(instead).toISOString()
  return postDelivery(post, tx, { ...row, message, ...(mails ? { instead_at } : {}) })
}

function hasManyChats({ chats }: PostRoom): boolean {
  return Object.keys(chats).length > 1
}

/**
 * Was it said to them, or is it about to be, where they are besides this chat? Whoever was a mailbox, or
 * somebody else's other account, until a moment ago does not hear it again. What has not left yet for where they are no
 * more is withdrawn; what waits for them elsewhere comes here if it can.
 */
async function hasHeardElsewhere(
  post: PostRoom,
  tx: Tx,
  chat: AccountRow,
  accounts: readonly AccountRow[],
  told: ForCustomer,
): Promise<boolean> {
  if (!post.mail && !hasManyChats(post)) return false
  const said = await saidOf(tx, told.subject, told.kind)
  // Then its own key decides.
  if (said.some(({ account_id }) => account_id === chat.id)) return false
  const elsewhere = said.filter((each) => !isSomebodyElses(each, chat))
  const open = elsewhere.filter(({ state }) => state === 'pending' || state === 'waiting')
  const theirs = new Set(accounts.filter(isChat).map(({ id }) => id))
  const left = open.filter(({ account_id }) => !theirs.has(account_id)).map(({ id }) => id)
  const withdrawn = await withdrawUnsent(tx, left)
  const coming = open.filter(({ account_id }) => theirs.has(account_id))
  for (const { id, account_id } of coming)
    await bringAnotherWay(post, tx, id, {
      from: ['waiting'],
      why: closedWords(account_id),
      byMail: false,
    })
  const isOnItsWay = coming.length > 0 || withdrawn.length < left.length
  return isOnItsWay || elsewhere.some(({ state }) => state === 'accepted')
}

/** Two accounts of LINE are never one human's here, so what the other heard was said to somebody else. */
function isSomebodyElses({ account_id }: DeliveryRow, chat: AccountRow): boolean {
  return chat.channel === 'line' && channelOf(account_id) === 'line'
}

async function mailboxesFor(
  tx: Tx,
  accounts: readonly AccountRow[],
  chat: AccountRow | null,
  mails: 'instead' | 'also' | false,
  { orderId }: ForCustomer,
): Promise<AccountRow[]> {
  if (!mails) return []
  if (!chat) return distinct(accounts.filter(({ channel }) => channel === 'mail'))
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
