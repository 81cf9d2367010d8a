import { simpleParser } from 'mailparser'
import {
  SMTPServer,
  type SMTPServerAuthentication,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from 'smtp-server'
import type { Fault, Happening, MailSandbox, ReceivedMail, Watch } from '../types.ts'
import { readMail } from './read-mail.ts'
import { refusal, spoil } from './spoil.ts'

export type MailSandboxOptions = { now?: () => Date; watch?: Watch }

const SHOP_DOMAIN = 'noren.example'
const LOGIN = { user: 'noren', password: 'sesame' }

/** Starts a mail server on 127.0.0.1 that keeps what it gets instead of passing it on. */
export async function createMailSandbox(options: MailSandboxOptions = {}): Promise<MailSandbox> {
  const { now = () => new Date(), watch } = options
  const mails: ReceivedMail[] = []
  const faults: Fault[] = []
  const requests: string[] = []

  async function asked(title: string, { id }: SMTPServerSession, work?: () => void): Promise<void> {
    requests.push(title)
    await spoil(faults, title, () => hangUp(server, id), work)
  }
  async function logIn(auth: SMTPServerAuthentication, session: SMTPServerSession) {
    await asked('AUTH', session)
    if (auth.username !== LOGIN.user || auth.password !== LOGIN.password)
      throw refusal(535, '5.7.8 Username and password not accepted')
    return { user: LOGIN.user }
  }
  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const mail = readMail(await simpleParser(stream), session.envelope, now())
    await asked('DATA', session, () => {
      mails.push(mail)
      watch?.(happeningOf(mail))
    })
    return `2.0.0 Ok: queued as ${mails.length.toString(36).toUpperCase().padStart(6, '0')}`
  }

  const server = new SMTPServer({
    ...{ authOptional: true, allowInsecureAuth: true, disableReverseLookup: true },
    // Each answer's own code stands in its words, as those of a server of today have it.
    ...{ hideENHANCEDSTATUSCODES: true, hideSTARTTLS: true, logger: false },
    onConnect: (session, done) => void asked('CONNECT', session).then(() => done(), done),
    onAuth: (auth, session, done) => void logIn(auth, session).then((who) => done(null, who), done),
    onMailFrom: ({ address }, session, done) =>
      void asked(`MAIL FROM:<${address}>`, session).then(() => done(), done),
    onRcptTo: ({ address }, session, done) =>
      void asked(`RCPT TO:<${address}>`, session).then(() => done(), done),
    onData: (stream, session, done) =>
      void take(stream, session).then((words) => done(null, words), done),
  })
  // A client that goes away in the middle is what some tests want.
  server.on('error', () => {})
  await listen(server, 0)
  const { port } = server.server.address() as { port: number }
  return {
    url: `smtp://${LOGIN.user}:${LOGIN.password}@127.0.0.1:${port}`,
    from: `のれん茶房 <shop@${SHOP_DOMAIN}>`,
    requests,
    box: (address) => mails.filter(({ to }) => address === undefined || to.includes(address)),
    addFault: (fault) => {
      faults.push({ ...fault })
    },
    clearFaults: () => {
      faults.length = 0
    },
    refuseConnections: (refuse) => {
      if (refuse === !server.server.listening) return Promise.resolve()
      return refuse ? stop(server) : listen(server, port)
    },
    close: () => stop(server),
  }
}

function happeningOf({ at, to, subject }: ReceivedMail): Happening {
  const toShop = to.some((address) => address.endsWith(`@${SHOP_DOMAIN}`))
  return {
    ...{ at, from: 'noren', to: toShop ? 'shop' : 'buyer' },
    ...{ title: `SMTP ${subject}`, status: 250, detail: { to, subject } },
  }
}

function listen(server: SMTPServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject)
    server.server.listen(port, '127.0.0.1', resolve)
  })
}

/** The port stays ours in name only, so that it can be opened again at the same address. */
function stop(server: SMTPServer): Promise<void> {
  return new Promise((resolve) => {
    server.server.close(() => resolve())
    for (const { _socket } of server.connections) _socket.destroy()
  })
}

function hangUp(server: SMTPServer, id: string): void {
  for (const connection of server.connections)
    if (connection.id === id) connection._socket.destroy()
}
