import type { Order } from '../../shared/api.ts'
import { formatJapanTime } from '../../shared/japan-time.ts'
import { formatMoney } from '../../shared/money.ts'
import { api } from '../api.ts'
import { useInner } from '../app-context.ts'
import { Empty } from '../components/empty.tsx'
import { Go } from '../components/go.tsx'
import { OrderBadge } from '../components/order-badge.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { ProblemNotice } from '../components/problem-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { asBuyer } from '../session.ts'
import { useAnswer } from '../use-answer.ts'

/** Everything this buyer has ordered here, newest first. */
export function Orders() {
  const { texts } = useInner()
  const { answer, retry } = useAnswer(
    () => asBuyer(() => api.orders()).then(({ orders }) => orders),
    'orders',
  )
  return (
    <>
      <PageHeading text={texts.orders.heading} />
      {answer.state === 'waiting' && <Waiting />}
      {answer.state === 'failed' && <ProblemNotice error={answer.error} retry={retry} />}
      {answer.state === 'ready' && <OrderList orders={answer.value} />}
    </>
  )
}

function OrderList({ orders }: { orders: Order[] }) {
  const { texts } = useInner()
  if (orders.length === 0) {
    return (
      <Empty title={texts.orders.emptyTitle} text={texts.orders.emptyText}>
        <Go to="/" class="button primary">
          {texts.shell.backToShop}
        </Go>
      </Empty>
    )
  }
  return (
    <ul class="slips">
      {orders.map((order) => (
        <OrderCard key={order.id} order={order} />
      ))}
    </ul>
  )
}

function OrderCard({ order }: { order: Order }) {
  const { texts, language } = useInner()
  const others = order.itemCount - 1
  return (
    <li class="card slip">
      <p class="slip-top">
        <time dateTime={order.createdAt}>{formatJapanTime(order.createdAt, language)}</time>
        <OrderBadge status={order.status} />
      </p>
      <h2>
        <Go to={`/orders/${encodeURIComponent(order.id)}`} class="stretch">
          <bdi>{order.items[0]?.name ?? order.number}</bdi>
          {others > 0 && <small> {texts.orders.more(others)}</small>}
        </Go>
      </h2>
      <p class="slip-foot">
        <span class="digits-small">{order.number}</span>
        <span class="figure">{formatMoney(order.amount, order.currency, language)}</span>
      </p>
    </li>
  )
}
