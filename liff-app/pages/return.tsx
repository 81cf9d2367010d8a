import type { Order, OrderStatus, RoleView } from '../../shared/api.ts'
import { localized } from '../../shared/language.ts'
import { type Utm, utmIn } from '../../shared/utm.ts'
import { api } from '../api.ts'
import { type AllTexts, useInner } from '../app-context.ts'
import { Empty } from '../components/empty.tsx'
import { FriendPrompt } from '../components/friend-prompt.tsx'
import { Go } from '../components/go.tsx'
import { OrderFacts } from '../components/order-facts.tsx'
import { OrderLines } from '../components/order-lines.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { ProblemNotice } from '../components/problem-notice.tsx'
import { Seal } from '../components/seal.tsx'
import { Voucher } from '../components/voucher.tsx'
import { Waiting } from '../components/waiting.tsx'
import { roleOf } from '../membership-words.ts'
import type { Route } from '../route.ts'
import { asBuyer } from '../session.ts'
import { useBoughtRole } from '../use-bought-role.ts'
import { type Friendship, useFriendship } from '../use-friendship.ts'
import { useMembership } from '../use-membership.ts'
import { useOrder } from '../use-order.ts'

/** Where Stripe sends the buyer back to, with its Checkout Session in the address. */
export function Return({ route }: { route: Route }) {
  const { comeback, shell } = useInner().texts
  const session = route.query.get('session') ?? route.query.get('session_id') ?? ''
  if (/^cs_\w+$/.test(session)) return <Paid session={session} utm={utmIn(route.query)} />
  return (
    <>
      <PageHeading text={comeback.headingOther} />
      <Empty title={comeback.noSessionTitle} text={comeback.noSessionText}>
        <Go to="/orders" class="button primary">
          {shell.orders}
        </Go>
      </Empty>
    </>
  )
}

/**
 * Claiming is asked for every time: it also ties an order that was paid without a reference to this buyer,
 * and brings home what Stripe has carried on from a poster's address.
 */
function Paid({ session, utm }: { session: string; utm: Utm | null }) {
  const { texts } = useInner()
  const ask = () => asBuyer(() => api.claim(session, utm)).then(({ order }) => order)
  const { answer, retry } = useOrder(ask, session)
  const friendship = useFriendship()
  const order = answer.state === 'ready' ? answer.value : null
  const role = useBoughtRole(order)
  const heading =
    answer.state === 'failed' ? texts.comeback.headingOther : headingOf(texts, order?.status)
  return (
    <>
      {order && <Seal status={order.status} />}
      <PageHeading text={heading} />
      {answer.state === 'waiting' && (
        <Waiting text={texts.comeback.checking} longText={texts.comeback.checkingLong} />
      )}
      {answer.state === 'failed' && <ProblemNotice error={answer.error} retry={retry} />}
      <p class="lead" role="status">
        {order && leadOf(texts, order.status, friendship)}
      </p>
      {role && <NewMember role={role} />}
      {order?.status === 'paid' && order.offer === null && <NewByTable order={order} />}
      {order && <Outcome order={order} friendship={friendship} />}
    </>
  )
}

/** No offer says what a plan from a pricing table gives: who has become somebody since they chose it is welcomed. */
function NewByTable({ order }: { order: Order }) {
  const { boot } = useInner()
  const { answer } = useMembership({ expectsNews: true })
  if (answer.state !== 'ready') return null
  const { role, since } = answer.value
  const became = since !== null && since >= order.createdAt ? roleOf(boot.shop, role) : null
  return became && <NewMember role={became} />
}

/** Whoever has just become a member is welcomed before the bill is shown. */
export function NewMember({ role }: { role: RoleView }) {
  const { texts, language } = useInner()
  const { membership, join } = texts
  return (
    <section class="card doorstep">
      <h2>{membership.welcomeTitle(localized(role.title, language))}</h2>
      <p>{membership.welcomeText}</p>
      <Go to="/membership" class="button primary wide">
        {join.toMembership}
      </Go>
    </section>
  )
}

function Outcome({ order, friendship }: { order: Order; friendship: Friendship }) {
  const { texts } = useInner()
  const lost = order.status === 'failed' || order.status === 'expired'
  return (
    <>
      {order.status === 'awaiting_payment' && order.konbini && <Voucher konbini={order.konbini} />}
      <FriendPrompt friendship={friendship} />
      {order.status === 'awaiting_payment' && (
        <p class="updating">
          <span class="spinner" aria-hidden="true" />
          {texts.comeback.updated}
        </p>
      )}
      <OrderLines order={order} />
      <OrderFacts order={order} />
      <div class="actions">
        {lost && order.offer && (
          <Go to={`/checkout/${encodeURIComponent(order.offer)}`} class="button primary">
            {texts.order.again}
          </Go>
        )}
        <Go to="/" class="button">
          {texts.shell.backToShop}
        </Go>
        <Go to="/orders" class="button">
          {texts.shell.orders}
        </Go>
      </div>
    </>
  )
}

function headingOf({ comeback }: AllTexts, status: OrderStatus | undefined): string {
  switch (status) {
    case undefined:
      return comeback.headingWaiting
    case 'paid':
      return comeback.headingPaid
    case 'awaiting_payment':
      return comeback.headingAwaiting
    case 'failed':
    case 'expired':
      return comeback.headingFailed
    default:
      return comeback.headingOther
  }
}

/** A receipt in the chat is promised only where LINE would deliver it. */
function leadOf(texts: AllTexts, status: OrderStatus, friendship: Friendship): string {
  if (status === 'paid' && friendship !== 'stranger') return texts.comeback.paidText
  return texts.statusText[status]
}
