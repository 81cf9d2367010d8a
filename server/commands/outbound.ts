import { systemClock } from '../furnish.ts'
import { addEndpoint } from '../integrations/add-endpoint.ts'
import {
  allEndpoints,
  deleteEndpoint,
  findEndpoint,
  standingOfEndpoints,
} from '../integrations/endpoints.store.ts'
import { ROTATE_HOURS } from '../integrations/secrets.ts'
import { disableEndpoint, enableEndpoint, rotateSecret } from '../integrations/switch-endpoint.ts'
import type { Db } from '../ports.ts'
import type { EndpointRow } from '../store/tables.ts'
import { type Command, couldNot, done, type Outcome } from './command.ts'
import { listed } from './table.ts'

/** An address that hears of what happens; its secret is shown this once. */
export const addOutbound: Command = async ({ store, outbound }, [url = ''], options) => {
  const { format, id, events } = options
  const ask = {
    url,
    ...(format === undefined ? {} : { format }),
    ...(id === undefined ? {} : { id }),
    ...(events === undefined ? {} : { events: events.split(/[\s,]+/).filter(Boolean) }),
  }
  const books = { store, clock: systemClock, outbound: outbound.outbound }
  return said(async () => {
    const made = await addEndpoint(books, ask)
    const signed = made.secret
      ? `It verifies what it gets with this secret, which is shown only now:\n${made.secret}`
      : 'Nothing is signed there: its address is the secret.'
    return `"${made.id}" hears of ${(JSON.parse(made.events) as string[]).join(', ')}.\n${signed}\nTry it: npm run noren -- outbound test ${made.id}`
  })
}

/** Who hears of what, and how that goes. */
export const listOutbound: Command = async ({ store }, _words, options) => {
  const standing = new Map((await standingOfEndpoints(store.db)).map((each) => [each.id, each]))
  const rows = (await allEndpoints(store.db)).map((endpoint) => ({
    id: endpoint.id,
    address: shownAddress(endpoint.url),
    format: endpoint.format,
    state: endpoint.state,
    pending: standing.get(endpoint.id)?.pending ?? 0,
    dead: standing.get(endpoint.id)?.dead ?? 0,
    'failing since': standing.get(endpoint.id)?.failing_since ?? null,
    events: (JSON.parse(endpoint.events) as string[]).join(' '),
    'why off': endpoint.off_reason,
  }))
  return listed(rows, options, 'No other system hears of anything: outbound add URL.')
}

export const removeOutbound: Command = async ({ store }, [id = '']) => {
  const removed = await store.transaction((tx) => deleteEndpoint(tx, id))
  return removed ? done(`"${id}" is removed, with what it was still to be told.`) : unknown(id)
}

export const enableOutbound: Command = async ({ store }, [id = '']) => {
  if (!(await findEndpoint(store.db, id))) return unknown(id)
  const waited = await enableEndpoint({ store, clock: systemClock }, id)
  return done(`"${id}" is on. ${waited} that waited for it are on their way.`)
}

export const disableOutbound: Command = async ({ store }, [id = '']) => {
  if (!(await findEndpoint(store.db, id))) return unknown(id)
  await disableEndpoint({ store, clock: systemClock }, id)
  return done(`"${id}" is off. What comes waits for it, for 30 days.`)
}

export const rotateOutbound: Command = async ({ store }, [id = '']) => {
  const endpoint = await findEndpoint(store.db, id)
  if (!endpoint) return unknown(id)
  return said(async () => {
    const secret = await rotateSecret({ store, clock: systemClock }, endpoint)
    return `The new secret of "${id}", shown only now. For ${ROTATE_HOURS} hours the old one is good too:\n${secret}`
  })
}

/** What the rule says, or the sentence that it throws. */
async function said(work: () => Promise<string>): Promise<Outcome> {
  return work().then(done, (error: Error) => couldNot(error.message))
}

/** Whoever knows an address at Slack, Discord or Zapier may post there: only its ends are shown. */
export function shownAddress(url: string): string {
  const { origin, pathname, search } = new URL(url)
  const rest = `${pathname}${search}`
  return rest.length > 1 ? `${origin}/…${rest.slice(-4)}` : origin
}

export function unknown(id: string): Outcome {
  return couldNot(`There is no endpoint "${id}". "outbound list" shows them.`)
}

/** The endpoint of this id, or what to say when there is none. */
export async function endpointNamed(db: Db, id: string): Promise<EndpointRow | Outcome> {
  return (await findEndpoint(db, id)) ?? unknown(id)
}
