import { settleSession } from './settle-session.ts'

/**
 * Nobody can pay this page at Stripe any more: it was opened for a person who is two by now, and may be that of
 * the other one's customer. Whoever was quicker and has paid has their order at once. Throws when Stripe does
 * not answer.
 */
export async function shutPage(
  parts: Parameters<typeof settleSession>[0],
  sessionId: string,
  cause: string | null,
): Promise<void> {
  if (!(await parts.desk.stripe.expireCheckout(sessionId)))
    await settleSession(parts, sessionId, cause)
}
