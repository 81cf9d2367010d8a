import type { OrderStatus } from '../../shared/api.ts'
import { useApp } from '../app-context.ts'

/** The status in a word; the colour only repeats it. */
export function OrderBadge({ status }: { status: OrderStatus }) {
  const { texts } = useApp()
  return <span class={`badge ${status}`}>{texts.status[status]}</span>
}
