import type Stripe from 'stripe'
import { idOf } from './id-of.ts'

/** The session in which something was paid once. */
export async function sessionOfPayment(
  stripe: Stripe,
  paymentIntent: string,
): Promise<string | null> {
  const { data } = await stripe.checkout.sessions.list({ payment_intent: paymentIntent, limit: 1 })
  return data[0]?.id ?? null
}

/** The session whose subscription a payment began. A renewal came from none: nobody stood at a till. */
export async function sessionOfFirstPayment(
  stripe: Stripe,
  paymentIntent: string,
): Promise<string | null> {
  const paid = await invoiceOfPayment(stripe, paymentIntent)
  if (!paid?.subscription || paid.invoice.billing_reason !== 'subscription_create') return null
  const session = await sessionBehind(stripe, paid.subscription)
  return session && idOf(session.invoice) === paid.invoice.id ? session.id : null
}

/** The session in which a subscription was begun; null: it was made in some other way. */
export async function sessionOfSubscription(
  stripe: Stripe,
  subscription: string,
): Promise<string | null> {
  return (await sessionBehind(stripe, subscription))?.id ?? null
}

async function sessionBehind(stripe: Stripe, subscription: string) {
  const { data } = await stripe.checkout.sessions.list({ subscription, limit: 1 })
  return data[0]
}

/** The subscription that a payment was for, and whose; null: a one-time purchase. */
export async function subscriptionOfPayment(
  stripe: Stripe,
  paymentIntent: string,
): Promise<{ subscription: string; customer: string } | null> {
  const paid = await invoiceOfPayment(stripe, paymentIntent)
  const customer = idOf(paid?.invoice.customer)
  return paid?.subscription && customer ? { subscription: paid.subscription, customer } : null
}

/** Neither a payment nor a charge names its invoice; what stands between them does. */
async function invoiceOfPayment(
  stripe: Stripe,
  paymentIntent: string,
): Promise<{ invoice: Stripe.Invoice; subscription: string | null } | null> {
  const { data } = await stripe.invoicePayments.list({
    payment: { type: 'payment_intent', payment_intent: paymentIntent },
    limit: 1,
    expand: ['data.invoice'],
  })
  const invoice = data[0]?.invoice
  if (!invoice || typeof invoice === 'string' || invoice.deleted) return null
  return { invoice, subscription: idOf(invoice.parent?.subscription_details?.subscription) }
}

/** Refunds and disputes name their payment; a charge does too. The id's own prefix says which it is. */
export async function paymentOf(stripe: Stripe, id: string): Promise<string | null> {
  const read = async () => {
    if (id.startsWith('ch_') || id.startsWith('py_')) return stripe.charges.retrieve(id)
    if (id.startsWith('re_') || id.startsWith('pyr_')) return stripe.refunds.retrieve(id)
    if (id.startsWith('du_') || id.startsWith('dp_')) return stripe.disputes.retrieve(id)
    return null
  }
  return idOf((await read())?.payment_intent)
}
