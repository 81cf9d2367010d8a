import { type ChildProcess, fork } from 'node:child_process'

export type Child = {
  url: string
  /** What the child told when it was ready */
  told: Record<string, unknown>
  /** User + system CPU since its start, in ms, all threads */
  cpu(): Promise<number>
  ask<T>(question: string): Promise<T>
  stop(): Promise<void>
}

/** Starts one of the programs of this folder in a process of its own, and waits until it is ready. */
export function startChild(
  program: string,
  env: Record<string, string> = {},
  threads: string[] = [],
): Promise<Child> {
  const process_ = fork(new URL(program, import.meta.url), threads, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    process_.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)))
    process_.once('message', (told: Record<string, unknown>) => resolve(childOf(process_, told)))
  })
}

function childOf(child: ChildProcess, told: Record<string, unknown>): Child {
  const ask = <T>(question: string) =>
    new Promise<T>((resolve) => {
      child.once('message', (answer) => resolve(answer as T))
      child.send(question)
    })
  return {
    url: String(told['url']),
    told,
    ask,
    cpu: () => ask<number>('cpu'),
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit')
        child.once('exit', () => resolve())
        child.send('stop')
      }),
  }
}

/** The other end, inside the child: tells that it is ready and answers what is asked. */
export function serveParent(
  told: Record<string, unknown>,
  answers: Record<string, () => unknown> = {},
  stop: () => Promise<unknown>,
): void {
  process.on('message', async (question: string) => {
    if (question === 'stop') {
      await stop()
      process.exit(0)
    }
    if (question === 'cpu') {
      const { user, system } = process.cpuUsage()
      process.send?.((user + system) / 1_000)
      return
    }
    process.send?.((await answers[question]?.()) ?? null)
  })
  process.send?.(told)
}
