import { Webhook } from 'standardwebhooks'
import type { OutboundLetter } from '../ports.ts'

/**
 * The signature's header by the Standard Webhooks rules: one for each secret that is good now, so that a
 * receiver can change to the new one when it likes. Slack and Discord know their caller by the address alone.
 */
export function signatureOf(
  { id, secrets, format }: OutboundLetter,
  body: string,
  at: Date,
): Record<string, string> {
  if (format !== 'standard') return {}
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, at, body))
  return { 'webhook-signature': signatures.join(' ') }
}
