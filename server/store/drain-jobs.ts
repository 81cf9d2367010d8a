import type { Job } from '../ports.ts'

/**
 * Messages first: an order that is written down already should not wait for a thousand that are not.
 * Other systems last: nobody stands at the counter for them.
 */
export const JOB_KINDS = ['deliver', 'event', 'outbound'] as const satisfies Job['kind'][]

/**
 * Jobs of each kind run at once by one worker: enough to hide the vendors' latency. Each kind has its
 * own, so that a silent LINE does not hold up orders, nor a silent Stripe messages, nor another
 * system either of them.
 */
const AT_ONCE = { deliver: 64, event: 64, outbound: 16 } as const
/**
 * So many places must be free: claiming one by one would cost a commit for each job. Another system that
 * lets us wait for 15 s holds a few of its kind's places, and must leave the others theirs.
 */
const LEAST_FREE = { deliver: 32, event: 32, outbound: 2 } as const
/** One job that waits for a silent vendor must not hold up those that come in meanwhile. */
const LOOK_AGAIN_MS = 200
/** Most shops tell no other system, and a busy worker would ask for nothing thousands of times a minute. */
const SELDOM: Job['kind'] = 'outbound'

/**
 * Runs what is due, and what that creates, until nothing is due and nothing is in hand. Throws when
 * the queue cannot be reached, but not before what is in hand is done: it still needs its claims.
 */
export async function drainJobs<Claimed extends Pick<Job, 'kind'>>(
  queue: {
    claim(kind: Job['kind'], most: number): Promise<Claimed[]>
    run(job: Claimed): Promise<void>
  },
  stop?: AbortSignal,
): Promise<number> {
  const running = { deliver: 0, event: 0, outbound: 0 }
  let sawNone = Number.NEGATIVE_INFINITY
  let started = 0
  let finished = false
  let failed: { error: unknown } | null = null
  let wake: () => void = () => {}

  function start(job: Claimed): void {
    started++
    running[job.kind]++
    void queue.run(job).then(() => {
      running[job.kind]--
      finished = true
      wake()
    })
  }

  async function take(kind: Job['kind']): Promise<number> {
    const free = AT_ONCE[kind] - running[kind]
    if (free < LEAST_FREE[kind] || failed || stop?.aborted) return 0
    try {
      const jobs = await queue.claim(kind, free)
      for (const job of jobs) start(job)
      if (kind === SELDOM)
        sawNone = jobs.length === 0 ? performance.now() : Number.NEGATIVE_INFINITY
      return jobs.length
    } catch (error) {
      failed = { error }
      return 0
    }
  }

  /** Looked at a moment ago, and there will be another look: something is in hand. */
  const canWait = (kind: Job['kind'], took: number) =>
    kind === SELDOM && (took > 0 || inHand() > 0) && performance.now() - sawNone < LOOK_AGAIN_MS
  const inHand = () => running.deliver + running.event + running.outbound

  function oneDone(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_AGAIN_MS)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  for (;;) {
    let took = 0
    finished = false
    for (const kind of JOB_KINDS) if (!canWait(kind, took)) took += await take(kind)
    if (took > 0) continue
    if (inHand() === 0) break
    // One that ended while we looked has rung already: its place can be taken at once.
    if (!finished) await oneDone()
  }
  if (failed) throw (failed as { error: unknown }).error
  return started
}
