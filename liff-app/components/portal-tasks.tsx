import type { Membership } from '../../shared/api.ts'
import { useInner } from '../app-context.ts'
import { owes } from '../membership-words.ts'
import type { Portal, Task } from '../use-portal.ts'
import { CustomerChoice } from './customer-choice.tsx'

type Props = { membership: Membership; portal: Portal }

/** What the member may do at Stripe now, as the server lists it; a missing payment comes first. */
export function PortalTasks({ membership, portal }: Props) {
  const { texts } = useInner()
  const words = texts.membership
  const { open, tasks, customers } = membership.portal
  if (!open) return null
  const urgent = owes(membership) && tasks.includes('card')
  const ordered = urgent ? ['card' as const, ...tasks.filter((task) => task !== 'card')] : tasks
  return (
    <section aria-labelledby="tasks">
      <h2 id="tasks">{words.tasks}</h2>
      {customers.length > 1 && <CustomerChoice customers={customers} portal={portal} />}
      <div class="tasks">
        {ordered.map((task) => (
          <TaskButton
            key={task}
            task={task}
            label={words.task[task]}
            portal={portal}
            primary={urgent && task === 'card'}
          />
        ))}
        <TaskButton task="payments" label={words.payments} portal={portal} />
      </div>
      <p class="aside">{words.tasksNote}</p>
    </section>
  )
}

function TaskButton(props: { task: Task; label: string; portal: Portal; primary?: boolean }) {
  const { texts } = useInner()
  const { task, label, portal, primary } = props
  const going = portal.going === task
  return (
    <button
      type="button"
      class={primary ? 'button primary task' : 'button task'}
      aria-disabled={portal.going !== null}
      onClick={() => portal.visit(task)}
    >
      <span aria-live="polite">{going ? texts.membership.opening : label}</span>
      {going ? (
        <span class="spinner" aria-hidden="true" />
      ) : (
        <svg class="onward" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M6 3l5 5-5 5" />
        </svg>
      )}
    </button>
  )
}
