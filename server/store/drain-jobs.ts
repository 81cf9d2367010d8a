import type { Job } from '../ports.ts'

/** Messages first: an order that is written down already should not wait for a thousand that are not. */
export const JOB_KINDS = ['deliver', 'event'] as const satisfies Job['kind'][]

/**
 * Jobs of each kind run at once by one worker: enough to hide the vendors' latency. Each kind has its
 * own, so that a silent LINE does not hold up orders, nor a silent Stripe messages.
 */
const AT_ONCE = 64
/** One job that waits for a silent vendor must not hold up those that come in meanwhile. */
const LOOK_AGAIN_MS = 200

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
  const running = { deliver: 0, event: 0 }
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

  /** Half of the places must be free: claiming one by one would cost a commit for each job. */
  async function take(kind: Job['kind']): Promise<number> {
    const free = AT_ONCE - running[kind]
    if (free < AT_ONCE / 2 || failed || stop?.aborted) return 0
    try {
      const jobs = await queue.claim(kind, free)
      for (const job of jobs) start(job)
      return jobs.length
    } catch (error) {
      failed = { error }
      return 0
    }
  }

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
    for (const kind of JOB_KINDS) took += await take(kind)
    if (took > 0) continue
    if (running.deliver + running.event === 0) break
    // One that ended while we looked has rung already: its place can be taken at once.
    if (!finished) await oneDone()
  }
  if (failed) throw (failed as { error: unknown }).error
  return started
}
