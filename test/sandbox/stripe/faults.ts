import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Fault } from '../types.ts'

export type Faults = {
  add(fault: Fault): void
  clear(): void
  /** Spoils this request if a fault waits for it. True: it was answered (or left hanging) here. */
  meet(line: string, request: FastifyRequest, reply: FastifyReply): Promise<boolean>
  /** Call when the answer is ready: drops the connection where a fault said 'after'. True: dropped. */
  dropAfter(request: FastifyRequest, reply: FastifyReply): boolean
}

/** Faults that are tried on purpose, each as often as it says. Requests are told apart by "METHOD /path". */
export function createFaults(signal: AbortSignal): Faults {
  let waiting: { fault: Fault; left: number }[] = []
  const toDrop = new WeakSet<FastifyRequest>()

  function take(line: string): Fault | undefined {
    const entry = waiting.find(({ fault, left }) => left > 0 && fault.on.test(line))
    if (!entry) return undefined
    entry.left -= 1
    return entry.fault
  }

  return {
    add: (fault) => void waiting.push({ fault, left: fault.times }),
    clear: () => {
      waiting = []
    },
    async meet(line, request, reply) {
      const fault = take(line)
      if (!fault) return false
      if (fault.delayMs) await wait(fault.delayMs, undefined, { signal }).catch(() => {})
      if (fault.hang) {
        reply.hijack()
        return true
      }
      if (fault.drop === 'before') return cutOff(reply)
      if (fault.drop === 'after') toDrop.add(request)
      if (fault.status === undefined) return false
      reply
        .code(fault.status)
        .headers(fault.headers ?? {})
        .send(fault.body ?? { error: { type: 'api_error', message: 'made to fail' } })
      return true
    },
    dropAfter: (request, reply) => toDrop.has(request) && cutOff(reply),
  }
}

/** The other side sees its connection reset. */
function cutOff(reply: FastifyReply): true {
  reply.hijack()
  reply.raw.destroy()
  return true
}
