import { type Language, type Localized, localized } from '../../shared/language.ts'
import type { MemberMessage, PlanWords, Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { memberLinks } from './member-links.ts'
import type { PostRoom } from './notify.ts'
import { postDelivery } from './post-delivery.ts'

type Told = 'language' | 'shop' | 'role' | 'plan' | 'links'
type WithoutTold<T> = T extends unknown ? Omit<T, Told> : never
/** What there is to say, before it is said in somebody's language. */
export type MemberNews = WithoutTold<MemberMessage>
/** What is paid for; `names`: in the shop's own words, where it has any. */
export type NamedPlan = PlanWords & { names?: Localized | null }

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
    plan: NamedPlan | null
    cause: string | null
  },
): Promise<boolean> {
  const { shop, channel, clock, liffId } = post
  let isNews = false
  for (const account of told.accounts) {
    const language = account.language ?? shop.language ?? 'ja'
    const title = shop.roles?.find(({ id }) => id === told.role)?.title ?? told.role
    const body = channel.render({
      ...inLanguage(told.news, language),
      language,
      shop: {
        name: localized(shop.name, language),
        brand: shop.brand,
        taxNote: localized(shop.taxNote, language),
      },
      role: localized(title, language),
      plan: told.plan && namedIn(told.plan, language),
      links: memberLinks(liffId, 'message'),
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

function namedIn({ names, ...plan }: NamedPlan, language: Language): PlanWords {
  return names ? { ...plan, name: localized(names, language) } : plan
}

/** The plan that was had before is named as well as the one that is had now. */
function inLanguage(news: MemberNews, language: Language): MemberNews {
  return news.kind === 'plan_changed' ? { ...news, before: namedIn(news.before, language) } : news
}
