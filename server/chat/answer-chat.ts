import type { Language } from '../../shared/language.ts'
import { goodsInChat, standingInChat } from '../memberships/standing-in-chat.ts'
import { memberLinks } from '../notifications/member-links.ts'
import type { PostRoom } from '../notifications/notify.ts'
import { releaseMessages } from '../notifications/release-messages.ts'
import { shopIn } from '../notifications/shop-in.ts'
import { askProfile } from '../people/ask-profile.ts'
import { makeLink } from '../people/one-time-links.ts'
import { optIn, optOut } from '../people/opt-outs.store.ts'
import { ensureAccount } from '../people/people.store.ts'
import {
  CAMPAIGN_COMMANDS,
  type CampaignCommand,
  type ChatAnswer,
  type ChatBell,
  type ChatCommand,
  type Doorbell,
  type PlanWords,
  type Tx,
} from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { sayWithLink } from './say-with-link.ts'

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
  if (!chat || !userId || !active || !isOurs(desk, chat)) return
  if (chat.group) {
    await reply(desk, chat, groupAnswer(desk))
    return
  }
  const { answer, token } = await personalAnswer(desk, userId, chat)
  await sayWithLink(desk.post.store, token, () => reply(desk, chat, answer))
}

/** Where Noren sends no campaigns, and in a group, "stop" is said to somebody else, about something else. */
function isOurs({ post }: ChatDesk, { command, group }: ChatBell): boolean {
  if (!isAboutCampaigns(command)) return true
  return !group && (post.shop.campaigns?.rules ?? []).length > 0
}

function isAboutCampaigns(command: ChatCommand): command is CampaignCommand {
  return CAMPAIGN_COMMANDS.some((each) => each === command)
}

async function reply({ post }: ChatDesk, chat: ChatBell, answer: ChatAnswer): Promise<boolean> {
  const { channel, log } = post
  const outcome = await channel.reply(chat.replyToken, channel.renderAnswer(answer))
  if (outcome === 'spent') log.info({ command: chat.command }, 'too late to answer in the chat')
  return outcome === 'accepted'
}

type Frame = Pick<ChatAnswer, 'language' | 'shop' | 'links' | 'computer'>

function frameOf({ post }: ChatDesk, language: Language, computer: string | null): Frame {
  const { shop, liffId } = post
  const links = memberLinks(liffId, 'chat')
  return {
    language,
    shop: shopIn(shop, language),
    links: { ...links, friend: shop.friendUrl ?? null },
    computer,
  }
}

/** The group's language is nobody's in particular: the shop's. */
function groupAnswer(desk: ChatDesk): ChatAnswer {
  return { ...frameOf(desk, desk.post.shop.language ?? 'ja', null), kind: 'group' }
}

type Personal = { answer: ChatAnswer; token: string | null }

async function personalAnswer(
  desk: ChatDesk,
  userId: string,
  { command }: ChatBell,
): Promise<Personal> {
  const { post } = desk
  const account = await meet(desk, userId)
  const language = account.language ?? post.shop.language ?? 'ja'
  const frame = frameOf(desk, language, null)
  const plain = (kind: 'orders' | 'friend' | 'shop' | 'help' | 'stopped' | 'started') => ({
    answer: { ...frame, kind },
    token: null,
  })
  if (isAboutCampaigns(command)) return plain(await heed(post, account, command))
  if (command !== 'membership' && command !== 'cancel') return plain(command)
  const standing =
    (await standingInChat(post, account.person_id, language)) ??
    (command === 'cancel' ? await goodsInChat(post, account.person_id, language) : null)
  if (!standing && (post.shop.roles ?? []).length === 0) return plain('shop')
  const plans = standing ? [] : await desk.plans(language)
  // Where nothing can be joined there is nothing to open on a computer either.
  const token = standing || plans.length > 0 ? await makeLink(post, account.id) : null
  const own = { ...frame, computer: token && `${desk.publicUrl}/link#${token}` }
  const answer: ChatAnswer = standing
    ? { ...own, kind: command === 'cancel' ? 'cancel' : 'member', ...standing }
    : { ...own, kind: 'guest', plans }
  return { answer, token }
}

/** Said to them only once it is written down. */
async function heed(
  { store, clock }: PostRoom,
  { person_id }: AccountRow,
  command: CampaignCommand,
): Promise<'stopped' | 'started'> {
  await store.transaction((tx) =>
    command === 'stop' ? optOut(tx, person_id, 'chat', clock.now()) : optIn(tx, person_id),
  )
  return command === 'stop' ? 'stopped' : 'started'
}

/** Whoever writes for the first time is asked for at LINE once, for their language. */
async function meet({ post }: ChatDesk, userId: string): Promise<AccountRow> {
  const { store, clock } = post
  const account = await store.transaction((tx) => ensureAccount(tx, userId, clock.now()))
  if (account.profile_at || account.language) return account
  const whenBack = (tx: Tx, accountId: string) => releaseMessages(post, tx, accountId)
  return askProfile(post, account, whenBack).catch(() => account)
}
