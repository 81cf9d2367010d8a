import { createHash } from 'node:crypto'
import { localized } from '../../shared/language.ts'
import type { PortalSpec, PortalTask } from '../ports.ts'
import type { PortalView, ShopConfig } from '../shop/define-shop.ts'

/**
 * What is there without a word in shop.config. Who owes money is shown the card first, and the way out,
 * which must never be hard to find; a plan or a pause waits until it is paid.
 */
const BUILT_IN = {
  guest: {},
  member: {
    card: true,
    details: ['name', 'email', 'address', 'phone'],
    cancel: 'period_end',
    changePlan: true,
  },
  past_due: { card: true, cancel: 'period_end' },
} satisfies Record<string, PortalView>

export type BuiltInView = keyof typeof BUILT_IN

/** All portal configurations that this shop wants, one for each view, in our words. */
export function portalSpecs(
  shop: ShopConfig,
  { plans, returnUrl }: Pick<PortalSpec, 'plans' | 'returnUrl'>,
): PortalSpec[] {
  const views: Record<string, PortalView> = { ...BUILT_IN, ...shop.portal }
  return Object.entries(views).map(([name, view]) => ({
    view: name,
    headline: view.headline ? localized(view.headline, shop.language ?? 'ja') : null,
    invoices: view.invoices ?? true,
    card: view.card ?? false,
    details: view.details ?? [],
    cancel: view.cancel ?? null,
    pause: view.pause?.length ? view.pause : null,
    plans: view.changePlan ? plans : null,
    returnUrl,
  }))
}

/** Does this view let somebody do that? */
export function permits(spec: PortalSpec, task: PortalTask): boolean {
  if (task === 'card') return spec.card
  if (task === 'cancel') return spec.cancel !== null
  return task === 'pause' ? spec.pause !== null : spec.plans !== null
}

/** The spec as a short hash: the same whatever order Stripe gives its lists back in. */
export function contentOf(spec: PortalSpec): string {
  const { view, headline, invoices, card, details, cancel, pause, plans, returnUrl } = spec
  const content = [
    [view, headline, invoices, card, details.toSorted(), cancel, returnUrl],
    Array.isArray(pause) ? pause.toSorted((a, b) => a - b) : pause,
    plans
      ?.map(({ product, prices }) => [product, prices.toSorted()])
      .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)) ?? null,
  ]
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}
