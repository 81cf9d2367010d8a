import type { Order } from '../../shared/api.ts'
import { formatMoney } from '../../shared/money.ts'
import { splitTax } from '../../shared/split-tax.ts'
import { useInner } from '../app-context.ts'

/** What was ordered, line by line, and how the total came about. */
export function OrderLines({ order }: { order: Order }) {
  const { texts, language } = useInner()
  const money = (amount: number) => formatMoney(amount, order.currency, language)
  const unlisted = order.itemCount - order.items.length
  return (
    <section class="card lines" aria-labelledby="items">
      <h2 id="items">{texts.order.items}</h2>
      <ul>
        {order.items.map((item, place) => (
          // Two lines may be alike in every word; only their place tells them apart.
          <li key={place}>
            <span class="line-name">
              <bdi>{item.name}</bdi> <small>{texts.order.quantity(item.quantity)}</small>
            </span>
            <span class="figure">{money(item.amount)}</span>
          </li>
        ))}
        {unlisted > 0 && <li class="unlisted">{texts.orders.more(unlisted)}</li>}
      </ul>
      <Totals order={order} money={money} />
    </section>
  )
}

function Totals({ order, money }: { order: Order; money: (amount: number) => string }) {
  const { texts } = useInner()
  const tax = splitTax(order)
  const broken = order.discount !== 0 || order.shipping !== 0 || tax.added !== 0
  return (
    <dl class="totals">
      {broken && <Total name={texts.order.subtotal} value={money(order.subtotal)} />}
      {order.discount !== 0 && (
        <Total name={texts.order.discount} value={money(-Math.abs(order.discount))} />
      )}
      {order.shipping !== 0 && <Total name={texts.order.shipping} value={money(order.shipping)} />}
      {tax.added !== 0 && <Total name={texts.order.tax} value={money(tax.added)} />}
      <Total name={texts.order.total} value={money(order.amount)} grand />
      {tax.included !== 0 && <Total name={texts.order.taxIncluded} value={money(tax.included)} />}
      {order.refunded > 0 && (
        <>
          <Total name={texts.order.refunded} value={money(-order.refunded)} />
          <Total name={texts.order.remaining} value={money(order.amount - order.refunded)} />
        </>
      )}
    </dl>
  )
}

function Total(props: { name: string; value: string; grand?: boolean }) {
  return (
    <div class={props.grand ? 'grand' : undefined}>
      <dt>{props.name}</dt>
      <dd class="figure">{props.value}</dd>
    </div>
  )
}
