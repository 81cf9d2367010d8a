import type Stripe from 'stripe'
import { type Html, html } from './html.ts'
import { methodInUse } from './keep-cards.ts'
import { periodOf } from './periods.ts'
import { livingPlans, type PortalView, priceLine } from './portal-view.ts'
import { nameOf } from './renew-subscription.ts'
import { idOf } from './state.ts'

const LATE: ReadonlySet<string> = new Set(['past_due', 'unpaid'])
const MOST_BILLS = 24

/** All that the configuration lets this customer see and do. */
export function portalHome(view: PortalView): Html {
  const { say, features, portal } = view
  const plans = livingPlans(view)
  return html`<section class="block" aria-labelledby="plans"><h2 id="plans">${say.plans}</h2>
${plans.length === 0 ? html`<p class="plan">${say.noPlan}</p>` : plans.map((one) => plan(view, one))}</section>
${(plans.length > 0 || features.payment_method_update.enabled) && methodBlock(view)}
${
  features.customer_update.enabled &&
  html`<section class="block" aria-labelledby="who"><h2 id="who">${say.billing}</h2>
<div class="line"><span>${view.customer.name}<br><span class="hint">${view.customer.email}</span></span>
<a class="button quiet" href="/portal/${portal.id}/customer">${say.edit}</a></div></section>`
}
${features.invoice_history.enabled && bills(view)}`
}

function plan(view: PortalView, one: Stripe.Subscription): Html {
  const item = one.items.data[0]!
  const { tone, word } = stateOf(view, one)
  return html`<article class="plan">
<p class="name">${nameOf(view.state, item.price)} <span class="badge ${tone}">${word}</span></p>
<p class="price num">${priceLine(view, item.price, item.quantity ?? 1)}</p>
<p class="hint">${outlook(view, one)}</p>
${actions(view, one)}</article>`
}

function stateOf({ say }: PortalView, one: Stripe.Subscription): { tone: string; word: string } {
  const leaves = one.cancel_at !== null
  const word = say.states[leaves ? 'leaving' : one.status] ?? one.status
  if (LATE.has(one.status)) return { tone: 'bad', word: say.states[one.status] ?? one.status }
  return { tone: leaves || one.status === 'paused' ? 'warn' : 'good', word }
}

/** What will happen next, in one sentence. */
function outlook({ state, say, date, money }: PortalView, one: Stripe.Subscription): string {
  if (LATE.has(one.status)) return say.late
  if (one.cancel_at !== null) return say.endsOn(date(one.cancel_at))
  if (one.status === 'paused') {
    const until = state.subscriptionNotes.get(one.id)?.resumeAt
    return until ? say.pausedUntil(date(until)) : say.pausedNow
  }
  const { end } = periodOf(one)
  if (one.status === 'trialing') return say.trialUntil(date(end))
  const amount = one.items.data.reduce(
    (sum, { price, quantity }) => sum + (price.unit_amount ?? 0) * (quantity ?? 1),
    0,
  )
  return say.nextCharge(date(end), money(amount, one.currency))
}

function actions({ features, portal, say }: PortalView, one: Stripe.Subscription): Html {
  const link = (task: string, label: string, quiet = true) =>
    html`<a class="button ${quiet && 'quiet'}" href="/portal/${portal.id}/${task}/${one.id}">${label}</a>`
  const leaves = one.cancel_at !== null
  const runs = one.status === 'active' || one.status === 'trialing'
  const { subscription_update: update, subscription_pause: pause } = features
  const cancels = features.subscription_cancel.enabled
  return html`<div class="acts">
${LATE.has(one.status) && features.payment_method_update.enabled && html`<a class="button" href="/portal/${portal.id}/card">${say.updateCard}</a>`}
${update.enabled && runs && !leaves && link('plan', say.changePlan, false)}
${pause.enabled && one.status === 'active' && !leaves && link('pause', say.pausePlan)}
${pause.enabled && one.status === 'paused' && link('resume', say.resumePlan, false)}
${cancels && leaves && html`<form method="post" action="/portal/${portal.id}/keep/${one.id}"><button>${say.keepPlan}</button></form>`}
${cancels && !leaves && link('cancel', say.cancelPlan)}</div>`
}

function methodBlock({ state, customer, features, portal, say }: PortalView): Html {
  const {
    last4 = '4242',
    exp_month = 12,
    exp_year = 2034,
  } = methodInUse(state, customer)?.card ?? {}
  const expiry = `${String(exp_month).padStart(2, '0')} / ${exp_year % 100}`
  const refused = state.refusedCards.has(customer.id)
  return html`<section class="block" aria-labelledby="method"><h2 id="method">${say.method}</h2>
<div class="line"><span class="card-face"><span><span class="num">${say.cardEnds(last4)}</span><br>
${refused ? html`<span class="fault">${say.declined}</span>` : html`<span class="hint num">${say.expires(expiry)}</span>`}</span></span>
${features.payment_method_update.enabled && html`<a class="button quiet" href="/portal/${portal.id}/card">${say.updateCard}</a>`}</div></section>`
}

function bills(view: PortalView): Html {
  const { state, customer, say } = view
  const all = [...state.invoices.newestFirst({ group: customer.id })]
    .filter(({ status }) => status !== 'draft')
    .slice(0, MOST_BILLS)
  return html`<section class="block" aria-labelledby="bills"><h2 id="bills">${say.invoices}</h2>
${all.length === 0 ? html`<p class="plan">${say.noInvoices}</p>` : html`<ul class="bills">${all.map((one) => bill(view, one))}</ul>`}</section>`
}

function bill({ state, say, date, money }: PortalView, invoice: Stripe.Invoice): Html {
  const tone = invoice.status === 'paid' ? 'good' : invoice.status === 'open' ? 'bad' : ''
  const line = invoice.lines.data[0]
  const price = state.prices.get(String(idOf(line?.pricing?.price_details?.price)))
  return html`<li><a class="line" href="${invoice.hosted_invoice_url}">
<span>${date(invoice.created)}<br><span class="hint">${price ? nameOf(state, price) : line?.description}</span></span>
<span class="num">${money(invoice.total, invoice.currency)} <span class="badge ${tone}">${say.invoiceStates[invoice.status ?? ''] ?? invoice.status}</span></span></a></li>`
}
