import { type Log, NeedsPerson, Never, type PortalAsked, type PortalSpec } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { findConfiguration, isMade } from './configurations.store.ts'
import { keepConfiguration } from './keep-configurations.ts'
import { contentOf } from './portal-views.ts'
import type { PortalHouse } from './read-specs.ts'

type Visit = Omit<PortalAsked, 'configuration'>

/** A shop that says nothing of roles or views has set its portal up in Stripe's dashboard. */
export function keepsItsOwn({ roles = [], portal }: ShopConfig): boolean {
  return roles.length === 0 && !portal
}

/**
 * The address of the portal that the shop has saved in Stripe's dashboard. Where none is saved, or that one
 * does not let them do what they came for, it is ours in this view. `oursFirst`: Stripe cannot refuse what they
 * came for, as there are several subscriptions to do it with. Throws when Stripe did not answer.
 */
export async function openAsSaved(
  house: PortalHouse,
  spec: PortalSpec,
  visit: Visit,
  log: Pick<Log, 'warn'>,
  oursFirst: boolean,
): Promise<string> {
  const saved = { ...visit, configuration: null }
  const url = oursFirst ? null : await orNever(house.stripe.openPortal(saved))
  if (url) return url
  return openPortal(house, spec, visit, log).catch(async (error: unknown) => {
    // A key from before there were views may make none, and this account may not be able to.
    if (!(error instanceof NeedsPerson || error instanceof Never)) throw error
    log.warn({ view: spec.view, err: error }, 'no view of ours opens; the portal opens as it is')
    const plain = await orNever(house.stripe.openPortal({ ...saved, task: null }))
    if (plain) return plain
    throw error
  })
}

function orNever(opening: Promise<string | null>): Promise<string | null> {
  return opening.catch((error: unknown) => {
    if (error instanceof Never) return null
    throw error
  })
}

/**
 * The address of Stripe's portal, as this view shows it. A configuration that was deleted or switched
 * off by hand is put right once, and then it opens. Throws when Stripe did not answer.
 */
export async function openPortal(
  house: PortalHouse,
  spec: PortalSpec,
  visit: Visit,
  log: Pick<Log, 'warn'>,
): Promise<string> {
  const configuration = await configurationFor(house, spec, log)
  const url = await openOrPlain(house, { ...visit, configuration }, log)
  if (url) return url
  log.warn({ view: spec.view, configuration }, 'a portal configuration is gone; it is put right')
  const repaired = await repairedSince(house, spec, configuration)
  const second = await openOrPlain(house, { ...visit, configuration: repaired }, log)
  if (second) return second
  throw new Error(`Stripe opens no portal with configuration ${repaired}`)
}

/** Known from the last look; where shop.config or the plans have changed since, Stripe is told first. */
async function configurationFor(
  house: PortalHouse,
  spec: PortalSpec,
  log: Pick<Log, 'warn'>,
): Promise<string> {
  const row = await knownRow(house, spec)
  if (!row || !isMade(row)) return keepConfiguration(house, spec)
  if (row.content === contentOf(spec)) return row.configuration
  try {
    return await keepConfiguration(house, spec)
  } catch (error) {
    // Yesterday's view is better than none; the duty says aloud what is wrong with today's.
    log.warn({ view: spec.view, err: error }, 'a portal view could not be brought up to date')
    return row.configuration
  }
}

/** Of a hundred who meet a configuration that is gone, the first has it made, and the others use that. */
async function repairedSince(house: PortalHouse, spec: PortalSpec, lost: string): Promise<string> {
  const row = await knownRow(house, spec)
  if (row && isMade(row) && row.configuration !== lost) return row.configuration
  return keepConfiguration(house, spec)
}

function knownRow({ store, stripe }: PortalHouse, { view }: PortalSpec) {
  return findConfiguration(store.db, { view, livemode: stripe.livemode ? 1 : 0 })
}

/** Stripe refuses a task that makes no sense any more, such as a second cancellation: the portal itself explains it. */
async function openOrPlain(
  { stripe }: PortalHouse,
  ask: PortalAsked,
  log: Pick<Log, 'warn'>,
): Promise<string | null> {
  try {
    return await stripe.openPortal(ask)
  } catch (error) {
    if (!(error instanceof Never) || !ask.task) throw error
    log.warn(
      { task: ask.task.name, err: error },
      'Stripe refuses the task; the portal opens as it is',
    )
    return stripe.openPortal({ ...ask, task: null })
  }
}
