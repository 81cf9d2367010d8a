import type { RoleView } from '../../shared/api.ts'
import { useInner } from '../app-context.ts'
import { isPlan } from '../offer-words.ts'
import { useOffers } from '../use-offers.ts'
import { Benefits } from './benefits.tsx'
import { Empty } from './empty.tsx'
import { Go } from './go.tsx'
import { Words } from './words.tsx'

/** For a guest: what one could become here, and the way to it. */
export function Invitation() {
  const { boot, texts } = useInner()
  const { membership, join, shell } = texts
  const { answer } = useOffers()
  const { roles, tables } = boot.shop
  const plans = answer.state === 'ready' ? answer.value.filter(isPlan) : null
  // What a pricing table sells, its page alone knows.
  const isOpen = ({ id }: RoleView) =>
    !plans || tables.length > 0 || plans.some(({ role }) => role === id)
  const open = roles.filter(isOpen).reverse()
  if (open.length > 0) return <Invited roles={open} />
  const [title, text] =
    roles.length === 0
      ? [membership.noRolesTitle, membership.noRolesText]
      : [join.noneTitle, join.noneText]
  return (
    <Empty title={title} text={text}>
      <Go to="/" class="button primary">
        {shell.backToShop}
      </Go>
    </Empty>
  )
}

function Invited({ roles }: { roles: readonly RoleView[] }) {
  const { membership } = useInner().texts
  const described = roles.filter(({ benefits }) => benefits !== null)
  return (
    <section class="card invitation">
      <h2>{membership.inviteTitle}</h2>
      <p>{described.length > 0 ? membership.inviteText : membership.inviteShort}</p>
      {described.map((role) => (
        <div key={role.id} class="invited">
          {roles.length > 1 && (
            <h3>
              <Words text={role.title} />
            </h3>
          )}
          <Benefits role={role} />
        </div>
      ))}
      <Go to="/join" class="button primary wide">
        {membership.join}
      </Go>
    </section>
  )
}
