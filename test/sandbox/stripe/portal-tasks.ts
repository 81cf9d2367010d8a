import type Stripe from 'stripe'
import type { FormError, Typed } from './check-payment-form.ts'
import { type Html, html } from './html.ts'
import { periodOf } from './periods.ts'
import { type PortalView, priceLine } from './portal-view.ts'
import { nameOf } from './renew-subscription.ts'
import { idOf } from './state.ts'

type Plan = Stripe.Subscription

/** One task with its title, what it means, its form, and the way back. */
function task(view: PortalView, title: string, body: Html): Html {
  const { portal, say } = view
  const back = portal.flow ? (portal.return_url ?? `/portal/${portal.id}`) : `/portal/${portal.id}`
  return html`<section class="task"><h1>${title}</h1>${body}
<a class="button quiet" href="${back}">${say.never}</a></section>`
}

/** `autocomplete="off"`: nobody's browser shall offer a real card here. */
export function cardTask(
  view: PortalView,
  typed: Pick<Typed, 'number' | 'expiry' | 'cvc'>,
  error: FormError | null,
): Html {
  const { say, words, portal } = view
  const field = (name: 'number' | 'expiry' | 'cvc', label: string) =>
    html`<label>${label}<input type="text" inputmode="numeric" name="${name}" value="${typed[name]}" autocomplete="off" required></label>`
  return task(
    view,
    say.cardTitle,
    html`<p class="hint">${say.cardLead}</p>
<form method="post" action="/portal/${portal.id}/card" novalidate>
${error && html`<p class="alert" role="alert">${words.errors[error]}</p>`}
${field('number', words.cardNumber)}<div class="pair">${field('expiry', words.expiry)}${field('cvc', words.cvc)}</div>
<p class="hint">${words.cardHint}</p><button class="wide">${say.save}</button></form>`,
  )
}

export function cancelTask(view: PortalView, one: Plan): Html {
  const { say, features, portal, date } = view
  const { mode, cancellation_reason: reason } = features.subscription_cancel
  const options = reason.options.map(
    (option) =>
      html`<label class="choice"><input type="radio" name="feedback" value="${option}">${say.reasons[option] ?? option}</label>`,
  )
  return task(
    view,
    say.cancelTitle,
    html`${summary(view, one)}
<p>${mode === 'immediately' ? say.cancelNow : say.cancelAtEnd(date(periodOf(one).end))}</p>
<form method="post" action="/portal/${portal.id}/cancel/${one.id}">
${
  reason.enabled &&
  html`<fieldset class="choices"><legend>${say.why}</legend>${options}</fieldset>
<label>${say.comment}<textarea name="comment"></textarea></label>`
}
<button class="wide danger">${say.cancelDo}</button></form>`,
  )
}

export function pauseTask(view: PortalView, one: Plan): Html {
  const { say, features, portal } = view
  const { type, interval_options } = features.subscription_pause.duration
  const choices =
    type === 'indefinite'
      ? [{ value: 'indefinite', label: say.indefinite }]
      : interval_options.map(({ interval, interval_count }) => ({
          value: `${interval_count} ${interval}`,
          label: say.span(interval_count, interval),
        }))
  return task(
    view,
    say.pauseTitle,
    html`${summary(view, one)}<p>${say.pauseLead}</p>
<form method="post" action="/portal/${portal.id}/pause/${one.id}">
<fieldset class="choices"><legend>${say.howLong}</legend>${choices.map(
      ({ value, label }, at) =>
        html`<label class="choice"><input type="radio" name="span" value="${value}" ${at === 0 && html`checked`}>${label}</label>`,
    )}</fieldset>
<button class="wide">${say.pausePlan}</button></form>`,
  )
}

export function resumeTask(view: PortalView, one: Plan): Html {
  const { price, quantity } = one.items.data[0]!
  const amount = view.money((price.unit_amount ?? 0) * (quantity ?? 1), price.currency)
  return task(
    view,
    view.say.resumeTitle,
    html`${summary(view, one)}<p>${view.say.resumeLead(amount)}</p>
<form method="post" action="/portal/${view.portal.id}/resume/${one.id}"><button class="wide">${view.say.resumePlan}</button></form>`,
  )
}

/** The prices that the configuration offers; the one at hand is shown and cannot be chosen. */
export function planTask(view: PortalView, one: Plan): Html {
  const { say, state, portal } = view
  const at = one.items.data[0]!.price.id
  const offers = offeredPrices(view).map(
    (price) => html`<li class="offer ${price.id === at && 'now'}">
<strong>${nameOf(state, price)}</strong><span class="num">${priceLine(view, price)}</span>
${
  price.id === at
    ? html`<span class="badge good">${say.current}</span>`
    : html`<a class="button quiet" href="/portal/${portal.id}/plan/${one.id}?price=${price.id}">${say.choose}</a>`
}</li>`,
  )
  return task(view, say.planTitle, html`<ul class="offers">${offers}</ul>`)
}

export function confirmTask(
  view: PortalView,
  one: Plan,
  wanted: { price: Stripe.Price; quantity: number },
): Html {
  const { say, state, portal } = view
  return task(
    view,
    say.confirmTitle,
    html`${summary(view, one)}<div class="offer now"><strong>${nameOf(state, wanted.price)}</strong>
<span class="num">${priceLine(view, wanted.price, wanted.quantity)}</span></div>
<p class="hint">${say.confirmLead}</p>
<form method="post" action="/portal/${portal.id}/plan/${one.id}">
<input type="hidden" name="price" value="${wanted.price.id}"><input type="hidden" name="quantity" value="${wanted.quantity}">
<button class="wide">${say.confirmDo}</button></form>`,
  )
}

export function customerTask(view: PortalView): Html {
  const { say, words, customer, features, portal } = view
  const allowed = features.customer_update.allowed_updates
  const field = (name: 'email' | 'name', label: string) =>
    allowed.includes(name) &&
    html`<label>${label}<input type="text" name="${name}" value="${customer[name] ?? ''}" autocomplete="off"></label>`
  return task(
    view,
    say.billing,
    html`<form method="post" action="/portal/${portal.id}/customer">${field('email', words.email)}${field('name', words.name)}
<button class="wide">${say.save}</button></form>`,
  )
}

function summary(view: PortalView, one: Plan): Html {
  const { price, quantity } = one.items.data[0]!
  return html`<p><strong>${nameOf(view.state, price)}</strong><br><span class="num hint">${priceLine(view, price, quantity ?? 1)}</span></p>`
}

/** In the order of the configuration; what the shop has switched off meanwhile is left out. */
export function offeredPrices({ state, features }: PortalView): Stripe.Price[] {
  const ids = features.subscription_update.products?.flatMap(({ prices }) => prices) ?? []
  return ids.flatMap((id) => {
    const price = state.prices.get(String(idOf(id)))
    return price?.active && price.recurring ? [price] : []
  })
}
