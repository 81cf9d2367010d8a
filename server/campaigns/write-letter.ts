import { campaignWords } from '../../shared/i18n/campaigns.ts'
import { type Language, localized } from '../../shared/language.ts'
import { formatMoney } from '../../shared/money.ts'
import { pageLink } from '../notifications/member-links.ts'
import { shopIn } from '../notifications/shop-in.ts'
import type { CampaignMessage } from '../ports.ts'
import type { Listed } from '../shop/catalogue.ts'
import type { CampaignRule, ShopConfig } from '../shop/define-shop.ts'
import type { AccountRow } from '../store/tables.ts'

/** What a letter is made of, once it is decided who hears of what. */
export type Told = {
  rule: CampaignRule
  account: AccountRow
  offer: Listed['offer']
  /** The role that they hold, or held */
  role: string | null
  saves: number | null
  /** Through the membership page, where a plan is changed; otherwise to the page of the offer */
  changesPlan: boolean
}

const LONGEST_NAME = 40

/** The message in the reader's language, with their name, the role and what they save filled in. */
export function writeLetter(
  { shop, liffId }: { shop: ShopConfig; liffId: string },
  told: Told,
  unsubscribe: string,
): CampaignMessage {
  const { account, rule, offer, changesPlan } = told
  const language = account.language ?? shop.language ?? 'ja'
  const words = campaignWords(language)
  const filled = fillFrom({
    name: readableName(account.name) ?? words.reader,
    role: roleTitle(shop, offer.role ?? told.role, language),
    saves: told.saves === null ? '' : formatMoney(told.saves, offer.currency, language),
  })
  const page = changesPlan ? '/membership?do=plan' : `/checkout/${offer.id}`
  return {
    kind: 'campaign',
    language,
    shop: shopIn(shop, language),
    title: filled(localized(rule.title, language)),
    text: filled(localized(rule.text, language)),
    button: { label: words.look, address: pageLink(liffId, page, `campaign-${rule.id}`) },
    links: { unsubscribe },
  }
}

/** In one go, so that a name which looks like a placeholder stays what it is. */
function fillFrom(values: Record<'name' | 'role' | 'saves', string>) {
  return (text: string) =>
    text.replace(/\{(name|role|saves)\}/g, (_, key: keyof typeof values) => values[key])
}

function roleTitle({ roles = [] }: ShopConfig, role: string | null, language: Language): string {
  const title = roles.find(({ id }) => id === role)?.title
  return title ? localized(title, language) : ''
}

/**
 * A name that was typed at a till may be anything, beside anybody's mailbox: an address in it would be a
 * link in a letter that the shop signs. null: it is no name that one can be greeted by.
 */
export function readableName(name: string | null): string | null {
  const plain = (name ?? '')
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  if (plain === '' || /[@/\\<>]|\w\.\p{L}{2}|www\./iu.test(plain)) return null
  const letters = [...plain]
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join('')}…` : plain
}
