import type Stripe from 'stripe'
import type { StripeSandbox } from '../types.ts'
import { changePrice } from './change-price.ts'
import {
  type CancelAs,
  cancelLater,
  changeSubscription,
  endSubscription,
  keepSubscription,
} from './change-subscription.ts'
import { stateFor } from './customer-time.ts'
import { decideDispute } from './decide-dispute.ts'
import type { Webhooks } from './deliver-webhooks.ts'
import { refundIntent } from './give-back.ts'
import { renewCard, replaceMethod } from './keep-cards.ts'
import { deleteCustomer } from './keep-customers.ts'
import { createClock, moveClock, timeAfter } from './move-clock.ts'
import { pauseSubscription, resumeSubscription } from './pause-subscription.ts'
import { payWhatIsOpen } from './pay-what-is-open.ts'
import { isLiving } from './periods.ts'
import { idOf, must, type State } from './state.ts'
import { type Told, toldBy } from './tell-and-wait.ts'

type Verbs = Pick<
  StripeSandbox,
  | 'advance'
  | 'timeOf'
  | 'refuseCard'
  | 'setCard'
  | 'payOpenInvoice'
  | 'keepSubscription'
  | 'changePrice'
  | 'pauseCollection'
  | 'pauseSubscription'
  | 'resumeSubscription'
  | 'refundInvoice'
  | 'deleteCustomer'
  | 'decideDispute'
> & {
  /** `cancel_at` ends with the period too, written down as Stripe's newer portal does: without the flag. */
  cancelSubscription(id: string, when: 'now' | CancelAs): Promise<void>
}

/** What members do and what happens to them. Each verb waits for the first answer to the webhooks it caused. */
export function memberVerbs(state: State, webhooks: Webhooks): Verbs {
  const told = toldBy(state, webhooks)
  const say = (from: 'buyer' | 'shop', title: string, of: string) =>
    state.watch({ at: state.wall().getTime(), from, to: 'stripe', title, detail: { of } })
  const change = async (
    id: string,
    title: string,
    act: (here: State, one: Stripe.Subscription) => void,
  ) => {
    const one = must(state.subscriptions, id)
    if (!isLiving(one)) throw new Error(`the subscription ${id} is ${one.status}`)
    say('buyer', title, id)
    return told(() => act(stateFor(state, idOf(one.customer)), one))
  }
  return {
    advance: (customer, by) => {
      say('shop', `moves the clock by ${spanOf(by)}`, customer)
      return advance(state, told, customer, by)
    },
    timeOf: (customer) => stateFor(state, customer).now(),
    refuseCard(customer, refuse) {
      say(
        'buyer',
        refuse ? 'has a card that is refused now' : 'has a card that works again',
        customer,
      )
      if (refuse) state.refusedCards.add(must(state.customers, customer).id)
      else state.refusedCards.delete(customer)
    },
    setCard: (id, card, { by = 'member', on } = {}) => {
      say('buyer', 'has another card', id)
      const customer = must(state.customers, id)
      const here = stateFor(state, id)
      return told(() => {
        if (by === 'member' || card === 'link') replaceMethod(here, customer, card, on)
        else renewCard(here, customer, card, by)
      })
    },
    payOpenInvoice: (customer) => {
      say('buyer', 'pays what is open', customer)
      return told(() => payWhatIsOpen(stateFor(state, customer), customer))
    },
    cancelSubscription: (id, when) =>
      change(
        id,
        when === 'now' ? 'cancels at once' : 'cancels at the end of the period',
        (here, one) => (when === 'now' ? endSubscription(here, one) : cancelLater(here, one, when)),
      ),
    keepSubscription: (id) => change(id, 'stays after all', keepSubscription),
    changePrice: (id, price) =>
      change(id, 'changes the plan', (here, one) => {
        const { id: item, quantity = 1 } = one.items.data[0]!
        changePrice(here, one, { item, price: must(state.prices, price), quantity })
      }),
    pauseCollection: (id, how) =>
      change(id, how ? 'is not asked to pay' : 'is asked to pay again', (here, one) =>
        changeSubscription(here, one, (changed) => {
          changed.pause_collection = how && { behavior: how, resumes_at: null }
        }),
      ),
    pauseSubscription: (id) => change(id, 'pauses', (here, one) => pauseSubscription(here, one)),
    resumeSubscription: (id) => change(id, 'goes on', (here, one) => resumeSubscription(here, one)),
    refundInvoice: (id, amount) =>
      told(() => {
        const invoice = must(state.invoices, id)
        const [payment] = state.invoicePayments.newestFirst({ group: id })
        const intent = must(state.intents, idOf(payment?.payment.payment_intent))
        const here = stateFor(state, idOf(invoice.customer))
        refundIntent(here, intent, amount === undefined ? {} : { amount })
      }),
    deleteCustomer: (id) => told(() => deleteCustomer(state, must(state.customers, id))),
    decideDispute: (id, outcome) => told(() => decideDispute(state, id, outcome)),
  }
}

async function advance(
  state: State,
  told: Told,
  customerId: string,
  by: { days?: number; months?: number },
): Promise<void> {
  const customer = must(state.customers, customerId)
  const known = idOf(customer.test_clock)
  let clock = state.clocks.get(known ?? '')
  if (!clock) {
    const at = Math.floor(state.wall().getTime() / 1000)
    await told(() => {
      clock = createClock(state, { at, customer })
    })
  }
  const steps = moveClock(state, clock!, timeAfter(state, clock!, by))
  for (let done = false; !done; ) {
    await told(() => {
      done = steps.next().done === true
    })
  }
}

function spanOf({ months = 0, days = 0 }: { days?: number; months?: number }): string {
  return [months && `${months} months`, days && `${days} days`].filter(Boolean).join(' and ')
}
