import type { StripeSandbox } from '../types.ts'
import { addLink, renameProduct, updateLink } from './change-links.ts'
import { CHOSEN_TYPES, type Webhooks } from './deliver-webhooks.ts'
import { idOf, must, type State } from './state.ts'

type ShopVerbs = Pick<
  StripeSandbox,
  'addLink' | 'updateLink' | 'renameProduct' | 'link' | 'soldBy' | 'session' | 'sessions'
>
type PostVerbs = Pick<
  StripeSandbox,
  'sendWebhooksTo' | 'switchOffWebhooks' | 'events' | 'resend' | 'hold' | 'release' | 'settled'
>

/** What the shopkeeper does and sees in the dashboard. */
export function shopVerbs(state: State): ShopVerbs {
  return {
    addLink: (seed) => addLink(state, seed),
    updateLink: (id, change) => void updateLink(state, id, change),
    renameProduct: (id, name) => void renameProduct(state, id, name),
    link: (id) => state.links.get(id),
    soldBy: (link) =>
      (state.lineItems.get(link) ?? []).flatMap(({ price }) =>
        price ? [{ price: price.id, product: idOf(price.product) ?? '' }] : [],
      ),
    session: (id) => must(state.sessions, id),
    sessions: () => [...state.sessions.newestFirst()],
  }
}

/** What the developer does there: destinations, and what became of each event. */
export function postVerbs(state: State, webhooks: Webhooks, ownSecret: string): PostVerbs {
  return {
    sendWebhooksTo(url, { secret = ownSecret, thin = false, types = CHOSEN_TYPES } = {}) {
      webhooks.add({ url, secret, thin, types })
    },
    switchOffWebhooks: webhooks.switchOff,
    events: () => state.events.map(({ event }) => event).reverse(),
    async resend(eventId, times = 1) {
      const stored = state.eventById.get(eventId)
      if (!stored) throw new Error(`the Stripe sandbox holds no event ${eventId}`)
      return webhooks.resend(stored, times)
    },
    hold: webhooks.hold,
    release: webhooks.release,
    settled: webhooks.settled,
  }
}
