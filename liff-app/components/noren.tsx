import { localized } from '../../shared/language.ts'
import { useApp } from '../app-context.ts'
import { useRoute } from '../navigation.ts'
import { Go } from './go.tsx'

const PANELS = [0, 1, 2, 3, 4]

/** The curtain at the shop's door: the sign, and below its hem the way to the other rooms. */
export function Noren() {
  const { boot, texts, language } = useApp()
  const { page } = useRoute()
  const { name, tagline, logo } = boot.shop
  return (
    <header class="noren">
      <div class="rod" aria-hidden="true" />
      <div class="cloth">
        <Go to="/" class="sign">
          {logo && <img src={logo} alt="" width="40" height="40" />}
          <span class="sign-name">{localized(name, language)}</span>
        </Go>
        {tagline && page === 'shop' && <p class="tagline">{localized(tagline, language)}</p>}
      </div>
      <Hem />
      <nav aria-label={texts.shell.menu}>
        <Go to="/" aria-current={page === 'shop' ? 'page' : undefined}>
          {texts.shell.shop}
        </Go>
        <Go to="/orders" aria-current={page === 'orders' ? 'page' : undefined}>
          {texts.shell.orders}
        </Go>
        {boot.shop.roles.length > 0 && (
          <Go to="/membership" aria-current={page === 'membership' ? 'page' : undefined}>
            {texts.shell.membership}
          </Go>
        )}
      </nav>
    </header>
  )
}

/** The lower edge of the cloth: five panels, slit between, each a little rounded by its own weight. */
function Hem() {
  return (
    <svg class="hem" viewBox="0 0 500 40" preserveAspectRatio="none" aria-hidden="true">
      {PANELS.map((panel) => {
        const left = panel * 100
        return (
          <path
            key={panel}
            d={`M${left} 0H${left + 100}L${left + 97.6} 34Q${left + 50} 40 ${left + 2.4} 34Z`}
          />
        )
      })}
    </svg>
  )
}
