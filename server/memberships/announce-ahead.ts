import { cardNotice, isTime, RENEWAL_EARLY_DAYS, renewalNotice } from './ahead.ts'
import type { Say } from './announce-membership.ts'
import type { Reason } from './reasons.ts'

/**
 * What is still to come for who goes on: their card runs out, a year is nearly over. Once for a card and its
 * month, whatever it pays for, and once for a period's end. Not while a payment is owed, which says more.
 */
export async function announceAhead(say: Say, reason: Reason, now: Date): Promise<void> {
  const { subscription, standing } = reason
  if (!subscription || !standing) return
  const { state } = standing
  if (state !== 'active' && state !== 'trial') return
  const card = cardNotice(subscription)
  if (card && isTime(card, subscription, now)) {
    const { brand, last4, month } = card.card
    const subject = `${subscription.customer_id}:card:${brand}:${last4}:${month}`
    const renewsAt = subscription.period_end
    await say(reason, subject, { kind: 'card_expiring', brand, last4, month, renewsAt })
  }
  const renewal = state === 'active' ? renewalNotice(subscription) : null
  if (renewal && isTime(renewal, subscription, now, RENEWAL_EARLY_DAYS)) {
    const { at, amount } = renewal
    await say(reason, `${reason.id}:${at}`, { kind: 'renewal_ahead', at, amount })
  }
}
