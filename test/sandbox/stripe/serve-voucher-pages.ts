import type { FastifyInstance, FastifyReply } from 'fastify'
import type Stripe from 'stripe'
import { PaymentRefused } from './complete-session.ts'
import { KONBINI_STORES } from './konbini-details.ts'
import { plainPage, sendPage } from './page-shell.ts'
import type { Form } from './parse-form.ts'
import type { PayView } from './pay-summary.ts'
import { frameFor, type Hosted, unknownPage, viewOf, wayBack } from './serve-pay-pages.ts'
import type { State } from './state.ts'
import { voucherPage } from './voucher-page.ts'

type ById = { Params: { id: string } }

/** The konbini voucher with the sandbox's clerk. */
export function serveVoucherPages(app: FastifyInstance, { state, verbs }: Hosted): void {
  app.get<ById>('/voucher/:id', (request, reply) => {
    const found = voucherOf(state, request.params.id)
    if (!found) return unknownPage(reply, frameFor(request))
    const view = viewOf(request, found.session)
    const details = found.intent.next_action?.konbini_display_details
    if (!details) return endedPage(state, reply, view)
    const wanted = (request.query as Form)['store']
    const store = KONBINI_STORES.find((one) => one === wanted) ?? KONBINI_STORES[0]
    return sendPage(reply, view, voucherPage(view, found.intent, details, store))
  })

  for (const [action, act] of [
    ['settle', verbs.settleKonbini],
    ['lapse', verbs.lapseKonbini],
  ] as const) {
    app.post<ById>(`/voucher/:id/${action}`, async (request, reply) => {
      const found = voucherOf(state, request.params.id)
      if (!found) return unknownPage(reply, frameFor(request))
      await act(found.session.id).catch(ignoreEnded)
      return reply.redirect(`/voucher/${found.intent.id}`, 303)
    })
  }
}

/** The button was pressed twice, or on an old page: the voucher shows how things stand. */
function ignoreEnded(error: unknown): void {
  if (!(error instanceof PaymentRefused)) throw error
}

function voucherOf(
  state: State,
  intentId: string,
): { intent: Stripe.PaymentIntent; session: Stripe.Checkout.Session } | null {
  const intent = state.intents.get(intentId)
  const session = state.sessions.get(state.sessionOfIntent.get(intentId) ?? '')
  const isKonbini = intent?.payment_method_types.includes('konbini')
  return intent && session && isKonbini ? { intent, session } : null
}

/** Paid at the till, or too late. */
function endedPage(state: State, reply: FastifyReply, view: PayView) {
  const { words, session } = view
  const paid = session.payment_status === 'paid'
  const onward = wayBack(state, view)
  const page = paid
    ? plainPage(words.settledTitle, words.settledText, { good: true, onward })
    : plainPage(words.lapsedTitle, words.lapsedText, { onward })
  return sendPage(reply, view, page)
}
