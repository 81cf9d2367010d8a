import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { WebhookEvent } from '../../shared/webhooks.ts'

export type Got = {
  id: string
  headers: IncomingHttpHeaders
  /** As it came, byte for byte */
  body: string
  path: string
  /** What was answered */
  status: number
}

export type Reply =
  | number
  | {
      status: number
      headers?: Record<string, string>
      body?: string
      /** It answers no sooner */
      after?: Promise<unknown>
    }

/** Another system: it listens on this machine, keeps what it gets, and answers as the test says. */
export type Receiver = {
  host: string
  url: string
  got: Got[]
  /** Those that were answered 2xx, as it reads them */
  taken(): WebhookEvent[]
  answer: (got: Omit<Got, 'status'>) => Reply
  close(): Promise<void>
}

export async function openReceiver(): Promise<Receiver> {
  const got: Got[] = []
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const { headers, url: path = '/' } = request
    const body = Buffer.concat(pieces).toString('utf8')
    const letter = { id: String(headers['webhook-id']), headers, body, path }
    const reply = receiver.answer(letter)
    const { status, headers: more, body: said, after } = asReply(reply)
    got.push({ ...letter, status })
    await after
    response.writeHead(status, more).end(said)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/hook`,
    got,
    taken: () =>
      got
        .filter(({ status }) => status >= 200 && status < 300)
        .map(({ body }) => JSON.parse(body) as WebhookEvent),
    answer: () => 204,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return receiver
}

function asReply(reply: Reply): Exclude<Reply, number> {
  return typeof reply === 'number' ? { status: reply } : reply
}

/** Reads it as a receiver does, with the standard's own library, whose clock is the house's for that moment. */
export function verify({ headers, body }: Got, secret: string, now: Date): WebhookEvent {
  const real = Date.now
  Date.now = () => now.getTime()
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>) as WebhookEvent
  } finally {
    Date.now = real
  }
}
