import { localized } from '../../shared/language.ts'
import type { MemberMessage, PlanWords, Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { memberLinks } from './member-links.ts'
import type { PostRoom } from './notify.ts'
import { postDelivery } from './post-delivery.ts'

type Told = 'language' | 'shop' | 'role' | 'plan' | 'links'
type WithoutTold<T> = T extends unknown ? Omit<T, Told> : never
/** What there is to say, before it is said in somebody's language. */
export type MemberNews = WithoutTold<MemberMessage>

/**
 * Tells a member on each of their accounts, once for each subject and kind. Rendered here and never
 * again, as every message. False: all of it was said before.
 */
export async function notifyMember(
  post: PostRoom,
  tx: Tx,
  told: {
    accounts: readonly AccountRow[]
    subject: string
    news: MemberNews
    /** The role's id */
    role: string
    plan: PlanWords | null
    cause: string | null
  },
): Promise<boolean> {
  const { shop, channel, clock, liffId } = post
  let isNews = false
  for (const account of told.accounts) {
    const language = account.language ?? shop.language ?? 'ja'
    const title = shop.roles?.find(({ id }) => id === told.role)?.title ?? told.role
    const body = channel.render({
      ...told.news,
      language,
      shop: {
        name: localized(shop.name, language),
        brand: shop.brand,
        taxNote: localized(shop.taxNote, language),
      },
      role: localized(title, language),
      plan: told.plan,
      links: memberLinks(liffId),
    })
    const posted = await postDelivery(post, tx, {
      subject: told.subject,
      kind: told.news.kind,
      account_id: account.id,
      order_id: null,
      body,
      created_at: clock.now().toISOString(),
      cause: told.cause,
    })
    isNews ||= posted
  }
  return isNews
}
