import { type Language, localized } from '../../shared/language.ts'
import { standingInChat } from '../memberships/standing-in-chat.ts'
import { memberLinks } from '../notifications/member-links.ts'
import type { PostRoom } from '../notifications/notify.ts'
import { askProfile } from '../people/ask-profile.ts'
import { makeLink } from '../people/one-time-links.ts'
import { ensureAccount } from '../people/people.store.ts'
import type { ChatAnswer, ChatBell, Doorbell, PlanWords } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'

export type ChatDesk = {
  post: PostRoom
  publicUrl: string
  /** The plans that the shop sells now, in this language */
  plans: (language: Language) => Promise<PlanWords[]>
}

type LineBell = Extract<Doorbell, { from: 'line' }>

/**
 * Answers a word or a button with the free reply token: never a push, which costs the shop. A token is
 * good for a minute and one use; when it is spent nothing is said at all, since whoever asked has long
 * gone on. In a group nothing personal is said.
 */
export async function answerChat(desk: ChatDesk, rang: LineBell): Promise<void> {
  const { chat, userId, active } = rang
  if (!chat || !userId || !active) return
  const { channel, log } = desk.post
  const answer = chat.group ? groupAnswer(desk) : await personalAnswer(desk, userId, chat)
  const outcome = await channel.reply(chat.replyToken, channel.renderAnswer(answer))
  if (outcome === 'spent') log.info({ command: chat.command }, 'too late to answer in the chat')
}

type Frame = Pick<ChatAnswer, 'language' | 'shop' | 'links' | 'computer'>

function frameOf({ post }: ChatDesk, language: Language, computer: string | null): Frame {
  const { shop, liffId } = post
  const links = memberLinks(liffId)
  return {
    language,
    shop: {
      name: localized(shop.name, language),
      brand: shop.brand,
      taxNote: localized(shop.taxNote, language),
    },
    links: { ...links, friend: shop.friendUrl ?? null },
    computer,
  }
}

/** The group's language is nobody's in particular: the shop's. */
function groupAnswer(desk: ChatDesk): ChatAnswer {
  return { ...frameOf(desk, desk.post.shop.language ?? 'ja', null), kind: 'group' }
}

async function personalAnswer(
  desk: ChatDesk,
  userId: string,
  { command }: ChatBell,
): Promise<ChatAnswer> {
  const { post } = desk
  const account = await meet(desk, userId)
  const language = account.language ?? post.shop.language ?? 'ja'
  const frame = frameOf(desk, language, null)
  const hasRoles = (post.shop.roles ?? []).length > 0
  if (command !== 'membership' && command !== 'cancel') return { ...frame, kind: command }
  if (!hasRoles) return { ...frame, kind: 'shop' }
  const standing = await standingInChat(post, account.person_id, language)
  const token = await makeLink(post, account.id)
  const computer = token && `${desk.publicUrl}/link#${token}`
  if (!standing) return { ...frame, computer, kind: 'guest', plans: await desk.plans(language) }
  return { ...frame, computer, kind: command === 'cancel' ? 'cancel' : 'member', ...standing }
}

/** Whoever writes for the first time is asked for at LINE once, for their language. */
async function meet({ post }: ChatDesk, userId: string): Promise<AccountRow> {
  const { store, clock } = post
  const account = await store.transaction((tx) => ensureAccount(tx, userId, clock.now()))
  if (account.profile_at || account.language) return account
  return askProfile(post, account, async () => {}).catch(() => account)
}
