import { useInner } from '../app-context.ts'
import { Benefits } from './benefits.tsx'
import { Empty } from './empty.tsx'
import { Go } from './go.tsx'
import { Words } from './words.tsx'

/** For a guest: what one could become here, and the way to it. */
export function Invitation() {
  const { boot, texts } = useInner()
  const words = texts.membership
  const { roles } = boot.shop
  if (roles.length === 0) {
    return (
      <Empty title={words.noRolesTitle} text={words.noRolesText}>
        <Go to="/" class="button primary">
          {texts.shell.backToShop}
        </Go>
      </Empty>
    )
  }
  const described = roles.filter(({ benefits }) => benefits !== null)
  return (
    <section class="card invitation">
      <h2>{words.inviteTitle}</h2>
      <p>{described.length > 0 ? words.inviteText : words.inviteShort}</p>
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
        {words.join}
      </Go>
    </section>
  )
}
