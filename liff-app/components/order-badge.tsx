import type { OrderStatus } from '../../shared/api.ts'
import { useInner } from '../app-context.ts'

/** The status in a word; the colour only repeats it. */
export function OrderBadge({ status }: { status: OrderStatus }) {
  const { texts } = useInner()
  return <span class={`badge ${status}`}>{texts.status[status]}</span>
}
