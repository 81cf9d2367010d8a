import { createTransport } from 'nodemailer'
import type { MailChannel, SendOutcome } from '../ports.ts'
import { outcomeOf } from './judge-reply.ts'
import { type Imprint, type RenderedMail, renderMail } from './render.ts'
import { domainOf, isMailbox, readSender, type Sender } from './sender.ts'
import { openTurns } from './turns.ts'

export type MailOptions = {
  /** smtp:// or smtps://, with user and password in it */
  url: string
  /** MAIL_FROM: an address, perhaps behind a name */
  from: string
  replyTo?: string | undefined
  imprint: Imprint
  /** Milliseconds until a connection stands, until the server greets, and how long it may be silent then. */
  patience?: typeof PATIENCE
  /** How long a mail may take in all once its turn has come, in ms */
  longestSendMs?: number
}

/** In ms. Together less than the 30 s for which a probe is waited for (PROBE_SECONDS). */
export const PATIENCE = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 }
/** A server that trickles its replies is never silent; no mail takes so long. */
const LONGEST_SEND_MS = 25_000
/** Most servers hang up on who says nothing for a minute or more. */
const IDLE_MS = 30_000
const CONNECTIONS = 3

/**
 * Mail as a channel. `send` throws only before anything has left: Later where many mails are before it, and
 * Closing; `close` lets those finish that have begun. Mail knows no retry key: all that a repeat has in common with the
 * first try is its Message-ID, by which some mailboxes show the two as one.
 */
export function openMailChannel(options: MailOptions): MailChannel & { close(): void } {
  const from = readSender(options.from)
  const desk = { imprint: options.imprint, replies: Boolean(options.replyTo) }
  const transport = createTransport({
    ...serverOf(options.url),
    // How we introduce ourselves: as our domain, not as this machine.
    name: domainOf(from),
    ...(options.patience ?? PATIENCE),
    pool: true,
    maxConnections: CONNECTIONS,
    idleTimeout: IDLE_MS,
    // Nothing in a message may make us read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const turns = openTurns(CONNECTIONS)

  async function post(address: string, mail: RenderedMail, key: string): Promise<SendOutcome> {
    try {
      const { response } = await transport.sendMail({
        ...envelopeOf(address, from),
        ...(options.replyTo && { replyTo: readSender(options.replyTo) }),
        messageId: `<${key}@${domainOf(from)}>`,
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        // RFC 3834: no holiday notices, please.
        headers: { 'Auto-Submitted': 'auto-generated', ...mail.headers },
        signal: AbortSignal.timeout(options.longestSendMs ?? LONGEST_SEND_MS),
      })
      return { state: 'accepted', requestId: queueIdOf(response) }
    } catch (error) {
      return outcomeOf(error)
    }
  }

  return {
    render: (message) => JSON.stringify(renderMail(message, desk)),
    async send(address, body, key) {
      if (!isMailbox(address)) return { state: 'never', reason: 'this is no mail address' }
      return turns.take(() => post(address, JSON.parse(body) as RenderedMail, key))
    },
    close: () => void turns.close().then(() => transport.close()),
  }
}

function envelopeOf(address: string, from: Sender) {
  return {
    from,
    to: { name: '', address },
    envelope: { from: from.address, to: [address] },
  }
}

/** With the password in the URL, so nobody may print it. TLS from the start, or demanded before the login. */
function serverOf(address: string) {
  const url = new URL(address)
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const loopback = /^(localhost|127\.0\.0\.1|::1)$/.test(host)
  const user = decodeURIComponent(url.username)
  return {
    host,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    ...(loopback ? { ignoreTLS: true } : { requireTLS: !secure }),
    ...(user && { auth: { user, pass: decodeURIComponent(url.password) } }),
  }
}

/** What the server calls it, for whoever asks there: "250 2.0.0 Ok: queued as 4XYZ". */
function queueIdOf(response: string | undefined): string | null {
  return (
    /\b(?:queued as|id=|Message accepted:?)\s*([\w.-]{4,80})/i.exec(response ?? '')?.[1] ?? null
  )
}
