import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AcceptedPush, Fault } from '../types.ts'
import { type LineState, remember } from './line-state.ts'
import { type ChangedMenu, reportAnswer } from './report-happenings.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** LINE's x-line-request-id for this request. */
    lineRequestId: string
    /** What this request put into somebody's chat. */
    push: AcceptedPush | null
    /** Whose phones show another menu because of it. */
    changedMenus: ChangedMenu[]
    fault: Fault | null
  }
}

/** The status under which a request without an answer is told. */
const NO_ANSWER = 0

/** "POST /v2/bot/message/push": no query, since that may hold tokens. */
export function titleOf(method: string, url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? ''
  return `${method} ${path.replace(/^.*\/__line\/[^/]+/, '')}`
}

/** Writes down that a request came, and takes the fault that waits for it, if any. */
export function noteRequest(line: LineState, title: string): Fault | null {
  remember(line.requests, title, line)
  // `search` and not `test`: a global expression remembers where it stopped
  const fault = line.faults.find(
    (one) => one.times > 0 && title.search(one.on) >= 0 && (one.when?.() ?? true),
  )
  if (!fault) return null
  fault.times--
  return fault
}

/** Holds an answer back for as long as LINE is slow just now. */
export async function delay(line: LineState, fault: Fault | null): Promise<void> {
  const ms = line.latencyMs + (fault?.delayMs ?? 0)
  if (ms > 0) await setTimeout(ms, undefined, { signal: line.closing.signal })
}

/** Lets every answer of this server pass the faults, and reports it when it is out. */
export function spoilAnswers(app: FastifyInstance, line: LineState): void {
  app.decorateRequest('lineRequestId', '')
  app.decorateRequest('push', null)
  app.decorateRequest('changedMenus')
  app.decorateRequest('fault', null)
  app.addHook('onRequest', (request, reply, done) => {
    request.lineRequestId = randomUUID()
    request.changedMenus = []
    reply.header('x-line-request-id', request.lineRequestId)
    request.fault = noteRequest(line, titleOf(request.method, request.url))
    if (!request.fault && line.latencyMs === 0) done()
    else spoil(line, request, reply).then(() => done(), done)
  })
  app.addHook('onSend', async (request) => {
    if (request.fault?.hang === 'after') await new Promise(() => {})
    if (request.fault?.drop !== 'after') return
    request.raw.socket.destroy()
    report(line, request, NO_ANSWER)
  })
  app.addHook('onResponse', async (request, reply) => {
    if (!request.fault?.drop) report(line, request, reply.statusCode, reply.elapsedTime)
  })
}

function report(line: LineState, request: FastifyRequest, status: number, elapsed = 0): void {
  const title = titleOf(request.method, request.url)
  const { push, changedMenus } = request
  reportAnswer(line, { title, status, milliseconds: Math.round(elapsed), push, changedMenus })
}

async function spoil(line: LineState, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { fault } = request
  await delay(line, fault)
  if (!fault) return
  if (fault.hang === true || fault.drop === 'before') {
    reply.hijack()
    report(line, request, NO_ANSWER)
    if (fault.drop) request.raw.socket.destroy()
  } else if (fault.status !== undefined) {
    const { status, headers = {}, body = { message: 'Out of order' } } = fault
    reply.code(status).headers(headers).send(body)
  }
}
