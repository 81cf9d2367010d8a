import { goodsInChat, standingInChat } from '../memberships/standing-in-chat.ts'
import { listOrders } from '../orders/list-orders.ts'
import { accountsOf, isChat } from '../people/people.store.ts'
import type { ChatStanding, SlashCommand } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { type CommandDesk, type Composed, enterAt, type Frame } from './command-desk.ts'

/** The page shows them all; an answer is read on a telephone. */
const MOST_ORDERS = 5

type Asked = { open: string } | { command: Exclude<SlashCommand, 'help'> }

/** How things stand, in short, and the one-time link to the page for all the rest. */
export async function answerWithPage(
  desk: CommandDesk,
  account: AccountRow,
  frame: Frame,
  asked: Asked,
): Promise<Composed> {
  if ('open' in asked) return openPage(desk, account, frame, asked.open)
  if (asked.command === 'orders') return ordersOf(desk, account, frame)
  return membershipOf(desk, account, frame, asked.command)
}

async function openPage(
  desk: CommandDesk,
  account: AccountRow,
  frame: Frame,
  page: string,
): Promise<Composed> {
  const { enter, token } = await enterAt(desk, account, page)
  return { answer: { ...frame, kind: 'open', enter }, token }
}

async function ordersOf(desk: CommandDesk, account: AccountRow, frame: Frame): Promise<Composed> {
  const orders = await listOrders(desk.post.store.db, account.person_id, MOST_ORDERS)
  const { enter, token } = await enterAt(desk, account, '/orders')
  return { answer: { ...frame, kind: 'orders', orders, enter }, token }
}

/** Whoever is a member need not join, and whoever is none has no membership: both commands lead where it helps. */
async function membershipOf(
  desk: CommandDesk,
  account: AccountRow,
  frame: Frame,
  command: 'join' | 'membership',
): Promise<Composed> {
  const { post } = desk
  // Told from old books, a member would be asked to pay a second time.
  await desk.lookFirst(account.person_id)
  const linked = await isLinked(desk, account)
  const standing =
    (await standingInChat(post, account.person_id, frame.language)) ??
    (command === 'membership' ? await goodsInChat(post, account.person_id, frame.language) : null)
  if (standing) {
    const { enter, token } = await enterAt(desk, account, pageFor(standing))
    return { answer: { ...frame, kind: 'member', ...standing, enter, linked }, token }
  }
  const plans = await desk.plans(frame.language)
  const { enter, token } = await enterAt(desk, account, plans.length > 0 ? '/join' : '/')
  return { answer: { ...frame, kind: 'guest', plans, enter, linked }, token }
}

const pageFor = ({ state }: ChatStanding) =>
  state === 'past_due' ? '/membership?do=card' : '/membership'

/** Are they one with an account in another chat? */
async function isLinked({ post }: CommandDesk, account: AccountRow): Promise<boolean> {
  const all = await accountsOf(post.store.db, account.person_id)
  return all.some((each) => isChat(each) && each.channel !== account.channel)
}
