import type { Language } from '../../language.ts'
import { withInstead } from '../messages/instead.ts'
import type { Messages } from '../messages/ja.ts'
import { messagesIn } from '../messages/messages-in.ts'
import { en } from './en.ts'
import { ja, type MailWords } from './ja.ts'
import { th } from './th.ts'
import { zhTW } from './zh-TW.ts'

const MAIL: Record<Language, MailWords> = { ja, en, th, 'zh-TW': zhTW }

/** The shop's words as a mail has them: those of the chat, but for the sentences that speak of the chat. */
export function mailWordsIn(language: Language): { words: Messages; mail: MailWords } {
  const mail = MAIL[language]
  return { mail, words: withInstead(messagesIn(language), mail.instead) }
}
