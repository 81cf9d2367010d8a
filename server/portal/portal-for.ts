import { type Membership, PORTAL_TASKS } from '../../shared/api.ts'
import type { Db, PortalTask } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { candidates } from './choose-customer.ts'
import { type Standing, viewsOf } from './choose-view.ts'
import {
  keptOffers,
  type PortalCustomer,
  type PortalPerson,
  readPortalPerson,
} from './portal.store.ts'
import { plansOf } from './portal-plans.ts'
import { permits, portalSpecs } from './portal-views.ts'

/** What the membership page may offer of the portal. Asks nobody but our own books. */
export async function portalFor(
  db: Db,
  shop: ShopConfig,
  personId: string,
): Promise<Membership['portal']> {
  const [person, offers] = await Promise.all([readPortalPerson(db, personId), keptOffers(db)])
  const specs = portalSpecs(shop, { plans: plansOf(shop, offers ?? []), returnUrl: '' })
  const customers = candidates(person.customers)
  const [view] = viewsOf(shop, specs, standingOf(person, customers))
  const tasks = PORTAL_TASKS.filter((task) => permits(view, task) && hasUse(task, customers))
  return {
    open: customers.length > 0,
    tasks,
    customers: customers.map(({ id, since, names }) => ({ id, since, names })),
  }
}

/** `among`: the one customer that was chosen, or all that may be. */
export function standingOf(person: PortalPerson, among: readonly PortalCustomer[]): Standing {
  const living = among.flatMap((customer) => customer.living)
  return {
    role: person.role,
    override: person.override,
    subscribes: living.length > 0,
    owes: living.some(({ owes }) => owes),
  }
}

/** What is cancelled already is not cancelled again, and so on; a card needs no more than a customer. */
function hasUse(task: PortalTask, customers: readonly PortalCustomer[]): boolean {
  if (task === 'card') return customers.length > 0
  const living = customers.flatMap((customer) => customer.living)
  if (task === 'pause') return living.some(({ paused, ends }) => !paused && !ends)
  return living.some(({ ends }) => !ends)
}
