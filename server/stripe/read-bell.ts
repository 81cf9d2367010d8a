import type { Doorbell } from '../ports.ts'

export type StripeBell = Extract<Doorbell, { from: 'stripe' }>

/**
 * What a letter is about: ids, and nothing else of what it says. Entitlement summaries have no id of
 * their own, and disputes name no customer. A thin notification's related object fits too.
 */
export function readBell(object: Readonly<Record<string, unknown>>, livemode: boolean): StripeBell {
  const objectId = idIn(object['id'])
  return {
    from: 'stripe',
    objectId,
    paymentIntent: idIn(object['payment_intent']),
    livemode,
    customer: kindOf(object) === 'customer' ? objectId : idIn(object['customer']),
  }
}

/** Snapshots say it in `object`, thin ones in `type`; an account or a card has a `type` that is no kind. */
function kindOf(object: Readonly<Record<string, unknown>>): unknown {
  return object['object'] ?? object['type']
}

/** An id, or the id of what was put in its place. */
function idIn(value: unknown): string | null {
  const id = isObject(value) ? value['id'] : value
  return isId(id) ? id : null
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Visible ASCII, as all of Stripe's: Postgres keeps no NUL, and no engine half a surrogate pair. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]{1,255}$/.test(value)
}
