import { connect } from 'node:net'

/**
 * Bytes onto a socket, as no HTTP client would send them; resolves with all that came back before the
 * end. `hangUp` says that nothing more will come, so that a request cut short is not waited for.
 */
export function sendRaw(url: string, bytes: string | Buffer, hangUp = false): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(Number(port), hostname, () => {
      if (hangUp) socket.end(bytes)
      else socket.write(bytes)
    })
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
  })
}

/** One request, told in lines, that asks for the connection to end with the answer. */
export function rawLines(...lines: string[]): string {
  return [...lines, '', ''].join('\r\n')
}

/** What stands in an answer: how many there are, the first one's status, headers and body. */
export function readRaw(answer: string) {
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  return {
    answers: answer.match(/^HTTP\/1\.1 \d+/gm)?.length ?? 0,
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]),
    head: head.toLowerCase(),
    body: rest.join('\r\n\r\n'),
  }
}
