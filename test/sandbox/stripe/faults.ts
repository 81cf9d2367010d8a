import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Fault } from '../types.ts'

export type Faults = {
  add(fault: Fault): void
  clear(): void
  /** Spoils this request if a fault waits for it: answered here, left without an answer, or let through. */
  meet(
    line: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<'answered' | 'silent' | 'through'>
  /** Call when the work would begin: fails here where a fault said `begun`. */
  failBegun(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined
  /** Call when the answer is ready: drops the connection where a fault said 'after'. True: dropped. */
  dropAfter(request: FastifyRequest, reply: FastifyReply): boolean
  /** Call when the answer is ready: never resolves where a fault said 'after'. */
  hangAfter(request: FastifyRequest): Promise<void>
}

/** Faults that are tried on purpose, each as often as it says. Requests are told apart by "METHOD /path". */
export function createFaults(signal: AbortSignal): Faults {
  let waiting: { fault: Fault; left: number; skip: number }[] = []
  const toDrop = new WeakSet<FastifyRequest>()
  const toFail = new WeakMap<FastifyRequest, Fault>()
  const toHang = new WeakSet<FastifyRequest>()

  function take(line: string): Fault | undefined {
    // `search` and not `test`: a global expression remembers where it stopped.
    const entry = waiting.find(
      ({ fault, left }) => left > 0 && line.search(fault.on) >= 0 && (fault.when?.() ?? true),
    )
    if (!entry) return undefined
    if (entry.skip-- > 0) return undefined
    entry.left -= 1
    return entry.fault
  }

  return {
    add: (fault) => void waiting.push({ fault, left: fault.times, skip: fault.skip ?? 0 }),
    clear: () => {
      waiting = []
    },
    async meet(line, request, reply) {
      const fault = take(line)
      if (!fault) return 'through'
      if (fault.delayMs) await wait(fault.delayMs, undefined, { signal }).catch(() => {})
      if (fault.hang === true) {
        reply.hijack()
        return 'silent'
      }
      if (fault.drop === 'before') {
        cutOff(reply)
        return 'silent'
      }
      if (fault.drop === 'after') toDrop.add(request)
      if (fault.hang === 'after') toHang.add(request)
      if (fault.begun) toFail.set(request, fault)
      if (fault.begun || fault.status === undefined) return 'through'
      fail(reply, fault)
      return 'answered'
    },
    failBegun(request, reply) {
      const fault = toFail.get(request)
      return fault && fail(reply, fault)
    },
    dropAfter(request, reply) {
      if (!toDrop.has(request)) return false
      cutOff(reply)
      return true
    },
    hangAfter: (request) => (toHang.has(request) ? new Promise(() => {}) : Promise.resolve()),
  }
}

function fail(reply: FastifyReply, { status = 500, headers = {}, body }: Fault): FastifyReply {
  const made = { error: { type: 'api_error', message: 'made to fail' } }
  return reply
    .code(status)
    .headers(headers)
    .send(body ?? made)
}

/** The other side sees its connection reset. */
function cutOff(reply: FastifyReply): void {
  reply.hijack()
  reply.raw.destroy()
}
