import { useApp } from '../app-context.ts'
import { type ProblemName, problemOf } from '../problem.ts'
import { logInByHand } from '../session.ts'
import { whenLineReady } from '../start-line.ts'
import { Go } from './go.tsx'
import { LinkWays } from './link-ways.tsx'

/** LINE's own page about logins that do not come through. */
const LINE_HELP = 'https://help.line.me/line/ios/sp?lang=ja&contentId=20020693'

/** Says what happened and what to do, and offers it as a button. */
export function ProblemNotice({ error, retry }: { error: unknown; retry: () => void }) {
  const { texts, inner } = useApp()
  const problem = problemOf(error)
  const known = { ...inner?.memberProblems, ...texts.problems }
  // Without their words the troubles of membership cannot have come about.
  const { title, text } = known[problem] ?? texts.problems.unexpected
  return (
    <section class="notice trouble" role="alert">
      <h2>{title}</h2>
      <p>{text}</p>
      <div class="actions">
        <WayOut problem={problem} retry={retry} />
      </div>
    </section>
  )
}

function WayOut({ problem, retry }: { problem: ProblemName; retry: () => void }) {
  const { shell, login } = useApp().texts
  const shop = (
    <Go to="/" class="button">
      {shell.backToShop}
    </Go>
  )
  const orders = (
    <Go to="/orders" class="button">
      {shell.orders}
    </Go>
  )
  const membership = (
    <Go to="/membership" class="button primary">
      {shell.membership}
    </Go>
  )
  switch (problem) {
    case 'loginRefused':
    case 'loginFailed':
      return <LoginAgain label={problem === 'loginRefused' ? login.login : login.retry} />
    case 'reopen':
      return <Action label={login.close} act={closeWindow} />
    case 'alreadyClaimed':
    case 'orderNotFound':
      return orders
    case 'unknownSession':
      return (
        <>
          <Action label={shell.retry} act={retry} />
          {orders}
        </>
      )
    case 'alreadySubscribed':
      return membership
    case 'linkMissing':
    case 'linkUnknown':
    case 'linkExpired':
    case 'linkSpent':
    case 'linkOver':
    case 'wrongAccount':
      return <LinkWays />
    case 'tableUnknown':
      return <ToJoin />
    case 'tableMissing':
      return (
        <>
          <Action label={shell.retry} act={retry} />
          <ToJoin />
        </>
      )
    case 'joinMissing':
    case 'joinUnknown':
    case 'joinExpired':
    case 'joinSpent':
    case 'otherLine':
    case 'notLinked':
      return membership
    // Whoever opened a mail has the shop's chat to ask in, and no word in it that brings another link.
    case 'mailMissing':
    case 'mailUnknown':
    case 'mailSpent':
    case 'alreadyConnected':
    case 'linkOtherKind':
    case 'noCustomer':
    case 'offerUnavailable':
      return shop
    case 'lineUnreachable':
      // The SDK starts once a page load, so trying again means loading the page again.
      return (
        <>
          <Action label={shell.retry} act={() => location.reload()} />
          {shop}
        </>
      )
    default:
      return (
        <>
          <Action label={shell.retry} act={retry} />
          {shop}
        </>
      )
  }
}

/** The same plans, without Stripe's table. */
function ToJoin() {
  const { inner, texts } = useApp()
  return (
    <Go to="/join" class="button">
      {inner?.membership.join ?? texts.shell.membership}
    </Go>
  )
}

function LoginAgain({ label }: { label: string }) {
  const { login } = useApp().texts
  return (
    <>
      <Action label={label} act={() => void logInByHand()} />
      <a class="button" href={LINE_HELP} target="_blank" rel="noreferrer">
        {login.help}
      </a>
    </>
  )
}

function Action({ label, act }: { label: string; act: () => void }) {
  return (
    <button type="button" class="button primary" onClick={act}>
      {label}
    </button>
  )
}

/** Without the SDK the plain call is all there is; browsers that refuse it leave the buyer where they are. */
function closeWindow(): void {
  whenLineReady().then(
    (line) => line.close(),
    () => window.close(),
  )
}
