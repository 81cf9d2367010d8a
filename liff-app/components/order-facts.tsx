import type { Order } from '../../shared/api.ts'
import { useApp } from '../app-context.ts'
import { japanTime } from '../japan-time.ts'

/** Number, times and payment method: what one would read out on the phone to the shop. */
export function OrderFacts({ order }: { order: Order }) {
  const { texts, language } = useApp()
  const methods: Record<string, string> = texts.method
  const at = (iso: string) => (
    <>
      <time dateTime={iso}>{japanTime(iso, language, 'minute')}</time>{' '}
      <small>{texts.order.japanTime}</small>
    </>
  )
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
