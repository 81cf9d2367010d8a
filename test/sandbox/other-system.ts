import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { Watch } from './types.ts'

/** Another system of the shop's, a CRM say: it verifies what Noren tells it, and takes it. */
export type OtherSystem = {
  /** As OUTBOUND_HOSTS wants it */
  host: string
  url: string
  /** What `outbound add` printed; without it nothing is taken */
  trust(secret: string): void
  close(): Promise<void>
}

export async function openOtherSystem(watch: Watch): Promise<OtherSystem> {
  let webhook: Webhook | null = null
  const server = createServer(async (request, response) => {
    const began = performance.now()
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const body = Buffer.concat(pieces).toString('utf8')
    const { type, data } = readSigned(body, request.headers as Record<string, string>)
    const status = type ? 204 : 401
    response.writeHead(status).end()
    const milliseconds = Math.round(performance.now() - began)
    const title = `webhook ${type ?? 'not from Noren'}`
    watch({ at: Date.now(), from: 'noren', to: 'shop', title, status, milliseconds, detail: data })
  })

  function readSigned(body: string, headers: Record<string, string>) {
    try {
      return (webhook?.verify(body, headers) ?? {}) as { type?: string; data?: unknown }
    } catch {
      return {}
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    url: `http://${host}/hook`,
    trust(secret) {
      webhook = new Webhook(secret)
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
