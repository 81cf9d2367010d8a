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
  /** Unix seconds, as in the sealed reference: which way to the till it was */
  issuedAt: number | null
  forged: boolean
}

/**
 * Whether a session is ours at all, and whose. null: another product on the same Stripe account, which
 * is normal and none of our business. A session without a link but with a reference of our seal was
 * opened by us. A bare LINE id is a claim: enough for a receipt, never for more. One that is sealed for
 * a poster names nobody, so whoever comes back may claim the order. A forged one counts as none.
 */
export function whoseOrder(
  facts: Pick<CheckoutFacts, 'link' | 'reference'>,
  rules: OwnershipRules,
): Whose | null {
  const opened = openReference(facts.reference, rules.referenceSecrets)
  const ours = facts.link
    ? (rules.paymentLinks?.includes(facts.link) ?? true)
    : opened.kind === 'sealed' || opened.kind === 'source'
  if (!ours) return null
  const nobody = { userId: null, ownership: null, source: null, issuedAt: null, forged: false }
  if (opened.kind === 'source') return { ...nobody, source: opened.source }
  if (opened.kind === 'sealed') {
    const { userId, source, issuedAt } = opened
    return { ...nobody, userId, ownership: 'sealed', source, issuedAt }
  }
  if (opened.kind === 'bare' && rules.unsealedReferences === 'notify')
    return { ...nobody, userId: opened.userId, ownership: 'bare' }
  return { ...nobody, forged: opened.kind === 'forged' }
}
