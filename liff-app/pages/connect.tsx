import { useState } from 'preact/hooks'
import type { ConnectView, Person } from '../../shared/api.ts'
import { ApiError, api } from '../api.ts'
import { useInner } from '../app-context.ts'
import { Go } from '../components/go.tsx'
import { Knot } from '../components/knot.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { ProblemNotice } from '../components/problem-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { Problem, type ProblemName } from '../problem.ts'
import { asBuyer, whoIsBuying } from '../session.ts'
import { useAnswer } from '../use-answer.ts'
import { useHeldToken } from '../use-held-token.ts'
import { useTying } from '../use-tying.ts'

/** The troubles of a mailed link have another way out than those of one from the chat. */
const OF_A_MAIL: Readonly<Record<string, ProblemName>> = {
  link_unknown: 'mailUnknown',
  link_expired: 'mailExpired',
  link_spent: 'mailSpent',
}

function inMail(error: unknown): never {
  const problem = error instanceof ApiError ? OF_A_MAIL[error.code] : undefined
  throw problem ? new Problem(problem) : error
}

/** Where the link of a mail leads: who paid before we knew them becomes one with who is here in LINE. */
export function ConnectPage() {
  const { texts } = useInner()
  const token = useHeldToken('connect')
  const { answer, retry } = useAnswer(async () => {
    if (!token) throw new Problem('mailMissing')
    const view = await asBuyer(() => api.lookAtMail(token)).catch(inMail)
    return { token, view, person: await whoIsBuying() }
  }, token ?? '')
  const problem = answer.state === 'failed' && answer.error instanceof Problem ? answer.error : null
  return (
    <>
      <PageHeading text={texts.connect.heading} />
      {answer.state === 'waiting' && <Waiting />}
      {problem?.problem === 'mailExpired' && token ? (
        <Expired token={token} />
      ) : (
        answer.state === 'failed' && <ProblemNotice error={answer.error} retry={retry} />
      )}
      {answer.state === 'ready' && <Offered {...answer.value} />}
    </>
  )
}

type OfferedProps = { token: string; view: ConnectView; person: Person }

/** What would be theirs, to be seen before it is. */
export function Offered({ token, view, person }: OfferedProps) {
  const words = useInner().texts.connect
  const { state, error, press, forget } = useTying('connect', view.connected, () =>
    api.connect(token).catch(inMail),
  )
  if (error !== null) return <ProblemNotice error={error} retry={forget} />
  if (state === 'done') return <Connected />
  const going = state === 'going'
  return (
    <section class="card doorstep">
      <Knot />
      <h2 dir="auto">{person.name ? words.title(person.name) : words.titleUnnamed}</h2>
      <p>{words.text}</p>
      <Content view={view} />
      <button type="button" class="button primary wide" aria-disabled={going} onClick={press}>
        {going && <span class="spinner" aria-hidden="true" />}
        <span aria-live="polite">{going ? words.going : words.go}</span>
      </button>
    </section>
  )
}

function Content({ view }: { view: ConnectView }) {
  const words = useInner().texts.connect
  const rows: [label: string, values: string[]][] = [
    [words.mail, [view.mail]],
    [words.buyer, view.name ? [view.name] : []],
    [words.plans, view.plans],
    [words.orders, view.orders],
  ]
  return (
    <dl class="terms offered">
      {rows
        .filter(([, values]) => values.length > 0)
        .map(([label, values]) => (
          <div key={label}>
            <dt>{label}</dt>
            {values.map((value) => (
              <dd key={value} dir="auto">
                {value}
              </dd>
            ))}
          </div>
        ))}
    </dl>
  )
}

export function Connected() {
  const { connect, join, shell } = useInner().texts
  return (
    <section class="card doorstep" role="status">
      <Knot />
      <h2>{connect.doneTitle}</h2>
      <p>{connect.doneText}</p>
      <div class="actions">
        <Go to="/membership" class="button primary">
          {join.toMembership}
        </Go>
        <Go to="/orders" class="button">
          {shell.orders}
        </Go>
      </div>
    </section>
  )
}

/** A new mail goes to where the old one went, and nowhere else: who holds the old one may ask for it. */
export function Expired({ token }: { token: string }) {
  const { connect: words, memberProblems } = useInner().texts
  const [sending, setSending] = useState(false)
  const [sent, setSent] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  const send = () => {
    if (sending) return
    setSending(true)
    asBuyer(() => api.renewMail(token))
      .catch(inMail)
      .then(({ mail }) => setSent(mail), setError)
      .finally(() => setSending(false))
  }
  if (error !== null) return <ProblemNotice error={error} retry={() => setError(null)} />
  const { title, text } = memberProblems.mailExpired
  return (
    <section class="notice trouble" role="alert">
      <h2>{sent ? words.renewedTitle : title}</h2>
      <p>{sent ? words.renewed(sent) : text}</p>
      {!sent && (
        <div class="actions">
          <button type="button" class="button primary" aria-disabled={sending} onClick={send}>
            {sending && <span class="spinner" aria-hidden="true" />}
            <span aria-live="polite">{sending ? words.renewing : words.renew}</span>
          </button>
        </div>
      )}
      <p class="aside">{words.ask}</p>
    </section>
  )
}
