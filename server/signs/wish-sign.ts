import type { Language } from '../../shared/language.ts'
import { channelOf, isChat } from '../people/people.store.ts'
import { ringBell } from '../people/ring-bell.ts'
import type { Clock, Store, Tx } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { doubtSign, findSign, writeWish } from './signs.store.ts'

type Parts = { store: Store; clock: Clock; shop: ShopConfig }

/**
 * The account is to see this role: written down within the caller's transaction, and shown by the queue
 * afterwards. What is wished for and what is shown are kept apart, so a vendor's bad hour costs nothing.
 */
export async function wishSign(
  parts: Parts,
  tx: Tx,
  accountId: string,
  role: string,
): Promise<void> {
  // A mailbox shows nobody what they are.
  if (!hasSigns(parts.shop) || !isChat({ channel: channelOf(accountId) })) return
  await writeWish(tx, accountId, role)
  await ringBell(parts, tx, { kind: 'sign', about: accountId })
}

/** LINE may take a menu down when it is blocked: with each follow it is shown anew. */
export async function renewSign(parts: Parts, tx: Tx, accountId: string): Promise<void> {
  if (!(await findSign(tx, accountId))) return
  await doubtSign(tx, accountId)
  await ringBell(parts, tx, { kind: 'sign', about: accountId })
}

/**
 * Somebody has chosen another language: their menu speaks it too, also a guest's, who so far sees the
 * default one in the shop's own.
 */
export async function speakSign(
  parts: Parts,
  tx: Tx,
  accountId: string,
  language: Language,
): Promise<void> {
  // Only menus have words.
  if (!hasSigns(parts.shop) || channelOf(accountId) !== 'line') return
  if (await findSign(tx, accountId)) await renewSign(parts, tx, accountId)
  else if (language !== (parts.shop.language ?? 'ja')) await wishSign(parts, tx, accountId, 'guest')
}

/** A shop without roles keeps whatever menu it has made by itself. */
export function hasSigns(shop: ShopConfig): boolean {
  return (shop.roles ?? []).length > 0
}
