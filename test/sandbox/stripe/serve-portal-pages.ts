import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type Stripe from 'stripe'
import {
  actOnPlan,
  canDo,
  changeDetails,
  giveCard,
  type PlanTask,
  TASK_NEEDS,
} from './act-in-portal.ts'
import { checkCard } from './check-payment-form.ts'
import { plainPage, sendPage } from './page-shell.ts'
import { type Form, textOf } from './parse-form.ts'
import { portalHome } from './portal-home.ts'
import { cardTask, customerTask } from './portal-tasks.ts'
import { livingPlans, type PortalView, portalPage } from './portal-view.ts'
import { flowPage, onward, planPage } from './portal-ways.ts'
import type { Hosted } from './serve-pay-pages.ts'
import { type Told, toldBy } from './tell-and-wait.ts'
import { enterPortal } from './visit-portal.ts'

type AtTask = { Params: { id: string; task: string; plan?: string } }
const PLAN_TASKS: ReadonlySet<string> = new Set(['cancel', 'keep', 'pause', 'resume', 'plan'])
const SAMPLE = { number: '4242 4242 4242 4242', expiry: '12 / 34', cvc: '123' }

/** The hosted customer portal: it shows and does what its configuration allows, and nothing else. */
export function servePortalPages(app: FastifyInstance, { state, webhooks }: Hosted): void {
  const told = toldBy(state, webhooks)
  const enter = (request: FastifyRequest, reply: FastifyReply) => enterPortal(state, request, reply)

  app.get<{ Params: { id: string } }>('/portal/:id', (request, reply) => {
    const view = enter(request, reply)
    if (!view) return reply
    const wantsHome = (request.query as Form)['home'] !== undefined
    const page = (wantsHome ? null : flowPage(view, SAMPLE)) ?? portalHome(view)
    return sendPage(reply, view, portalPage(view, page))
  })

  app.get<{ Params: { id: string } }>('/portal/:id/done', (request, reply) => {
    const view = enter(request, reply)
    if (!view) return reply
    const { say, portal, state: here } = view
    const message = portal.flow?.after_completion.hosted_confirmation?.custom_message
    const way = portal.return_url && { url: portal.return_url, label: say.back(here.shopName) }
    const text = message ?? say.doneText
    return sendPage(
      reply,
      view,
      plainPage(say.doneTitle, text, { good: true, onward: way || null }),
    )
  })

  for (const path of ['/portal/:id/:task', '/portal/:id/:task/:plan']) {
    app.get<AtTask>(path, (request, reply) => {
      const view = enter(request, reply)
      if (!view) return reply
      const page = taskPage(view, request.params, request.query as Form)
      return page ? sendPage(reply, view, portalPage(view, page)) : refuse(view, reply)
    })
    app.post<AtTask>(path, (request, reply) => {
      const view = enter(request, reply)
      if (!view) return reply
      const { task, plan } = request.params
      const form = (request.body ?? {}) as Form
      tell(view, task)
      if (!offers(view, task)) return refuse(view, reply)
      if (task === 'card') return saveCard(view, told, reply, form)
      if (task === 'customer') return done(view, told, reply, () => changeDetails(view, form))
      const one = planOf(view, plan)
      if (!one || !canDo(task as PlanTask, one)) return refuse(view, reply)
      return done(view, told, reply, () => actOnPlan(view, task as PlanTask, one, form))
    })
  }
}

function taskPage(view: PortalView, { task, plan }: AtTask['Params'], query: Form) {
  if (!offers(view, task)) return null
  if (task === 'card') return cardTask(view, SAMPLE, null)
  if (task === 'customer') return customerTask(view)
  const one = planOf(view, plan)
  return one && canDo(task as PlanTask, one)
    ? planPage(view, task as PlanTask, one, textOf(query['price']))
    : null
}

function saveCard(view: PortalView, told: Told, reply: FastifyReply, form: Form) {
  const typed = {
    number: textOf(form['number']) ?? '',
    expiry: (textOf(form['expiry']) ?? '').trim(),
    cvc: (textOf(form['cvc']) ?? '').trim(),
  }
  const error = checkCard(typed, view.state.now())
  if (error) return sendPage(reply, view, portalPage(view, cardTask(view, typed, error)), 402)
  return done(view, told, reply, () => giveCard(view, typed.number, typed.expiry))
}

async function done(view: PortalView, told: Told, reply: FastifyReply, act: () => void) {
  await told(act)
  return reply.redirect(onward(view.portal), 303)
}

/** A button that this configuration does not have, or that was pressed on an old page. */
function refuse(view: PortalView, reply: FastifyReply) {
  const { say, portal } = view
  const way = { url: `/portal/${portal.id}?home`, label: say.home }
  return sendPage(reply, view, plainPage(say.title, say.refused, { onward: way }), 403)
}

function offers(view: PortalView, task: string): boolean {
  if (task !== 'card' && task !== 'customer' && !PLAN_TASKS.has(task)) return false
  return view.features[TASK_NEEDS[task as PlanTask]].enabled === true
}

function planOf(view: PortalView, id: string | undefined): Stripe.Subscription | undefined {
  return livingPlans(view).find((one) => one.id === id)
}

/** One line for the timeline of the demo. */
function tell({ state, customer }: PortalView, task: string): void {
  state.watch({
    at: state.wall().getTime(),
    from: 'buyer',
    to: 'stripe',
    title: `portal: ${task}`,
    detail: { customer: customer.id },
  })
}
