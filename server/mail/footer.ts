import type { MailWords } from '../../shared/i18n/mail/ja.ts'
import { isForStaff } from '../letters/who-hears.ts'
import type { MailMessage } from '../ports.ts'
import type { Sheet } from './sheet.ts'

type About = { mail: MailWords; shop: string; imprint: string[]; replies: boolean }

/** Why somebody gets this, whom they can ask, and who the shop is. */
export function footerOf(message: MailMessage, about: About): Sheet['footer'] {
  const { mail, imprint, replies } = about
  if (isForStaff(message)) return { lines: [mail.why.staff(about.shop)], links: [] }
  return {
    lines: [whyOf(message, about), ...(replies ? [mail.replies] : []), ...imprint],
    links: [],
  }
}

function whyOf(message: MailMessage, { mail, shop }: About): string {
  if (message.kind === 'invite') return mail.why.payer(shop)
  return 'order' in message ? mail.why.order(shop) : mail.why.member(shop)
}
