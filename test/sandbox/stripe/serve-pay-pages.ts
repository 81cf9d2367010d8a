import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type Stripe from 'stripe'
import type { StripeSandbox } from '../types.ts'
import { payBy, SAMPLE_BUYER } from './buyer-verbs.ts'
import { changeQuantities, takeOptional } from './change-cart.ts'
import { checkPaymentForm, emptyForm, type FormError, typedIn } from './check-payment-form.ts'
import { PaymentRefused } from './complete-session.ts'
import type { Webhooks } from './deliver-webhooks.ts'
import { expireIfLate } from './expire-session.ts'
import { html } from './html.ts'
import { LinkInactive } from './open-sessions.ts'
import { type PageFrame, plainPage, sendPage } from './page-shell.ts'
import { PAGE_WORDS, pageLanguage } from './page-words.ts'
import { type Form, type FormValue, textOf } from './parse-form.ts'
import { payForm } from './pay-form.ts'
import { moneyOf, type PayView, paySummary } from './pay-summary.ts'
import type { State } from './state.ts'

type ById = { Params: { id: string } }
export type Hosted = {
  state: State
  webhooks: Webhooks
  verbs: Pick<StripeSandbox, 'visit' | 'settleKonbini' | 'lapseKonbini'>
}

/** Checkout's own pages: what a buyer meets after a Payment Link was opened. */
export function servePayPages(app: FastifyInstance, hosted: Hosted): void {
  const { state, verbs } = hosted
  app.setNotFoundHandler((request, reply) => unknownPage(reply, frameFor(request)))

  app.get<ById>('/pay/:id', (request, reply) => {
    const view = frameFor(request, String((request.query as Form)['locale'] ?? 'auto'))
    if (!state.links.get(request.params.id)) return unknownPage(reply, view)
    try {
      const session = verbs.visit(state.url + request.url)
      return reply.redirect(`/pay/session/${session}`, 303)
    } catch (error) {
      if (!(error instanceof LinkInactive)) throw error
      return sendPage(reply, view, plainPage(view.words.inactiveTitle, view.words.inactiveText))
    }
  })

  app.get<ById>('/pay/session/:id', (request, reply) => {
    if (!state.sessions.get(request.params.id)) return unknownPage(reply, frameFor(request))
    const session = expireIfLate(state, request.params.id)
    const view = viewOf(request, session)
    if (session.status !== 'open') return closedPage(state, reply, view)
    return payPage(state, reply, view, null, {})
  })

  app.post<ById>('/pay/session/:id/quantity', (request, reply) => {
    const session = state.sessions.get(request.params.id)
    if (!session) return unknownPage(reply, frameFor(request))
    changeQuantities(state, session, numbersIn((request.body as Form)['quantity']))
    return reply.redirect(`/pay/session/${session.id}`, 303)
  })

  app.post<ById>('/pay/session/:id/optional', (request, reply) => {
    const session = state.sessions.get(request.params.id)
    if (!session) return unknownPage(reply, frameFor(request))
    takeOptional(state, session, textOf((request.body as Form)['price']) ?? '')
    return reply.redirect(`/pay/session/${session.id}`, 303)
  })

  app.post<ById>('/pay/session/:id', (request, reply) => {
    if (!state.sessions.get(request.params.id)) return unknownPage(reply, frameFor(request))
    const session = expireIfLate(state, request.params.id)
    const view = viewOf(request, session)
    if (session.status !== 'open') return closedPage(state, reply, view)
    return pay(hosted, reply, view, (request.body ?? {}) as Form)
  })
}

async function pay({ state, webhooks }: Hosted, reply: FastifyReply, view: PayView, form: Form) {
  const { session } = view
  const checked = checkPaymentForm(
    typedIn(form, emptyForm(session, SAMPLE_BUYER)),
    session,
    state.now(),
  )
  if (!checked.ok) return payPage(state, reply, view, checked.error, form)
  try {
    await payBy(state, webhooks, session, checked.method, checked.buyer)
  } catch (error) {
    if (!(error instanceof PaymentRefused)) throw error
    if (error.code === 'session_closed') return closedPage(state, reply, view)
    const shown = error.code === 'method_not_offered' ? 'method' : error.code
    return payPage(state, reply, view, shown, form)
  }
  const onward =
    checked.method === 'konbini'
      ? `/voucher/${session.payment_intent}?store=${checked.store}`
      : (returnUrl(state, session) ?? `/pay/session/${session.id}`)
  return reply.redirect(onward, 303)
}

/** Where the shop wants its buyer back, with the session's id filled in; null: nowhere. */
function returnUrl(state: State, session: Stripe.Checkout.Session): string | null {
  const notes = state.sessionNotes.get(session.id)
  const link = state.links.get(notes?.linkId ?? '')
  const wanted = notes?.opened?.successUrl ?? link?.after_completion.redirect?.url
  if (!wanted) return null
  const url = new URL(wanted.replaceAll('{CHECKOUT_SESSION_ID}', session.id))
  for (const [key, value] of notes?.returnQuery ?? []) url.searchParams.set(key, value)
  return url.href
}

/** The button that leads to where the shop wants its buyer back. */
export function wayBack(state: State, { session, words }: PayView) {
  const url = returnUrl(state, session)
  return url === null ? null : { url, label: words.back(state.shopName) }
}

function payPage(
  state: State,
  reply: FastifyReply,
  view: PayView,
  error: FormError | null,
  form: Form,
) {
  const typed = typedIn(form, emptyForm(view.session, SAMPLE_BUYER))
  const content = html`<div class="sheet">${paySummary(state, view)}${payForm({ ...view, typed, error })}</div>`
  return sendPage(reply, view, content, error ? 402 : 200)
}

/** Paid, waiting at the konbini, or expired: each is told, none can be paid again. */
function closedPage(state: State, reply: FastifyReply, view: PayView) {
  const { session, words } = view
  if (session.status === 'expired') {
    return sendPage(reply, view, plainPage(words.closedTitle, words.closedText))
  }
  if (session.payment_status === 'unpaid') {
    return reply.redirect(`/voucher/${session.payment_intent}`, 303)
  }
  const email = session.customer_details?.email ?? ''
  const onward = wayBack(state, view)
  const page = plainPage(words.doneTitle, words.doneText(email), { good: true, onward })
  return sendPage(reply, view, page)
}

export function unknownPage(reply: FastifyReply, frame: PageFrame) {
  const { unknownTitle, unknownText } = frame.words
  return sendPage(reply, frame, plainPage(unknownTitle, unknownText), 404)
}

export function frameFor(request: FastifyRequest, locale: string | null = 'auto'): PageFrame {
  const language = pageLanguage(locale, request.headers['accept-language'])
  return { language, words: PAGE_WORDS[language], title: 'Checkout' }
}

export function viewOf(request: FastifyRequest, session: Stripe.Checkout.Session): PayView {
  const frame = frameFor(request, session.locale)
  return { ...frame, session, money: moneyOf(session, frame.language) }
}

function numbersIn(value: FormValue | undefined): number[] {
  return Array.isArray(value) ? value.map((part) => Number(textOf(part))) : []
}
