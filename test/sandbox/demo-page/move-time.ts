import type { LineSandbox, StripeSandbox } from '../types.ts'
import { daysToPayment, idsOfHolder, type Subscriber, subscriberOf } from './find-member.ts'
import { SOME_DAYS } from './some-days.ts'
import type { DemoServer, Refusal } from './state.ts'

type Sandboxes = { stripe: StripeSandbox; line: LineSandbox; discord?: DemoServer }

/** The time machine, for whoever holds the phone. Time passes at Stripe alone, and for this person alone. */
export function timeMachine(sandboxes: Sandboxes) {
  const { stripe } = sandboxes
  return {
    next_month: () => withLiving((member) => pass(member, { months: 1 })),
    some_days: () => withLiving((member) => pass(member, { days: SOME_DAYS })),
    card_fails: () =>
      withLiving(async (member) => {
        for (const customer of member.customers) stripe.refuseCard(customer, true)
        await pass(member, { days: daysToPayment(stripe, member.subscription) })
      }),
    card_works: () =>
      withLiving(async ({ customers }) => {
        for (const customer of customers) {
          stripe.refuseCard(customer, false)
          await stripe.payOpenInvoice(customer)
        }
      }),
    leave: () =>
      withLiving(({ subscription }) => stripe.cancelSubscription(subscription.id, 'period_end')),
    stay: () => withLiving(({ subscription }) => stripe.keepSubscription(subscription.id)),
  }

  type Living = Subscriber & { subscription: NonNullable<Subscriber['subscription']> }

  async function withLiving(work: (member: Living) => Promise<void>): Promise<Refusal | undefined> {
    const { customers, subscription } = subscriberOf(stripe, idsOfHolder(sandboxes))
    if (!subscription) return 'nothing_subscribed'
    await work({ customers, subscription })
  }

  async function pass({ customers }: Living, by: { days?: number; months?: number }) {
    for (const customer of customers) await stripe.advance(customer, by)
  }
}
