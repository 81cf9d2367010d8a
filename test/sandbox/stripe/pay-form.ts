import { isLocked } from './buyer-verbs.ts'
import type { FormError, Typed } from './check-payment-form.ts'
import { type Html, html } from './html.ts'
import { KONBINI_STORES } from './konbini-details.ts'
import type { PayView } from './pay-summary.ts'

/** Which field an error belongs to, so that it is marked and read out with it. */
const FIELD_OF: Record<FormError, keyof Typed> = {
  email: 'email',
  name: 'name',
  method: 'method',
  card_declined: 'number',
  card_unknown: 'number',
  card_expired: 'expiry',
  card_cvc: 'cvc',
  konbini_amount: 'method',
}

type FormView = PayView & { typed: Typed; error: FormError | null }

/** The buyer's side: who, how, and one button. */
export function payForm(view: FormView): Html {
  const { session, words, error } = view
  return html`<main class="form"><form class="inner" method="post" action="/pay/session/${session.id}" novalidate>
<fieldset class="fields"><legend>${words.contact}</legend>
${field(view, 'email', words.email, html`type="email" inputmode="email" ${isLocked(session) && html`readonly`}`)}
${field(view, 'name', words.name, html`type="text"`)}
${session.shipping_address_collection && html`<p><span class="label">${words.deliverTo}</span> <span class="hint">${words.sampleAddress}</span></p>`}
</fieldset>
<fieldset class="fields"><legend>${words.method}</legend>
${error && FIELD_OF[error] === 'method' && html`<p class="alert" role="alert">${words.errors[error]}</p>`}
${methods(view)}</fieldset>
${button(view)}
</form></main>`
}

function field(view: FormView, name: keyof Typed, label: string, kind: Html): Html {
  const fault = view.error !== null && FIELD_OF[view.error] === name ? view.error : null
  return html`<div><label>${label}<input ${kind} name="${name}" value="${view.typed[name]}" autocomplete="off" required
${fault && html`aria-invalid="true" aria-describedby="fault" autofocus`}></label>
${fault && html`<p class="fault" role="alert" id="fault">${view.words.errors[fault]}</p>`}</div>`
}

/** One method needs no choice; several are cards of which the chosen one opens. */
function methods(view: FormView): Html {
  const { session, words, typed } = view
  const bodies = { card: cardBody(view), konbini: konbiniBody(view), paypay: paypayBody(view) }
  const offered = (['card', 'konbini', 'paypay'] as const).filter((one) =>
    session.payment_method_types.includes(one),
  )
  const [first] = offered
  if (offered.length === 1 && first) {
    return html`<div class="methods"><div class="body only"><span class="label">${words[first]}</span>
<input type="hidden" name="method" value="${first}">${bodies[first]}</div></div>`
  }
  return html`<div class="methods">${offered.map(
    (
      one,
    ) => html`<div class="method"><label><input type="radio" name="method" id="method-${one}" value="${one}"
${typed.method === one && html`checked`}>${words[one]}</label><div class="body">${bodies[one]}</div></div>`,
  )}</div>`
}

/** `autocomplete="off"` on all of it: nobody's browser shall offer a real card here. */
function cardBody(view: FormView): Html {
  const { words } = view
  const digits = html`type="text" inputmode="numeric"`
  return html`${field(view, 'number', words.cardNumber, digits)}
<div class="pair">${field(view, 'expiry', words.expiry, digits)}${field(view, 'cvc', words.cvc, digits)}</div>
<p class="hint">${words.cardHint}</p>`
}

function konbiniBody({ words, typed }: FormView): Html {
  return html`<div role="group" aria-labelledby="store"><span class="label" id="store">${words.store}</span>
<div class="stores">${KONBINI_STORES.map(
    (store) => html`<label><input type="radio" name="store" value="${store}"
${typed.store === store && html`checked`}>${words.stores[store]}</label>`,
  )}</div></div>
<p class="hint">${words.konbiniHint}</p>`
}

function paypayBody({ words }: FormView): Html {
  return html`<p class="hint">${words.paypayHint}</p>`
}

function button({ session, words, money }: FormView): Html {
  const onlyKonbini = session.payment_method_types.join() === 'konbini'
  const pay =
    session.mode === 'subscription' ? words.subscribe : words.pay(money(session.amount_total ?? 0))
  if (onlyKonbini) return html`<button class="wide">${words.order}</button>`
  return html`<button class="wide"><span class="say-pay num">${pay}</span><span class="say-order">${words.order}</span></button>`
}
