import Stripe from 'stripe'

/** null where Stripe answers 404; throws whatever else goes wrong. */
export async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (isRefusal(error) && error.statusCode === 404) return null
    throw error
  }
}

/** Stripe does not know what this parameter names: 404 for what is read, 400 where it only stands beside. */
export function isMissing(error: unknown, param: string): boolean {
  return isRefusal(error) && error.code === 'resource_missing' && error.param === param
}

/** Stripe has understood the question and says no. */
export function isRefusal(
  error: unknown,
): error is InstanceType<typeof Stripe.errors.StripeInvalidRequestError> {
  return error instanceof Stripe.errors.StripeInvalidRequestError
}
