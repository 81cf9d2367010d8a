import { useInner } from '../app-context.ts'
import { Go } from './go.tsx'

/** Somebody who subscribes already is led to what they have, instead of paying for a second one. */
export function AlreadyMember() {
  const { join } = useInner().texts
  return (
    <section class="notice member" role="status">
      <h2>{join.memberTitle}</h2>
      <p>{join.memberText}</p>
      <Go to="/membership" class="button primary wide">
        {join.toMembership}
      </Go>
    </section>
  )
}
