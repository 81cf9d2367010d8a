import type { Line } from './line.ts'
import { Problem } from './problem.ts'

/** Some Android phones never settle the SDK's start; after this the page goes on without LINE. */
const PATIENCE_MS = 12_000

let begin: (line: Promise<Line>) => void
const started = new Promise<Line>((resolve) => {
  begin = resolve
})
// Nobody may be asking yet when it fails; without this the browser reports an unhandled rejection.
started.catch(() => {})

/** Loads the SDK and starts it, after the first paint and exactly once. */
export function startLine(liffId: string): Promise<Line> {
  const line = import('./line.ts').then(
    ({ initLine }) => initLine(liffId),
    () => Promise.reject(new Problem('lineUnreachable')),
  )
  begin(Promise.race([line, outOfPatience()]))
  return started
}

/** For a tab that a one-time link has opened: it has its cookie, and must never be sent to LINE's login. */
export function goWithoutLine(): void {
  begin(Promise.reject(new Problem('linkOver')))
}

/** LINE, as soon as it is there. Throws a Problem when it does not come up. */
export function whenLineReady(): Promise<Line> {
  return started
}

function outOfPatience(): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Problem('lineUnreachable')), PATIENCE_MS)
  })
}
