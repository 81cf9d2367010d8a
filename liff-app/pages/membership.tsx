import { useEffect, useState } from 'preact/hooks'
import type { Membership } from '../../shared/api.ts'
import { useInner } from '../app-context.ts'
import { Invitation } from '../components/invitation.tsx'
import { MemberCard } from '../components/member-card.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { PlanList } from '../components/plan-list.tsx'
import { PortalTasks } from '../components/portal-tasks.tsx'
import { ProblemNotice } from '../components/problem-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { roleOf } from '../membership-words.ts'
import { replaceAddress } from '../navigation.ts'
import type { Route } from '../route.ts'
import { useMembership } from '../use-membership.ts'
import { useName } from '../use-name.ts'
import { type Portal, type PortalTask, usePortal } from '../use-portal.ts'

/** Decides by the present state, so that no button in an old message can lead astray. */
export function MembershipPage({ route }: { route: Route }) {
  const { texts } = useInner()
  const [asked] = useState(() => taskOf(route))
  const [already] = useState(() => route.query.has('already'))
  const [onTheWay, setOnTheWay] = useState(asked !== null)
  const { answer, retry, catchingUp } = useMembership()
  const membership = answer.state === 'ready' ? answer.value : null
  const portal = usePortal(membership)
  useEffect(() => {
    if (!membership) return
    if (asked && onTheWay && isOpen(membership, asked)) portal.visit(asked)
    // "Back" from Stripe must show this page, not leave for Stripe again.
    if (asked || already) replaceAddress('/membership')
  }, [membership === null])
  useEffect(() => {
    if (membership && portal.going === null) setOnTheWay(false)
  }, [membership, portal.going])

  if (onTheWay && answer.state !== 'failed') return <Waiting text={texts.membership.opening} />
  return (
    <>
      <PageHeading text={texts.membership.heading} />
      <p class="lead" role="status">
        {membership && leadOf(membership)}
      </p>
      {answer.state === 'waiting' && <Waiting />}
      {answer.state === 'failed' && <ProblemNotice error={answer.error} retry={retry} />}
      {membership && <Standing membership={membership} portal={portal} reload={retry} />}
    </>
  )

  function leadOf(standing: Membership): string | null {
    if (asked && !isOpen(standing, asked) && standing.portal.customers.length < 2)
      return texts.membership.notNow[asked]
    if (already) return texts.membership.already
    return catchingUp ? texts.membership.checking : null
  }
}

type StandingProps = { membership: Membership; portal: Portal; reload: () => void }

/** A member's card, plans and tasks; whoever holds nothing is invited. */
export function Standing({ membership, portal, reload }: StandingProps) {
  const { boot } = useInner()
  const name = useName()
  const role = roleOf(boot.shop, membership.role)
  return (
    <>
      {role && <MemberCard role={role} name={name} since={membership.since} />}
      {!role && membership.plans.length === 0 && <Invitation />}
      <PlanList plans={membership.plans} />
      <PortalTasks membership={membership} portal={portal} reload={reload} />
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
