import type { FastifyReply, FastifyRequest } from 'fastify'
import { plainPage, sendPage } from './page-shell.ts'
import { type PortalView, portalView, portalWords } from './portal-view.ts'
import { frameFor, unknownPage } from './serve-pay-pages.ts'
import type { State } from './state.ts'

/** https://docs.stripe.com/customer-management/integrate-customer-portal: an address nobody opened lives so long. */
const UNUSED_SECONDS = 5 * 60
/** After that, so long from the last touch. */
const IDLE_SECONDS = 60 * 60

/** The visit behind this address, kept alive by being touched. Null: the page that says why not is sent. */
export function enterPortal(
  state: State,
  request: FastifyRequest,
  reply: FastifyReply,
): PortalView | null {
  const { id } = request.params as { id: string }
  const portal = state.portalSessions.get(id)
  const frame = frameFor(request, portal?.locale ?? 'auto')
  if (!portal || state.deleted.has(portal.customer)) {
    unknownPage(reply, frame)
    return null
  }
  const now = state.wall().getTime() / 1000
  const touched = state.portalTouched.get(id)
  const dies = touched === undefined ? portal.created + UNUSED_SECONDS : touched + IDLE_SECONDS
  if (now > dies) {
    const say = portalWords(frame.language)
    const onward = portal.return_url && { url: portal.return_url, label: say.back(state.shopName) }
    const page = plainPage(say.expiredTitle, say.expiredText, { onward: onward || null })
    sendPage(reply, { ...frame, title: say.title }, page, 410)
    return null
  }
  state.portalTouched.set(id, now)
  return portalView(state, request, portal)
}
