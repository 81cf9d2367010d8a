import { openReference } from '../../shared/reference.ts'
import type { CheckoutFacts } from '../ports.ts'

export type OwnershipRules = {
  referenceSecrets: readonly string[]
  unsealedReferences: 'notify' | 'ignore'
  /** null: every Payment Link of the account is ours */
  paymentLinks: readonly string[] | null
}

export type Whose = {
  userId: string | null
  ownership: 'sealed' | 'bare' | 'claimed' | null
  source: string | null
  forged: boolean
}

/**
 * Whether a session is ours at all, and whose. null: another product on the same Stripe account, which
 * is normal and none of our business. A session without a link but with a sealed reference was opened
 * by us. A bare LINE id is a claim: enough for a receipt, never for more. A forged one counts as none.
 */
export function whoseOrder(
  facts: Pick<CheckoutFacts, 'link' | 'reference'>,
  rules: OwnershipRules,
): Whose | null {
  const opened = openReference(facts.reference, rules.referenceSecrets)
  const ours = facts.link
    ? (rules.paymentLinks?.includes(facts.link) ?? true)
    : opened.kind === 'sealed'
  if (!ours) return null
  const nobody = { userId: null, ownership: null, source: null, forged: false }
  if (opened.kind === 'sealed')
    return { ...nobody, userId: opened.userId, ownership: 'sealed', source: opened.source }
  if (opened.kind === 'bare' && rules.unsealedReferences === 'notify')
    return { ...nobody, userId: opened.userId, ownership: 'bare' }
  return { ...nobody, forged: opened.kind === 'forged' }
}
