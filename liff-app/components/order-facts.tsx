import type { Order } from '../../shared/api.ts'
import { formatJapanTime } from '../../shared/japan-time.ts'
import { useInner } from '../app-context.ts'

/** Number, times and payment method: what one would read out on the phone to the shop. */
export function OrderFacts({ order }: { order: Order }) {
  const { texts, language } = useInner()
  const methods: Record<string, string> = texts.method
  const at = (iso: string) => <time dateTime={iso}>{formatJapanTime(iso, language)}</time>
  return (
    <dl class="terms card facts">
      <div>
        <dt>{texts.order.number}</dt>
        <dd class="digits-small">{order.number}</dd>
      </div>
      <div>
        <dt>{texts.order.date}</dt>
        <dd>{at(order.createdAt)}</dd>
      </div>
      {order.paidAt && (
        <div>
          <dt>{texts.order.paidAt}</dt>
          <dd>{at(order.paidAt)}</dd>
        </div>
      )}
      {order.paymentMethod && (
        <div>
          <dt>{texts.order.method}</dt>
          <dd>{methods[order.paymentMethod] ?? order.paymentMethod}</dd>
        </div>
      )}
    </dl>
  )
}
