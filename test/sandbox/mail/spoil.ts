import { setTimeout } from 'node:timers/promises'
import type { Fault } from '../types.ts'

const never = () => new Promise<never>(() => {})

/** A refusal in a mail server's words: the enhanced code first, as RFC 3463 has it. */
export function refusal(status: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode: status })
}

/** Does what was asked, unless a fault waits for it. Rejects with the refusal that the client is to hear. */
export async function spoil(
  faults: readonly Fault[],
  title: string,
  hangUp: () => void,
  work: () => void = () => {},
): Promise<void> {
  const fault = faults.find(
    (one) => one.times > 0 && title.search(one.on) >= 0 && (one.when?.() ?? true),
  )
  if (!fault) return work()
  fault.times--
  if (fault.delayMs) await setTimeout(fault.delayMs)
  if (fault.drop === 'before') hangUp()
  if (fault.drop === 'before' || fault.hang === true) return never()
  if (fault.status !== undefined)
    throw refusal(fault.status, String(fault.body ?? '4.3.0 Out of order'))
  work()
  if (fault.drop === 'after') hangUp()
  if (fault.drop === 'after' || fault.hang === 'after') return never()
}
