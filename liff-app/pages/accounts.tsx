import type { JoinView } from '../../shared/api.ts'
import { ApiError, api } from '../api.ts'
import { useInner } from '../app-context.ts'
import { Go } from '../components/go.tsx'
import { Knot } from '../components/knot.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { ProblemNotice } from '../components/problem-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { Problem, type ProblemName } from '../problem.ts'
import { asBuyer } from '../session.ts'
import { useAnswer } from '../use-answer.ts'
import { useHeldToken } from '../use-held-token.ts'
import { useTying } from '../use-tying.ts'

/** The troubles of a link from another chat: a new one comes from there. */
const OF_A_JOIN: Readonly<Record<string, ProblemName>> = {
  link_unknown: 'joinUnknown',
  link_expired: 'joinExpired',
  link_spent: 'joinSpent',
}

function joinProblem(error: unknown): unknown {
  const problem = error instanceof ApiError ? OF_A_JOIN[error.code] : undefined
  return problem ? new Problem(problem) : error
}

/** Where a link from Discord leads: its account becomes one with who is here in LINE. */
export function AccountsPage() {
  const { texts } = useInner()
  const token = useHeldToken('accounts')
  const { answer, retry } = useAnswer(async () => {
    if (!token) throw new Problem('joinMissing')
    return { token, view: await asBuyer(() => api.lookAtJoin(token)) }
  }, token ?? '')
  return (
    <>
      <PageHeading text={texts.accounts.heading} />
      {answer.state === 'waiting' && <Waiting />}
      {answer.state === 'failed' && (
        <ProblemNotice error={joinProblem(answer.error)} retry={retry} />
      )}
      {answer.state === 'ready' && <Joining {...answer.value} />}
    </>
  )
}

/** Whose account it is and what would become of it, to be seen before it does. */
export function Joining({ token, view }: { token: string; view: JoinView }) {
  const words = useInner().texts.accounts
  const { state, error, press, forget } = useTying('accounts', view.joined, () =>
    api.joinAccounts(token),
  )
  if (error !== null) return <ProblemNotice error={joinProblem(error)} retry={forget} />
  if (state === 'done') return <Joined />
  const going = state === 'going'
  return (
    <section class="card doorstep">
      <Knot />
      <h2 dir="auto">{view.name ? words.title(view.name) : words.titleUnnamed}</h2>
      <ul class="follows">
        <li class="follow">{words.both}</li>
        <li class="follow">{words.role}</li>
        {view.replaces && <li class="follow">{words.replaces(view.replaces)}</li>}
      </ul>
      <p class="aside">{words.warning}</p>
      <button type="button" class="button primary wide" aria-disabled={going} onClick={press}>
        {going && <span class="spinner" aria-hidden="true" />}
        <span aria-live="polite">{going ? words.going : words.go}</span>
      </button>
    </section>
  )
}

function Joined() {
  const { boot, texts } = useInner()
  const { accounts, join } = texts
  const invite = boot.shop.discord?.invite
  return (
    <section class="card doorstep" role="status">
      <Knot />
      <h2>{accounts.doneTitle}</h2>
      <p>{accounts.doneText}</p>
      <div class="actions">
        <Go to="/membership" class="button primary">
          {join.toMembership}
        </Go>
        {invite && (
          <a class="button" href={invite} target="_blank" rel="noreferrer">
            {accounts.invite}
          </a>
        )}
      </div>
    </section>
  )
}
