import { useLayoutEffect, useState } from 'preact/hooks'
import type { Membership } from '../../shared/api.ts'
import { useInner } from '../app-context.ts'
import { Go } from '../components/go.tsx'
import { Invitation } from '../components/invitation.tsx'
import { LinkedAccounts } from '../components/linked-accounts.tsx'
import { MemberCard } from '../components/member-card.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { PlanList } from '../components/plan-list.tsx'
import { PortalTasks } from '../components/portal-tasks.tsx'
import { ProblemNotice } from '../components/problem-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { roleOf, subscribes } from '../membership-words.ts'
import { replaceAddress } from '../navigation.ts'
import type { Route } from '../route.ts'
import { useMembership } from '../use-membership.ts'
import { useName } from '../use-name.ts'
import { type Portal, type PortalTask, usePortal } from '../use-portal.ts'

/** Decides by the present state, so that no button in an old message can lead astray. */
export function MembershipPage({ route }: { route: Route }) {
  const { texts } = useInner()
  const words = texts.membership
  const [asked] = useState(() => taskOf(route))
  const [already] = useState(() => route.query.has('already'))
  const { answer, retry, catchingUp, watch } = useMembership({ expectsNews: already })
  const membership = answer.state === 'ready' ? answer.value : null
  const portal = usePortal(membership)
  // Before the paint: the page must not flash up on the way to Stripe.
  useLayoutEffect(() => {
    if (!membership) return
    if (asked && isOpen(membership, asked)) portal.visit(asked)
    // "Back" from there must show this page, not leave again.
    if (asked || already) replaceAddress('/membership')
  }, [membership === null])
  const onTheWay = asked !== null && (!membership || portal.going === asked)
  return (
    <>
      <PageHeading text={words.heading} />
      {portal.error !== null && (
        <ProblemNotice
          error={portal.error}
          retry={() => {
            portal.forget()
            retry()
          }}
        />
      )}
      {answer.state === 'failed' && <ProblemNotice error={answer.error} retry={retry} />}
      {answer.state !== 'failed' && onTheWay && <Waiting text={words.opening} />}
      {answer.state === 'waiting' && !onTheWay && <Waiting />}
      <p class="lead" role="status">
        {membership && !onTheWay && leadOf(membership)}
      </p>
      {membership && !onTheWay && (
        <Standing
          membership={membership}
          portal={portal}
          catchingUp={catchingUp}
          whenLinked={watch}
        />
      )}
    </>
  )

  function leadOf(standing: Membership): string | null {
    if (asked && !isOpen(standing, asked) && standing.portal.customers.length < 2)
      return words.notNow[asked]
    if (already) return words.already
    return catchingUp ? words.checking : null
  }
}

type StandingProps = {
  membership: Membership
  portal: Portal
  catchingUp: boolean
  /** An account has come or gone, and with it perhaps what they are */
  whenLinked: () => void
}

/** A member's card, plans and tasks; whoever holds nothing is invited, but not right after paying. */
export function Standing({ membership, portal, catchingUp, whenLinked }: StandingProps) {
  const { boot, texts } = useInner()
  const name = useName()
  const role = roleOf(boot.shop, membership.role)
  const holdsNothing = !role && membership.plans.every(({ state }) => state === 'ended')
  // A shop without members still has customers, with a tea that comes each month to manage.
  const invites = holdsNothing && (boot.shop.roles.length > 0 || !membership.portal.open)
  return (
    <>
      {role && <MemberCard role={role} name={name} since={membership.since} />}
      {invites && (catchingUp ? <Waiting text={texts.membership.checking} /> : <Invitation />)}
      <PlanList plans={membership.plans} />
      <PortalTasks membership={membership} portal={portal} />
      {role && !subscribes(membership) && (
        <p class="actions">
          <Go to="/join" class="button">
            {texts.membership.join}
          </Go>
        </p>
      )}
      <LinkedAccounts whenOther={whenLinked} />
    </>
  )
}

const TASKS: Record<PortalTask, true> = { card: true, cancel: true, plan: true, pause: true }

/** What a button in the chat wants done at once (`?do=card`). */
function taskOf({ query }: Route): PortalTask | null {
  const wanted = query.get('do') ?? ''
  return Object.hasOwn(TASKS, wanted) ? (wanted as PortalTask) : null
}

function isOpen({ portal }: Membership, task: PortalTask): boolean {
  return portal.open && portal.tasks.includes(task) && portal.customers.length < 2
}
