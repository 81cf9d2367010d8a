import type { ParsedMail } from 'mailparser'
import type { SMTPServerEnvelope } from 'smtp-server'
import type { ReceivedMail } from '../types.ts'

/** A mail as it arrived: whom the envelope named, and what a mailbox makes of the rest. */
export function readMail(parsed: ParsedMail, envelope: SMTPServerEnvelope, at: Date): ReceivedMail {
  return {
    at: at.getTime(),
    from: parsed.from?.text ?? '',
    to: envelope.rcptTo.map(({ address }) => address),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html || '',
    messageId: parsed.messageId ?? '',
    headers: headersOf(parsed),
  }
}

/** Names in lower case; folded lines as one, encoded words as they are. */
function headersOf({ headerLines }: ParsedMail): Record<string, string> {
  const read = headerLines.map(({ key, line }) => {
    const value = line.slice(line.indexOf(':') + 1).replace(/\r?\n[ \t]+/g, ' ')
    return [key, value.trim()]
  })
  return Object.fromEntries(read)
}
