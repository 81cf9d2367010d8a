import type { BrowserContext } from 'playwright-core'
import type { Stage, VisitOptions } from './stage.ts'

/**
 * A phone for which the stand-in answers at js.stripe.com: the page keeps Stripe's address and its own policy.
 * `rest` as for every visit.
 */
export function withStripeJs(stage: Stage, rest: VisitOptions = {}): VisitOptions {
  return {
    ...rest,
    expecting: new RegExp(
      `left this machine: https://js\\.stripe\\.com/|${rest.expecting?.source ?? '^$'}`,
    ),
    prepare: async (phone: BrowserContext) => {
      await rest.prepare?.(phone)
      await phone.route('https://js.stripe.com/**', (route) => {
        const { pathname, search } = new URL(route.request().url())
        const answered = route
          .fetch({ url: `${stage.rig.stripe.url}${pathname}${search}` })
          .then((response) => route.fulfill({ response }))
        // A phone that was put away meanwhile waits for nothing.
        return answered.catch(() => {})
      })
    },
  }
}
