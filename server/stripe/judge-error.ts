import Stripe from 'stripe'
import { Later, NeedsPerson, Never } from '../ports.ts'
import { judge, PERSON_SECONDS, readRetryAfter, retryDelay, spread } from '../retry-policy.ts'

/**
 * What Stripe's error means for the job that met it: Later (too fast: no attempt is counted),
 * NeedsPerson (key or permission), Never (refused for good), or the error as it is, for "again".
 */
export function judgeStripe(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error
  // Ours, from the pace beneath the SDK: nothing has left.
  if (error.detail instanceof Later) return error.detail
  const { statusCode, code, headers, message } = error
  const { fate, counts, retryAfter } = judge('stripe', {
    status: statusCode ?? null,
    code: code ?? codeBelow(error.detail),
    words: message,
    retryAfter: readRetryAfter(headers?.['retry-after'], new Date(headers?.['date'] ?? '')),
  })
  const words = `Stripe answered ${statusCode}: ${message}`
  if (fate === 'person') return new NeedsPerson(spread(PERSON_SECONDS), words)
  if (fate === 'never') return new Never(words)
  if (retryAfter !== null) return new Later(spread(retryAfter), words)
  return counts ? error : new Later(retryDelay(2), words)
}

function codeBelow(detail: unknown): string | undefined {
  const code = (detail as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

/** The gateway with every error judged, also those of a list that fails on its second page. */
export function judged<T extends object>(gateway: T): T {
  const calls = Object.entries(gateway).map(([name, what]) => [
    name,
    typeof what === 'function' ? (...asked: unknown[]) => judgeResult(what(...asked)) : what,
  ])
  return Object.fromEntries(calls) as T
}

function judgeResult(result: unknown): unknown {
  if (result instanceof Promise)
    return result.catch((error: unknown) => {
      throw judgeStripe(error)
    })
  const iterable = result as Partial<AsyncIterable<unknown>> | null | undefined
  return iterable?.[Symbol.asyncIterator] ? judgeEach(iterable as AsyncIterable<unknown>) : result
}

async function* judgeEach(all: AsyncIterable<unknown>): AsyncIterable<unknown> {
  try {
    yield* all
  } catch (error) {
    throw judgeStripe(error)
  }
}
