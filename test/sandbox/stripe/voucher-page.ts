import type Stripe from 'stripe'
import { type Html, html } from './html.ts'
import { KONBINI_STORES, type KonbiniStore } from './konbini-details.ts'
import type { PayView } from './pay-summary.ts'

type Details = Stripe.PaymentIntent.NextAction.KonbiniDisplayDetails

/** What the buyer shows at the till; below it, plainly apart, what only a sandbox has: its clerk. */
export function voucherPage(
  view: PayView,
  intent: Stripe.PaymentIntent,
  details: Details,
  chosen: KonbiniStore,
): Html {
  const { words, language, money } = view
  const others = KONBINI_STORES.filter((store) => store !== chosen)
  return html`<main class="voucher">
<header><h1>${words.voucherTitle}</h1><p class="big num">${money(intent.amount)}</p>
<p class="due"><span>${words.deadline}</span> <strong class="num">${deadline(details.expires_at, language)}</strong></p></header>
<p>${words.voucherLead}</p>
${slip(view, details, chosen, true)}
<details><summary>${words.otherStores}</summary>${others.map((store) => slip(view, details, store, false))}</details>
<section class="clerk" aria-labelledby="clerk"><h2 id="clerk">${words.clerk}</h2><p>${words.clerkText}</p>
<form method="post" action="/voucher/${intent.id}/settle"><button>${words.payNow}</button></form>
<form method="post" action="/voucher/${intent.id}/lapse"><button class="quiet">${words.letExpire}</button></form></section>
</main>`
}

function slip({ words }: PayView, details: Details, store: KonbiniStore, chosen: boolean): Html {
  const codes = details.stores[store]
  return html`<section class="slip ${chosen && 'chosen'}">
<h2>${words.stores[store]}${chosen && html` <span class="hint">${words.chosen}</span>`}</h2>
<dl><dt>${words.paymentCode}</dt><dd class="code">${codes?.payment_code}</dd></dl>
<dl><dt>${words.confirmationNumber}</dt><dd class="code">${codes?.confirmation_number}</dd></dl>
</section>`
}

function deadline(seconds: number, language: PayView['language']): string {
  return new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    dateStyle: language === 'ja' ? 'long' : 'medium',
    timeStyle: 'short',
    timeZone: 'Asia/Tokyo',
  }).format(seconds * 1000)
}
