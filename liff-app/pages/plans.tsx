import { useEffect } from 'preact/hooks'
import type { ShopView } from '../../shared/api.ts'
import { localized } from '../../shared/language.ts'
import { useInner } from '../app-context.ts'
import { AlreadyMember } from '../components/already-member.tsx'
import { Go } from '../components/go.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { PricingTable } from '../components/pricing-table.tsx'
import { ProblemNotice } from '../components/problem-notice.tsx'
import { TermList } from '../components/terms.tsx'
import { Waiting } from '../components/waiting.tsx'
import { subscribes } from '../membership-words.ts'
import { isLoadAhead } from '../navigation.ts'
import { Problem, problemOf } from '../problem.ts'
import { tableTerms } from '../purchase-terms.ts'
import { remember } from '../remember.ts'
import type { Route } from '../route.ts'
import { useMembership } from '../use-membership.ts'
import { usePricingTable } from '../use-pricing-table.ts'

type TableView = ShopView['tables'][number]

/** Stripe's own table of plans. Where there is only one, it needs no name in the address. */
export function Plans({ route }: { route: Route }) {
  const { boot, texts, language } = useInner()
  const { tables } = boot.shop
  const [only, second] = tables
  const named = tables.find(({ id }) => id === route.id)
  const table = named ?? (route.id || second ? null : only)
  const title = table?.title ? localized(table.title, language) : texts.plans.heading
  return (
    <>
      <PageHeading text={title} />
      {table ? (
        <Counter key={table.id} id={table.id} />
      ) : second && !route.id ? (
        <Choice tables={tables} />
      ) : (
        <ProblemNotice error={new Problem('tableUnknown')} retry={() => location.reload()} />
      )}
    </>
  )
}

function Choice({ tables }: { tables: readonly TableView[] }) {
  const { texts, language } = useInner()
  return (
    <>
      <p class="lead">{texts.plans.pick}</p>
      <ul class="plans">
        {tables.map(({ id, title }) => (
          <li key={id}>
            <Go to={`/plans/${encodeURIComponent(id)}`} class="button wide">
              {title ? localized(title, language) : id}
            </Go>
          </li>
        ))}
      </ul>
    </>
  )
}

/** Stripe opens the page to pay by itself here, so whoever subscribes already must not even see the table. */
function Counter({ id }: { id: string }) {
  const { texts } = useInner()
  const { answer: membership } = useMembership()
  const { answer, retry } = usePricingTable(id)
  useEffect(() => {
    // Not to a page of ours: then to Stripe's, and there may be news on the way back.
    const leave = () => {
      if (!isLoadAhead()) remember('sessionStorage', 'leftAt', String(Date.now()))
    }
    window.addEventListener('pagehide', leave)
    return () => window.removeEventListener('pagehide', leave)
  }, [])
  const refused = answer.state === 'failed' && problemOf(answer.error) === 'alreadySubscribed'
  if (refused || (membership.state === 'ready' && subscribes(membership.value)))
    return <AlreadyMember />
  if (answer.state === 'failed') return <ProblemNotice error={answer.error} retry={retry} />
  // Until it is known that nothing is subscribed to; where that cannot be known, the server has looked.
  if (answer.state === 'waiting' || membership.state === 'waiting')
    return <Waiting text={texts.plans.loading} />
  return (
    <>
      <p class="lead">
        {texts.plans.lead} <a href="#terms">{texts.plans.terms}</a>
      </p>
      <PricingTable made={answer.value} />
      <TableTerms />
    </>
  )
}

function TableTerms() {
  const { boot, texts, language } = useInner()
  return <TermList terms={tableTerms(boot.shop, { texts, language })} />
}
