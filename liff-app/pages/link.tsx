import { useEffect, useState } from 'preact/hooks'
import type { LinkResponse } from '../../shared/api.ts'
import { api } from '../api.ts'
import { useInner } from '../app-context.ts'
import { linkTarget, linkToken, takeLinkToken } from '../by-link.ts'
import { cameFrom } from '../chat.ts'
import { PageHeading } from '../components/page-heading.tsx'
import { ProblemNotice } from '../components/problem-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { navigate } from '../navigation.ts'
import { Problem } from '../problem.ts'
import { enterByLink } from '../session.ts'
import { useAnswer } from '../use-answer.ts'

/** Where a one-time link leads: looking at it spends nothing, only the button does. */
export function LinkPage() {
  const { texts } = useInner()
  const [token, setToken] = useState(linkToken)
  useEffect(() => {
    // A newer link in the same tab changes only what is behind the #, and so loads no page.
    const onNewer = () => {
      takeLinkToken()
      setToken(linkToken())
    }
    window.addEventListener('hashchange', onNewer)
    return () => window.removeEventListener('hashchange', onNewer)
  }, [])
  const { answer, retry } = useAnswer(async () => {
    if (!token) throw new Problem('linkMissing')
    const link = await api.lookAtLink(token)
    // Before its words are shown: they name the chat from which it came.
    cameFrom(link.channel)
    return { token, link }
  }, token ?? '')
  return (
    <>
      <PageHeading text={texts.link.heading} />
      {answer.state === 'waiting' && <Waiting />}
      {answer.state === 'failed' && <ProblemNotice error={answer.error} retry={retry} />}
      {answer.state === 'ready' && <Welcome {...answer.value} />}
    </>
  )
}

/** Whose link it is, to be seen before anything is done with it. */
export function Welcome({ token, link }: { token: string; link: LinkResponse }) {
  const words = useInner().texts.link
  const [going, setGoing] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const spend = () => {
    if (going) return
    setGoing(true)
    api.spendLink(token).then(
      ({ person }) => {
        enterByLink(person)
        navigate(linkTarget())
      },
      (refused) => {
        setGoing(false)
        setError(refused)
      },
    )
  }
  if (error !== null) return <ProblemNotice error={error} retry={() => setError(null)} />
  return (
    <section class="card doorstep">
      <Key />
      <h2 dir="auto">{link.name ? words.whose(link.name) : words.whoseUnnamed}</h2>
      <p>{words.text}</p>
      <button type="button" class="button primary wide" aria-disabled={going} onClick={spend}>
        {going && <span class="spinner" aria-hidden="true" />}
        <span aria-live="polite" dir="auto">
          {going ? words.going : link.name ? words.go(link.name) : words.goUnnamed}
        </span>
      </button>
    </section>
  )
}

function Key() {
  return (
    <svg class="seal" viewBox="0 0 64 64" aria-hidden="true">
      <circle cx="32" cy="32" r="29" />
      <circle cx="26" cy="27" r="8" />
      <path d="M32 33l14 14M40 41l4-4" />
    </svg>
  )
}
