import type { FastifyRequest } from 'fastify'
import type Stripe from 'stripe'
import { formatMoney } from '../../../shared/money.ts'
import { stateFor } from './customer-time.ts'
import { type Html, html } from './html.ts'
import type { PageFrame } from './page-shell.ts'
import type { PageWords } from './page-words.ts'
import { isLiving } from './periods.ts'
import { PORTAL_EN } from './portal-words-en.ts'
import { PORTAL_JA, type PortalWords } from './portal-words-ja.ts'
import { frameFor } from './serve-pay-pages.ts'
import { idOf, must, type State } from './state.ts'

export type PortalView = PageFrame & {
  /** With the time of the customer at hand */
  state: State
  portal: Stripe.BillingPortal.Session
  features: Stripe.BillingPortal.Configuration.Features
  profile: Stripe.BillingPortal.Configuration.BusinessProfile
  customer: Stripe.Customer
  say: PortalWords
  money(amount: number, currency: string): string
  date(seconds: number): string
}

export function portalWords(language: PageFrame['language']): PortalWords {
  return language === 'ja' ? PORTAL_JA : PORTAL_EN
}

export function portalView(
  state: State,
  request: FastifyRequest,
  portal: Stripe.BillingPortal.Session,
): PortalView {
  const frame = frameFor(request, portal.locale ?? 'auto')
  const configuration = must(state.configurations, idOf(portal.configuration))
  const say = portalWords(frame.language)
  return {
    ...frame,
    title: say.title,
    state: stateFor(state, portal.customer),
    portal,
    features: configuration.features,
    profile: configuration.business_profile,
    customer: must(state.customers, portal.customer),
    say,
    money: (amount, currency) => formatMoney(amount, currency, frame.language),
    date: dateWriter(frame.language),
  }
}

export function dateWriter(language: PageFrame['language']) {
  const format = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'Asia/Tokyo',
  })
  return (seconds: number) => format.format(seconds * 1000)
}

/** The subscriptions that can still be looked after, newest first. */
export function livingPlans({ state, customer }: PortalView): Stripe.Subscription[] {
  return [...state.subscriptions.newestFirst({ group: customer.id })].filter(isLiving)
}

/** "¥1,500 / month" */
export function priceLine(
  view: Pick<PortalView, 'money'> & { words: PageWords },
  price: Stripe.Price,
  quantity = 1,
): string {
  const { interval, interval_count } = price.recurring!
  const amount = view.money((price.unit_amount ?? 0) * quantity, price.currency)
  return `${amount} ${view.words.every(interval_count, interval)}`
}

/** The panel that says whose portal it is and leads back, and the desk beside it. */
export function portalPage(view: PortalView, content: Html): Html {
  const { state, say, portal, profile } = view
  return html`<div class="portal"><header class="aside"><div class="inner">
${portal.return_url && html`<a class="goback" href="${portal.return_url}">${say.back(state.shopName)}</a>`}
<p class="shop">${state.shopName}</p>
<p>${profile.headline ?? say.lead(state.shopName)}</p>
</div></header>
<main class="desk"><div class="inner">${content}${legalLinks(view)}</div></main></div>`
}

function legalLinks({ profile, say }: PortalView): Html | null {
  const { terms_of_service_url: terms, privacy_policy_url: privacy } = profile
  if (!terms && !privacy) return null
  return html`<p class="small">${terms && html`<a href="${terms}">${say.terms}</a>`}
${privacy && html`<a href="${privacy}">${say.privacy}</a>`}</p>`
}
