import { localized } from '../../shared/language.ts'
import type { PostRoom } from '../notifications/notify.ts'
import { postDelivery } from '../notifications/post-delivery.ts'
import { shopIn } from '../notifications/shop-in.ts'
import { makeConnectLink } from '../people/one-time-links.ts'
import { chatAccountOf } from '../people/payers.ts'
import { lockAccount } from '../people/people.store.ts'
import type { InviteMessage, PlanWords, Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { subscriptionsOf } from './memberships.store.ts'
import { planNames } from './plan-names.ts'
import { planOfItems } from './plan-of-items.ts'
import { rulesOf } from './reasons.ts'
import { isLiving } from './standing.ts'

/**
 * Sends a mailbox the one link by which whoever owns it becomes one with their LINE account; once for each
 * `cause`. Nothing to who has come into LINE by then, and nothing where three such mails are good already.
 */
export async function invitePayer(post: PostRoom, accountId: string, cause: string): Promise<void> {
  if (!post.mail) return
  await post.store.transaction(async (tx) => {
    const account = await lockAccount(tx, accountId)
    if (!account || (await chatAccountOf(tx, account.person_id))) return
    const known = await tx
      .selectFrom('deliveries')
      .select('id')
      .where('subject', '=', cause)
      .where('kind', '=', 'invite')
      .executeTakeFirst()
    const now = post.clock.now()
    const link = known ? null : await makeConnectLink(tx, accountId, now)
    if (!link) return
    const message = await writeInvite(post, tx, account, link)
    await postDelivery(post, tx, {
      subject: cause,
      kind: 'invite',
      account_id: accountId,
      order_id: null,
      body: post.mail?.render(message) ?? '',
      created_at: now.toISOString(),
      cause,
    })
  })
}

async function writeInvite(
  { shop, liffId }: PostRoom,
  tx: Tx,
  account: AccountRow,
  { token, until }: { token: string; until: Date },
): Promise<InviteMessage> {
  const language = account.language ?? shop.language ?? 'ja'
  return {
    kind: 'invite',
    language,
    shop: shopIn(shop, language),
    name: account.name,
    plan: await planOf(tx, account.person_id, shop, language),
    // Behind the #, which nobody on the way to LINE sees; LIFF hands it on to us alone.
    links: { connect: `https://liff.line.me/${liffId}/connect#${token}` },
    until: until.toISOString(),
  }
}

async function planOf(
  tx: Tx,
  personId: string,
  shop: PostRoom['shop'],
  language: InviteMessage['language'],
): Promise<PlanWords | null> {
  const living = (await subscriptionsOf(tx, personId)).find(isLiving)
  const plan = planOfItems(living ?? null, rulesOf(shop))
  if (!plan) return null
  const { price, ...words } = plan
  const names = (await planNames(tx, shop))(price)
  return names ? { ...words, name: localized(names, language) } : words
}
