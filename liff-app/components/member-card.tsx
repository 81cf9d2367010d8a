import type { RoleView } from '../../shared/api.ts'
import { formatJapanDay } from '../../shared/japan-time.ts'
import { localized } from '../../shared/language.ts'
import { useInner } from '../app-context.ts'
import { Words } from './words.tsx'

type Props = { role: RoleView; name: string | null; since: string | null }

/** The card to be shown at a counter: the shop's cloth, whose card it is, and since when. */
export function MemberCard({ role, name, since }: Props) {
  const { boot, texts, language } = useInner()
  const shop = localized(boot.shop.name, language)
  return (
    <section class="member-card" aria-label={texts.membership.card}>
      <Curtain />
      <p class="member-shop">
        {boot.shop.logo && <img src={boot.shop.logo} alt="" width="28" height="28" />}
        {shop}
      </p>
      <h2>
        <Words text={role.title} />
      </h2>
      <div class="member-foot">
        {name && (
          <p class="member-name" dir="auto">
            {texts.membership.name(name)}
          </p>
        )}
        {since && (
          <p>
            <time dateTime={since}>
              {texts.membership.since(formatJapanDay(new Date(since), language))}
            </time>
          </p>
        )}
      </div>
    </section>
  )
}

const PANELS = [0, 1, 2]

/** A noren in the corner, and the waves (青海波) that such cloths are dyed with. */
function Curtain() {
  return (
    <svg
      class="member-cloth"
      viewBox="0 0 340 214"
      preserveAspectRatio="xMaxYMid slice"
      aria-hidden="true"
    >
      <pattern id="waves" width="40" height="20" patternUnits="userSpaceOnUse">
        <g class="waves">
          {[19, 13, 7].map((r) => (
            <g key={r}>
              <circle cx="20" cy="20" r={r} />
              <circle cx="0" cy="30" r={r} />
              <circle cx="40" cy="30" r={r} />
            </g>
          ))}
        </g>
      </pattern>
      <radialGradient id="ebb" cx="1" cy="1.1" r="0.72">
        <stop offset="0.35" class="wet" />
        <stop offset="1" class="dry" />
      </radialGradient>
      <mask id="shore">
        <rect width="340" height="214" fill="url(#ebb)" />
      </mask>
      <path mask="url(#shore)" class="sea" d="M0 0H340V214H0Z" fill="url(#waves)" />
      <g class="door">
        <path d="M246 26H324" class="pole" />
        {PANELS.map((panel) => (
          <path key={panel} d={`M${251 + panel * 23} 27h22l-.6 40q-10.4 3-20.8 0z`} />
        ))}
      </g>
    </svg>
  )
}
