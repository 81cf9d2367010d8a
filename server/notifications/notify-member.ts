import { type Language, type Localized, localized } from '../../shared/language.ts'
import type { MemberMessage, PlanWords, Tx } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import type { AccountRow } from '../store/tables.ts'
import { memberLinks } from './member-links.ts'
import type { PostRoom } from './notify.ts'
import { shopIn } from './shop-in.ts'
import { tellCustomer } from './tell-customer.ts'

type Told = 'language' | 'shop' | 'role' | 'plan' | 'links'
type WithoutTold<T> = T extends unknown ? Omit<T, Told> : never
/** What there is to say, before it is said in somebody's language. */
export type MemberNews = WithoutTold<MemberMessage>
/** What is paid for; `names`: in the shop's own words, where it has any. */
export type NamedPlan = PlanWords & { names?: Localized | null }

/**
 * Tells a member wherever they hear of the shop, once for each subject and kind. False: all of it was
 * said before, or there is no way to say it.
 */
export function notifyMember(
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
  const { shop, liffId } = post
  return tellCustomer(post, tx, told.accounts, {
    subject: told.subject,
    kind: told.news.kind,
    orderId: null,
    cause: told.cause,
    compose: (account, tappedIn): MemberMessage => {
      const language = account.language ?? shop.language ?? 'ja'
      return {
        ...inLanguage(told.news, language),
        language,
        shop: shopIn(shop, language),
        role: localized(titleOf(shop, told.role), language),
        plan: told.plan && namedIn(told.plan, language),
        links: memberLinks(liffId, tappedIn),
      }
    },
  })
}

/** A role that the shop has struck out is still called something. */
export function titleOf({ roles }: ShopConfig, role: string): Localized {
  return roles?.find(({ id }) => id === role)?.title ?? role
}

/** In the shop's own words, where it has any. */
export function namedIn({ names, ...plan }: NamedPlan, language: Language): PlanWords {
  return names ? { ...plan, name: localized(names, language) } : plan
}

/** The plan that was had before is named as well as the one that is had now. */
function inLanguage(news: MemberNews, language: Language): MemberNews {
  return news.kind === 'plan_changed' ? { ...news, before: namedIn(news.before, language) } : news
}
