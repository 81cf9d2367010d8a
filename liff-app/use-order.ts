import type { Order } from '../shared/api.ts'
import { problemOf } from './problem.ts'
import { type Answer, useAnswer } from './use-answer.ts'
import { usePolling } from './use-polling.ts'

/** Troubles that pass by themselves, so the page keeps asking behind the notice. */
const PASSING = new Set(['offline', 'stripeDown', 'lineDown', 'unknownSession'])

/** An order and what becomes of it: asked for again until the payment is settled one way or the other. */
export function useOrder(ask: () => Promise<Order>, key: string) {
  const { answer, retry, replace } = useAnswer(ask, key)
  usePolling(isMoving(answer), () => ask().then(replace))
  return { answer, retry }
}

function isMoving(answer: Answer<Order>): boolean {
  if (answer.state === 'failed') return PASSING.has(problemOf(answer.error))
  return answer.state === 'ready' && answer.value.status === 'awaiting_payment'
}
