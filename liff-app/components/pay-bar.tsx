import { useEffect, useState } from 'preact/hooks'
import type { Offer } from '../../shared/api.ts'
import { api } from '../api.ts'
import { useInner } from '../app-context.ts'
import { cameByLink } from '../by-link.ts'
import { useChat } from '../chat.ts'
import { problemOf } from '../problem.ts'
import { asBuyer } from '../session.ts'
import { rememberedSource } from '../source.ts'
import { type Answer, useAnswer } from '../use-answer.ts'
import { useLine } from '../use-line.ts'
import { Outward } from './outward.tsx'
import { ProblemNotice } from './problem-notice.tsx'

/**
 * The way to Stripe's page. Its address is fetched before the tap: iOS opens another browser only in
 * direct answer to one, not after a wait.
 */
export function PayBar({ offer, renew }: { offer: Offer; renew: () => void }) {
  const { answer, retry } = useAnswer(
    () => asBuyer(() => api.checkout(offer, rememberedSource())).then(({ url }) => url),
    `${offer.id} ${offer.terms}`,
  )
  const outdated = answer.state === 'failed' && problemOf(answer.error) === 'termsChanged'
  useEffect(() => {
    if (outdated) renew()
  }, [outdated])
  const url = answer.state === 'ready' ? answer.value : null
  return (
    <>
      {answer.state !== 'failed' && <OpenInBrowser url={url} />}
      {/* The trouble stands where the button would: below the terms, out of sight, nobody would find it. */}
      <div class="pay-bar">
        {answer.state === 'failed' ? (
          <ProblemNotice error={answer.error} retry={retry} />
        ) : (
          <PayButton answer={answer} />
        )}
      </div>
    </>
  )
}

/** A tap that comes before the address does is kept, and honoured as soon as it is there. */
function PayButton({ answer }: { answer: Answer<string> }) {
  const { checkout } = useInner().texts
  const [tapped, setTapped] = useState(false)
  const url = answer.state === 'ready' ? answer.value : null
  useEffect(() => {
    if (tapped && url) location.assign(url)
  }, [tapped, url])
  useEffect(() => {
    // Coming back from Stripe may show this very page again, still "leaving".
    const wake = () => setTapped(false)
    window.addEventListener('pageshow', wake)
    return () => window.removeEventListener('pageshow', wake)
  }, [])
  const leaving = url ? checkout.leaving : checkout.preparing
  return (
    <button
      type="button"
      class="button primary wide"
      aria-disabled={tapped}
      onClick={() => setTapped(true)}
    >
      {tapped && <span class="spinner" aria-hidden="true" />}
      <span aria-live="polite">{tapped ? leaving : checkout.pay}</span>
    </button>
  )
}

/** Wallets often need the phone's own browser. Outside LINE a plain link to a new tab does. */
function OpenInBrowser({ url }: { url: string | null }) {
  const { checkout } = useInner().texts
  const line = useLine()
  // Who comes from Discord is in a browser of their own already.
  if (useChat() !== 'line') return null
  const label = (
    <>
      {checkout.openBrowser}
      <Outward />
    </>
  )
  return (
    <section class="elsewhere">
      <p>{checkout.openBrowserNote}</p>
      {url && (cameByLink() || (line && !line.inClient)) ? (
        <a class="button" href={url} target="_blank" rel="noreferrer">
          {label}
        </a>
      ) : (
        <button
          type="button"
          class="button"
          disabled={!url}
          onClick={() => url && line?.openOutside(url)}
        >
          {label}
        </button>
      )}
    </section>
  )
}
