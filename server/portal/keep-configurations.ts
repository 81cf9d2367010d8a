import { Later, Never, type PortalSpec, type StripeGateway } from '../ports.ts'
import {
  CLAIM_SECONDS,
  type ConfigurationRow,
  claimConfiguration,
  findConfiguration,
  giveUpClaim,
  isMade,
  listConfigurations,
  rememberConfiguration,
} from './configurations.store.ts'
import { contentOf } from './portal-views.ts'
import { type PortalHouse, readSpecs } from './read-specs.ts'

/**
 * Makes Stripe hold what shop.config says: makes the views that lack, repairs those that somebody has
 * edited or switched off. What we do not set is left as it is. Throws the first failure when all views
 * were tried, and Later when another process is just making one.
 */
export async function keepPortalConfigurations(house: PortalHouse): Promise<void> {
  const specs = await readSpecs(house)
  const look = await lookAround(house)
  const failures: unknown[] = []
  for (const spec of specs)
    await keepOne(house, spec, look).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

const underWay = new WeakMap<PortalHouse, Map<string, Promise<string>>>()

/** The id of this view's configuration, as it should be; a hundred visits at once ask Stripe once. */
export function keepConfiguration(house: PortalHouse, spec: PortalSpec): Promise<string> {
  const running = underWay.get(house) ?? new Map<string, Promise<string>>()
  underWay.set(house, running)
  const same = running.get(spec.view)
  if (same) return same
  const started = lookAround(house)
    .then((look) => keepOne(house, spec, look))
    .finally(() => running.delete(spec.view))
  running.set(spec.view, started)
  return started
}

type Look = {
  seen: readonly ConfigurationRow[]
  held: Awaited<ReturnType<StripeGateway['listPortalConfigurations']>>
}

/**
 * Our rows first, then Stripe: that order is what keeps two processes from making two. Only who can
 * still change a row as it was read may make its configuration; whoever reads the row after that
 * change also asks Stripe after it, and finds the new one in the list.
 */
async function lookAround({ store, stripe }: PortalHouse): Promise<Look> {
  const seen = await listConfigurations(store.db, stripe.livemode)
  return { seen, held: await stripe.listPortalConfigurations() }
}

async function keepOne(house: PortalHouse, spec: PortalSpec, look: Look): Promise<string> {
  const seen = look.seen.find(({ view }) => view === spec.view)
  const held = look.held.filter(({ view }) => view === spec.view)
  // Somebody may have copied one by hand: ours is the one that we know, or the oldest.
  const known = held.find(({ id }) => id === seen?.configuration) ?? held.at(-1)
  if (!known) return makeOne(house, spec, seen)
  const right = known.active && contentOf(known.spec) === contentOf(spec)
  if (!right) await write(house, spec, { id: known.id })
  return remember(house, spec, known.id)
}

async function makeOne(
  house: PortalHouse,
  spec: PortalSpec,
  seen: ConfigurationRow | undefined,
): Promise<string> {
  const { store, clock } = house
  const claim = await claimConfiguration(store, placeOf(house, spec), seen, clock.now())
  if (!claim) return madeByAnother(house, spec)
  try {
    return await remember(house, spec, await write(house, spec, { claim }))
  } catch (error) {
    await giveUpClaim(store, claim, clock.now())
    throw error
  }
}

/**
 * Not every account can pause, nor every price be changed to: where Stripe refuses the view for good,
 * a card and a cancellation must still be within reach, so it is written without those two, and said.
 */
async function write(
  { stripe, report }: PortalHouse,
  spec: PortalSpec,
  place: { id: string } | { claim: string },
): Promise<string> {
  // The content is part of the key: Stripe refuses one that comes back with something else.
  const put = (wanted: PortalSpec) =>
    stripe.writePortalConfiguration(
      wanted,
      'id' in place ? place : { key: `${place.claim}:${contentOf(wanted)}` },
    )
  try {
    return await put(spec)
  } catch (error) {
    const plainer = spec.plans !== null || spec.pause !== null
    if (!plainer || !(error instanceof Never)) throw error
    report(error)
    return put({ ...spec, plans: null, pause: null })
  }
}

async function madeByAnother(house: PortalHouse, spec: PortalSpec): Promise<string> {
  const row = await findConfiguration(house.store.db, placeOf(house, spec))
  if (row && isMade(row)) return row.configuration
  throw new Later(CLAIM_SECONDS, `another process is making the portal view ${spec.view}`)
}

async function remember(house: PortalHouse, spec: PortalSpec, id: string): Promise<string> {
  const checked_at = house.clock.now().toISOString()
  const known = { configuration: id, content: contentOf(spec), checked_at }
  await rememberConfiguration(house.store, { ...placeOf(house, spec), ...known })
  return id
}

function placeOf({ stripe }: PortalHouse, { view }: PortalSpec) {
  return { view, livemode: stripe.livemode ? 1 : 0 } as const
}
