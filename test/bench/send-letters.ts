import { connect, type Socket } from 'node:net'
import type { Letter } from './make-events.ts'

export type Sent = {
  perSecond: number
  p50: number
  p99: number
  /** Not answered 200 */
  failed: number
  /** How often each status was the answer */
  statuses: Record<number, number>
  ms: number
}

/**
 * Sends every letter once over `connections` keep-alive connections, each as fast as it is answered.
 *
 * On bare sockets, the requests made before the clock starts: whoever knocks shares two cores with
 * whoever answers, and undici cost 36 µs a letter where a server that only verifies costs 40.
 */
export async function sendLetters(
  url: string,
  letters: readonly Letter[],
  connections: number,
  path = '/webhooks/stripe',
): Promise<Sent> {
  const { hostname, port, host } = new URL(url)
  const requests = letters.map((letter) => requestOf(letter, path, host))
  const sockets = await Promise.all(
    Array.from({ length: connections }, () => open(hostname, Number(port))),
  )
  const times: number[] = []
  const statuses: Record<number, number> = {}
  let next = 0
  const began = performance.now()
  await Promise.all(
    sockets.map(async (socket) => {
      const ask = asker(socket)
      for (let request = requests[next++]; request; request = requests[next++]) {
        const from = performance.now()
        const status = await ask(request)
        times.push(performance.now() - from)
        statuses[status] = (statuses[status] ?? 0) + 1
      }
    }),
  )
  const ms = performance.now() - began
  for (const socket of sockets) socket.destroy()
  times.sort((a, b) => a - b)
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  const failed = letters.length - (statuses[200] ?? 0)
  const perSecond = (letters.length / ms) * 1_000
  return { perSecond, p50: at(0.5), p99: at(0.99), failed, statuses, ms }
}

function requestOf({ body, headers }: Letter, path: string, host: string): Buffer {
  const all = { host, ...headers, 'content-length': String(body.length) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), body])
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** One request at a time; tells its status when the whole of the answer has come. */
function asker(socket: Socket): (request: Buffer) => Promise<number> {
  let answered: (status: number) => void = () => {}
  let failed: (error: Error) => void = () => {}
  let come = ''
  socket.setEncoding('latin1')
  socket.on('data', (piece: string) => {
    come += piece
    const status = statusOf(come)
    if (status === null) return
    come = ''
    answered(status)
  })
  socket.on('error', (error) => failed(error))
  socket.on('close', () => failed(new Error('the server closed the connection')))
  return (request) =>
    new Promise((resolve, reject) => {
      answered = resolve
      failed = reject
      socket.write(request)
    })
}

/** null until the answer is whole. Fastify always tells how long it is. */
function statusOf(answer: string): number | null {
  const head = answer.indexOf('\r\n\r\n')
  if (head < 0) return null
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(answer.slice(0, head + 2))?.[1]
  if (length === undefined) throw new Error(`an answer without a length: ${answer.slice(0, head)}`)
  return answer.length < head + 4 + Number(length) ? null : Number(answer.slice(9, 12))
}
