import { useEffect, useState } from 'preact/hooks'
import type { Offer } from '../../shared/api.ts'
import { api } from '../api.ts'
import { useInner } from '../app-context.ts'
import { subscribes } from '../membership-words.ts'
import { navigate } from '../navigation.ts'
import { problemOf } from '../problem.ts'
import { asBuyer } from '../session.ts'
import { rememberedSource } from '../source.ts'
import { useLeaving } from '../use-leaving.ts'
import { useLine } from '../use-line.ts'
import type { useMembership } from '../use-membership.ts'
import { AlreadyMember } from './already-member.tsx'
import { Outward } from './outward.tsx'
import { ProblemNotice } from './problem-notice.tsx'

type Props = {
  offer: Offer
  /** Of whoever is about to join, as the page shows it */
  membership: ReturnType<typeof useMembership>
  renew: () => void
}

/**
 * The way into a membership, or whatever else is paid again and again. Unlike a Payment Link's, its address is made for this one person, and an
 * unused one would turn up among their orders: it is fetched on the tap, never before.
 */
export function JoinBar({ offer, membership: { answer, retry }, renew }: Props) {
  const { going, error, leave, forget } = useLeaving()
  const line = useLine()
  const problem = error === null ? null : problemOf(error)
  useEffect(() => {
    if (problem === 'alreadySubscribed') navigate('/membership?already=1')
    if (problem === 'termsChanged') {
      renew()
      forget()
    }
  }, [problem])
  const ask = async () => (await asBuyer(() => api.checkout(offer, rememberedSource()))).url

  // A plan that is paid once stands beside a subscription without paying twice for the same.
  if (offer.role && offer.interval && answer.state === 'ready' && subscribes(answer.value)) {
    return (
      <div class="pay-bar">
        <AlreadyMember />
      </div>
    )
  }
  const failed = answer.state === 'failed' ? answer.error : error
  return (
    <>
      {line?.inClient && !failed && (
        <OpenOutside
          key={offer.trialDays}
          openOutside={(url) => line.openOutside(url)}
          fetch={(then) => leave('browser', ask, then)}
          going={going === 'browser'}
        />
      )}
      <div class="pay-bar">
        {failed && problem !== 'termsChanged' ? (
          <ProblemNotice error={failed} retry={error === null ? retry : forget} />
        ) : (
          <JoinButton going={going === 'pay'} onTap={() => leave('pay', ask)} />
        )}
      </div>
    </>
  )
}

function JoinButton({ going, onTap }: { going: boolean; onTap: () => void }) {
  const { checkout, join } = useInner().texts
  return (
    <button type="button" class="button primary wide" aria-disabled={going} onClick={onTap}>
      {going && <span class="spinner" aria-hidden="true" />}
      <span aria-live="polite">{going ? checkout.leaving : join.pay}</span>
    </button>
  )
}

type OpenOutsideProps = {
  openOutside(url: string): void
  fetch(then: (url: string) => void): void
  going: boolean
}

/**
 * iOS opens another browser only in direct answer to a tap. Where it has refused after the wait for the
 * address, the second tap has it at hand.
 */
function OpenOutside({ openOutside, fetch, going }: OpenOutsideProps) {
  const { checkout } = useInner().texts
  const [url, setUrl] = useState<string | null>(null)
  const open = () => {
    if (url) openOutside(url)
    else
      fetch((fetched) => {
        setUrl(fetched)
        openOutside(fetched)
      })
  }
  return (
    <section class="elsewhere">
      <p>{checkout.openBrowserNote}</p>
      <button type="button" class="button" onClick={open}>
        {going && !url ? checkout.preparing : checkout.openBrowser}
        <Outward />
      </button>
    </section>
  )
}
