import type { Order } from '../../shared/api.ts'
import { api } from '../api.ts'
import { useInner } from '../app-context.ts'
import { FriendPrompt } from '../components/friend-prompt.tsx'
import { Go } from '../components/go.tsx'
import { OrderBadge } from '../components/order-badge.tsx'
import { OrderFacts } from '../components/order-facts.tsx'
import { OrderLines } from '../components/order-lines.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { ProblemNotice } from '../components/problem-notice.tsx'
import { ShareOffer } from '../components/share-offer.tsx'
import { Voucher } from '../components/voucher.tsx'
import { Waiting } from '../components/waiting.tsx'
import type { Route } from '../route.ts'
import { asBuyer } from '../session.ts'
import { useFriendship } from '../use-friendship.ts'
import { useOrder } from '../use-order.ts'

export function OrderPage({ route }: { route: Route }) {
  const { texts } = useInner()
  const ask = () => asBuyer(() => api.order(route.id)).then(({ order }) => order)
  const { answer, retry } = useOrder(ask, route.id)
  return (
    <>
      <PageHeading text={texts.order.heading} />
      {answer.state === 'waiting' && <Waiting />}
      {answer.state === 'failed' && <ProblemNotice error={answer.error} retry={retry} />}
      {answer.state === 'ready' && <Slip order={answer.value} />}
    </>
  )
}

function Slip({ order }: { order: Order }) {
  const { texts } = useInner()
  return (
    <>
      <div role="status">
        <OrderBadge status={order.status} />
        <p class="lead">{texts.statusText[order.status]}</p>
      </div>
      {order.status === 'awaiting_payment' && order.konbini && <Voucher konbini={order.konbini} />}
      <FriendPrompt friendship={useFriendship()} />
      <OrderLines order={order} />
      <OrderFacts order={order} />
      <div class="actions">
        {order.offer && (
          <Go to={`/checkout/${encodeURIComponent(order.offer)}`} class="button primary">
            {texts.order.again}
          </Go>
        )}
        <ShareOffer order={order} />
        <Go to="/orders" class="button">
          {texts.order.back}
        </Go>
      </div>
    </>
  )
}
