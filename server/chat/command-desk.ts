import { nearestLanguage } from '../../shared/language.ts'
import { shopIn } from '../notifications/shop-in.ts'
import type { Leaving } from '../people/move-out.ts'
import { makeLink } from '../people/one-time-links.ts'
import type { CommandAnswer, CommandChannel } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import type { ChatDesk } from './answer-chat.ts'

export type CommandDesk = ChatDesk & {
  channel: CommandChannel
  /** The books in which two accounts become one person's, and two again */
  merges: Leaving
  /** Asks Stripe for what nobody has asked of this person yet. Throws when it does not answer. */
  lookFirst: (personId: string) => Promise<boolean>
}

/** An answer, and the token of the one-time link in it. */
export type Composed = { answer: CommandAnswer; token: string | null }
export type Frame = Pick<CommandAnswer, 'language' | 'shop'>

/** In the account's language; else as Discord shows itself to them, or in the shop's own. */
export function frameFor({ post }: CommandDesk, account: AccountRow, locale: string | null): Frame {
  const language =
    account.language ?? nearestLanguage(locale) ?? post.shop.language ?? ('ja' as const)
  return { language, shop: shopIn(post.shop, language) }
}

/** The one way from here to a page of ours, good for who asked alone. null: too many were made in these minutes. */
export async function enterAt(
  { post, publicUrl }: CommandDesk,
  account: AccountRow,
  page: string,
): Promise<{ enter: string | null; token: string | null }> {
  const token = await makeLink(post, account.id)
  // What is bought there says in `orders.source` where it began.
  const way = new URLSearchParams({ to: page, source: account.channel })
  return { enter: token && `${publicUrl}/link?${way}#${token}`, token }
}
