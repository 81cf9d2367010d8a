import { h } from 'preact'
import type { PricingTableResponse } from '../../shared/api.ts'
import { ELEMENT } from '../stripe-script.ts'

/** Stripe's own element. What it looks like is chosen in the dashboard: its frame is closed to this page. */
export function PricingTable({ made }: { made: PricingTableResponse }) {
  const { customerSession, email } = made
  return (
    <div class="pricing-table">
      {h(ELEMENT, {
        key: customerSession ?? made.reference,
        'pricing-table-id': made.table,
        'publishable-key': made.publishableKey,
        'client-reference-id': made.reference,
        ...(customerSession ? { 'customer-session-client-secret': customerSession } : {}),
        ...(email ? { 'customer-email': email } : {}),
      })}
    </div>
  )
}
