import type { MailWords } from '../../shared/i18n/mail/ja.ts'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { campaignLetter } from '../letters/campaign.ts'
import type { Letter } from '../letters/letter.ts'
import { letterToBuyer } from '../letters/letter-to-buyer.ts'
import { letterToMember } from '../letters/letter-to-member.ts'
import { isForStaff } from '../letters/who-hears.ts'
import type { MailMessage } from '../ports.ts'
import { inviteLetter } from './invite.ts'
import { letterToStaff } from './letter-to-staff.ts'

/** The letter for each kind of message; but for the chat's own sentences, it is the one that LINE brings. */
export function mailLetter(message: MailMessage, words: Messages, mail: MailWords): Letter {
  if (isForStaff(message)) return letterToStaff(message, words, mail)
  if (message.kind === 'invite') return inviteLetter(message, words, mail)
  if (message.kind === 'campaign') return campaignLetter(message, words)
  return 'order' in message ? letterToBuyer(message, words) : letterToMember(message, words)
}
