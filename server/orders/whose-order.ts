import { openReference } from '../../shared/reference.ts'
import { roleOfItems, rulesOf } from '../memberships/reasons.ts'
import type { CheckoutFacts, SessionGlance } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'

export type OwnershipRules = {
  referenceSecrets: readonly string[]
  unsealedReferences: 'notify' | 'ignore'
  /** null: every Payment Link of the account is ours */
  paymentLinks: readonly string[] | null
  /** What gives a role is ours, on whichever page it was sold */
  shop: ShopConfig
}

export type Whose = {
  userId: string | null
  ownership: 'sealed' | 'bare' | 'claimed' | null
  source: string | null
  /** Unix seconds, as in the sealed reference: which way to the till it was */
  issuedAt: number | null
  forged: boolean
}

type Origin = Pick<CheckoutFacts, 'link' | 'reference'>

/**
 * Whether a session is ours at all, and whose. null: another product on the same Stripe account, which
 * is normal and none of our business. A session without a link but with a reference of our seal was
 * opened by us, or by a pricing table of ours; any other without a link is ours where what is subscribed to gives
 * a role: a table on another page, which may have a reference of its own. A bare LINE id is a claim: enough
 * for a receipt, never for more. One that is sealed for a poster names nobody, so whoever comes back may
 * claim the order. A forged one counts as none.
 */
export function whoseOrder(
  facts: Origin & Pick<CheckoutFacts, 'mode' | 'items'>,
  rules: OwnershipRules,
): Whose | null {
  return (
    whoseOrigin(facts, rules) ?? (sellsRole(facts, rules) ? whoseReference(facts, rules) : null)
  )
}

/** The same by where it comes from alone. null: only what it sells could make it ours. */
export function whoseOrigin(facts: Origin, rules: OwnershipRules): Whose | null {
  const whose = whoseReference(facts, rules)
  if (facts.link) return (rules.paymentLinks?.includes(facts.link) ?? true) ? whose : null
  // Only what we have sealed says where it came from.
  return whose.source !== null ? whose : null
}

/** Whether it is worth asking Stripe what a session sells that comes from nowhere we know. */
export function maySellRole(glance: SessionGlance, { shop }: OwnershipRules): boolean {
  if (glance.link || glance.mode !== 'subscription' || glance.session === 'expired') return false
  const grants = rulesOf(shop).roles.flatMap((role) => role.grants ?? [])
  return grants.some((grant) => !('offer' in grant))
}

function sellsRole(
  { link, mode, items }: Pick<CheckoutFacts, 'link' | 'mode' | 'items'>,
  { shop }: OwnershipRules,
): boolean {
  if (link || mode !== 'subscription') return false
  const sold = items.map(({ price, product }) => ({ price: price ?? '', product: product ?? '' }))
  return roleOfItems(sold, rulesOf(shop)) !== null
}

function whoseReference(facts: Origin, rules: OwnershipRules): Whose {
  const opened = openReference(facts.reference, rules.referenceSecrets)
  const nobody = { userId: null, ownership: null, source: null, issuedAt: null, forged: false }
  if (opened.kind === 'source') return { ...nobody, source: opened.source }
  if (opened.kind === 'sealed') {
    const { userId, source, issuedAt } = opened
    return { ...nobody, userId, ownership: 'sealed', source, issuedAt }
  }
  if (opened.kind === 'bare' && rules.unsealedReferences === 'notify')
    return { ...nobody, userId: opened.userId, ownership: 'bare' }
  // Without a link it is another page's own word for its customer, and nothing that staff must look into.
  return { ...nobody, forged: opened.kind === 'forged' && facts.link !== null }
}
