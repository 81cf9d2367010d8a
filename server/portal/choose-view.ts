import { PORTAL_TASKS } from '../../shared/api.ts'
import { Refusal } from '../errors.ts'
import type { PortalSpec, PortalTask } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { type BuiltInView, permits } from './portal-views.ts'

/** What decides which view somebody sees. All of it is ours: the page only wishes. */
export type Standing = {
  role: string
  /** The staff's own choice for this person */
  override: string | null
  /** Something is subscribed to, paid or not */
  subscribes: boolean
  /** And a payment for it has failed */
  owes: boolean
}

/**
 * The views of a person, by name; the first opens by itself. Who subscribes without a role (a tea that
 * comes each month makes nobody a member) sees the member's: whoever can subscribe can also cancel.
 */
export function viewsOf(
  shop: ShopConfig,
  specs: readonly PortalSpec[],
  standing: Standing,
): [PortalSpec, ...PortalSpec[]] {
  const named = (names: readonly string[]) =>
    names.flatMap((name) => specs.find(({ view }) => view === name) ?? [])
  const role = shop.roles?.find(({ id }) => id === standing.role)
  const holdsOne = role !== undefined && role.id !== 'guest'
  const usual: BuiltInView = holdsOne || standing.subscribes ? 'member' : 'guest'
  const first: BuiltInView[] = standing.owes ? ['past_due'] : []
  const [chosen] = named(standing.override ? [standing.override] : [])
  if (chosen) return [chosen]
  const own = named([role?.portal ?? usual].flat())
  const [view, ...more] = [...named(first), ...(own.length > 0 ? own : named([usual]))]
  if (!view) throw new Error(`there is no portal view ${usual}`)
  return [view, ...more]
}

/**
 * What the page asked for: nothing, a task, or a view by name. Throws 404 for a name that nobody knows,
 * and 403 for what this person may not.
 */
export function openAs(
  wish: string | undefined,
  views: readonly [PortalSpec, ...PortalSpec[]],
  specs: readonly PortalSpec[],
): { spec: PortalSpec; task: PortalTask | null } {
  const [first] = views
  if (wish === undefined) return { spec: first, task: null }
  const task = PORTAL_TASKS.find((name) => name === wish) ?? null
  if (task && !permits(first, task)) throw notAllowed()
  if (task) return { spec: first, task }
  const spec = views.find(({ view }) => view === wish)
  if (spec) return { spec, task: null }
  if (specs.some(({ view }) => view === wish)) throw notAllowed()
  throw new Refusal(404, 'unknown_view', 'There is no such view of the portal.')
}

function notAllowed(): Refusal {
  return new Refusal(403, 'view_not_allowed', 'This is not open to you at present.')
}
