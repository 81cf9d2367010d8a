import type Stripe from 'stripe'
import { formatMoney } from '../../../shared/money.ts'
import { type Html, html } from './html.ts'
import type { PageFrame } from './page-shell.ts'
import { must, type State } from './state.ts'

export type PayView = PageFrame & {
  session: Stripe.Checkout.Session
  money: (amount: number) => string
}

/** What is bought and what it costs. */
export function paySummary(state: State, view: PayView): Html {
  const { session, words, money } = view
  const items = state.lineItems.get(session.id) ?? []
  const notes = state.sessionNotes.get(session.id)
  const recurring = items.find((item) => item.price?.recurring)?.price?.recurring ?? null
  const trialDays = notes?.trialDays ?? 0
  const rows = items.map((item, at) => itemRow(state, view, item, at))
  return html`<section class="summary" aria-labelledby="what"><div class="inner">
<div>
${session.cancel_url && html`<a class="goback" href="${session.cancel_url}">${words.back(state.shopName)}</a>`}
<h1 id="what">${recurring ? words.subscribeTo(state.shopName) : words.payTo(state.shopName)}</h1>
<p class="big num">${money(session.amount_total ?? 0)}
${recurring && trialDays === 0 && html`<span class="per">${words.every(recurring.interval_count, recurring.interval)}</span>`}</p>
${trialDays > 0 && html`<p class="hint">${words.trial(trialDays, afterTrial(view, items))}</p>`}
</div>
${
  items.some((item) => item.adjustable_quantity)
    ? html`<form method="post" action="/pay/session/${session.id}/quantity"><ul>${rows}</ul>
<button class="quiet">${words.update}</button></form>`
    : html`<ul>${rows}</ul>`
}
${optionalRows(state, view, items)}
${totals(view, recurring !== null)}
</div></section>`
}

/** What may be taken along, each with a button of its own. */
function optionalRows(state: State, view: PayView, items: readonly Stripe.LineItem[]) {
  const { session, words, money } = view
  const offered = session.optional_items ?? []
  if (offered.length === 0) return null
  const rows = offered.map(({ price: id }) => {
    const price = must(state.prices, id)
    const product = must(state.products, String(price.product))
    const taken = items.some((item) => item.price?.id === id)
    return html`<li class="row"><span class="name">${product.name}</span>
<span class="num">${money(price.unit_amount ?? 0)}</span>
<form method="post" action="/pay/session/${session.id}/optional"><input type="hidden" name="price" value="${id}">
<button class="quiet" aria-label="${taken ? words.putBack : words.take} ${product.name}">${taken ? words.putBack : words.take}</button></form></li>`
  })
  return html`<h2 class="label">${words.alsoTake}</h2><ul>${rows}</ul>`
}

function itemRow(state: State, view: PayView, item: Stripe.LineItem, at: number): Html {
  const { words, money } = view
  const quantity = item.quantity ?? 1
  const product = must(state.products, String(item.price?.product))
  const [image] = product.images
  const unit = money(item.price?.unit_amount ?? 0)
  return html`<li class="row">
${image && html`<img src="${image}" alt="" width="48" height="48">`}
<span class="name">${item.description}</span>
<span class="num">${money(item.amount_subtotal)}</span>
${product.description && html`<span class="hint">${product.description}</span>`}
${
  item.adjustable_quantity
    ? html`<label class="hint">${words.quantity}
<input type="number" name="quantity[${at}]" value="${quantity}" min="1" max="99" inputmode="numeric"></label>`
    : // Sent along, so that the rows below keep their place in the list.
      html`<input type="hidden" name="quantity[${at}]" value="${quantity}">
${quantity > 1 && html`<span class="hint">${words.quantity} ${quantity} · ${words.each(unit)}</span>`}`
}
</li>`
}

function totals({ session, words, money }: PayView, recurring: boolean): Html {
  const { amount_discount = 0, amount_shipping = 0, amount_tax = 0 } = session.total_details ?? {}
  const line = (name: string, amount: number, className = '') =>
    html`<dt class="${className}">${name}</dt><dd class="num ${className}">${money(amount)}</dd>`
  return html`<dl class="totals">
${line(words.subtotal, session.amount_subtotal ?? 0)}
${amount_discount > 0 && line(words.discount, -amount_discount)}
${session.shipping_cost && line(words.shipping, amount_shipping ?? 0)}
${amount_tax > 0 && line(words.tax, amount_tax)}
${line(recurring ? words.dueToday : words.total, session.amount_total ?? 0, 'grand')}
</dl>`
}

function afterTrial({ words, money }: PayView, items: readonly Stripe.LineItem[]): string {
  const amount = items.reduce(
    (sum, item) => sum + (item.price?.unit_amount ?? 0) * (item.quantity ?? 1),
    0,
  )
  const recurring = items.find((item) => item.price?.recurring)?.price?.recurring
  const every = recurring ? words.every(recurring.interval_count, recurring.interval) : ''
  return `${money(amount)} ${every}`
}

/** A session's amounts as its buyer reads them. */
export function moneyOf(session: Stripe.Checkout.Session, language: PageFrame['language']) {
  return (amount: number) => formatMoney(amount, session.currency ?? 'jpy', language)
}
