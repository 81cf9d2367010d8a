import type { Language } from '../../language.ts'
import { en } from './en.ts'
import { ja, type Messages } from './ja.ts'
import { th } from './th.ts'
import { zhTW } from './zh-TW.ts'

const MESSAGES: Record<Language, Messages> = { ja, en, th, 'zh-TW': zhTW }

/** The shop's words in the chat, in this language. */
export function messagesIn(language: Language): Messages {
  return MESSAGES[language]
}
