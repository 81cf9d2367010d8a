import type { MailWords } from '../../shared/i18n/mail/ja.ts'
import { linkable } from '../letters/linkable.ts'
import { isForStaff } from '../letters/who-hears.ts'
import type { MailMessage } from '../ports.ts'
import type { Sheet } from './sheet.ts'

type About = { mail: MailWords; shop: string; imprint: string[]; replies: boolean }

/** Why somebody gets this, whom they can ask, who the shop is, and how to hear no more of what it recommends. */
export function footerOf(message: MailMessage, about: About): Sheet['footer'] {
  const { mail, imprint, replies, shop } = about
  const why = [mail.why[readerOf(message)](shop)]
  if (isForStaff(message)) return { lines: why, links: [] }
  const address = message.kind === 'campaign' ? linkable(message.links.unsubscribe) : null
  return {
    lines: [...why, ...(replies ? [mail.replies] : []), ...imprint],
    links: address ? [{ label: mail.unsubscribe, address }] : [],
  }
}

function readerOf(message: MailMessage): keyof MailWords['why'] {
  if (isForStaff(message)) return 'staff'
  if (message.kind === 'invite') return 'payer'
  if (message.kind === 'campaign') return 'campaign'
  return 'order' in message ? 'order' : 'member'
}
