import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type Stripe from 'stripe'
import { formatMoney } from '../../../shared/money.ts'
import { subscriptionOf } from './change-subscription.ts'
import { payInvoice } from './collect-invoice.ts'
import { stateFor } from './customer-time.ts'
import { type Html, html } from './html.ts'
import { type PageFrame, sendPage } from './page-shell.ts'
import { isLiving } from './periods.ts'
import { dateWriter, portalWords } from './portal-view.ts'
import { frameFor, type Hosted, unknownPage } from './serve-pay-pages.ts'
import { idOf, type State } from './state.ts'
import { toldBy } from './tell-and-wait.ts'

type ById = { Params: { id: string } }

/** The page behind `hosted_invoice_url`: what was billed, and a button while it is open. */
export function serveInvoicePages(app: FastifyInstance, { state, webhooks }: Hosted): void {
  const told = toldBy(state, webhooks)
  const show = (request: FastifyRequest<ById>, reply: FastifyReply) => {
    const invoice = state.invoices.get(request.params.id)
    const frame = frameFor(request)
    if (!invoice || invoice.status === 'draft') return unknownPage(reply, frame)
    const title = portalWords(frame.language).invoiceTitle(invoice.number ?? '')
    return sendPage(reply, { ...frame, title }, invoicePage(state, frame, invoice))
  }

  app.get<ById>('/invoice/:id', show)
  app.post<ById>('/invoice/:id', async (request, reply) => {
    const invoice = state.invoices.get(request.params.id)
    // The button may be pressed twice, or on an old page: the page shows how things stand.
    if (!invoice || !payable(state, invoice)) return show(request, reply)
    await told(() => payInvoice(stateFor(state, idOf(invoice.customer)), invoice))
    return reply.redirect(`/invoice/${invoice.id}`, 303)
  })
}

function payable(state: State, invoice: Stripe.Invoice): boolean {
  const subscription = state.subscriptions.get(subscriptionOf(invoice) ?? '')
  return invoice.status === 'open' && subscription !== undefined && isLiving(subscription)
}

function invoicePage(state: State, frame: PageFrame, invoice: Stripe.Invoice): Html {
  const say = portalWords(frame.language)
  const money = (amount: number) => formatMoney(amount, invoice.currency, frame.language)
  const date = dateWriter(frame.language)
  const paidAt = invoice.status_transitions.paid_at
  const rows = invoice.lines.data.map(
    (line) => html`<li class="line"><span>${line.description}<br>
<span class="hint">${say.fromTo(date(line.period.start), date(line.period.end))}</span></span><span class="num">${money(line.amount)}</span></li>`,
  )
  return html`<div class="portal"><header class="aside"><div class="inner">
<p>${say.invoiceFrom(state.shopName)}</p><p class="big num">${money(invoice.amount_due)}</p>
<p>${paidAt === null ? (say.invoiceStates[invoice.status ?? ''] ?? '') : say.paidOn(date(paidAt))}</p></div></header>
<main class="desk"><div class="inner"><section class="block"><h2>${say.invoiceTitle(invoice.number ?? '')}</h2>
<ul class="bills">${rows}</ul></section>
${
  payable(state, invoice) &&
  html`<form method="post" action="/invoice/${invoice.id}"><button class="wide">${say.payInvoice(money(invoice.amount_due))}</button></form>`
}</div></main></div>`
}
