import { Problem } from './problem.ts'

/** Only from there: Stripe wants it neither bundled nor copied (https://docs.stripe.com/js/including). */
const SCRIPT = 'https://js.stripe.com/v3/pricing-table.js'
export const ELEMENT = 'stripe-pricing-table'
/** A network that swallows it gives no error either. */
const PATIENCE_MS = 15_000

let loading: Promise<void> | null = null

/** Brings Stripe's element into this page, once. Throws a Problem where it does not come; ask again then. */
export function loadPricingTable(): Promise<void> {
  loading ??= bring().catch((error) => {
    loading = null
    throw error
  })
  return loading
}

function bring(): Promise<void> {
  const script = document.createElement('script')
  return new Promise<void>((resolve, reject) => {
    const fail = () => {
      script.remove()
      reject(new Problem('tableMissing'))
    }
    const timer = setTimeout(fail, PATIENCE_MS)
    script.addEventListener('error', fail)
    script.addEventListener('load', () =>
      customElements.whenDefined(ELEMENT).then(() => {
        clearTimeout(timer)
        resolve()
      }),
    )
    Object.assign(script, { src: SCRIPT, async: true })
    document.head.append(script)
  })
}
