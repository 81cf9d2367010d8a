import type { Language } from '../../shared/language.ts'
import type { Letter } from '../letters/letter.ts'

/** Everything that stands in a mail, before it is HTML or plain text. */
export type Sheet = {
  language: Language
  shop: string
  brand: string
  subject: string
  /** What a mailbox shows beside the subject */
  preheader: string
  letter: Letter
  footer: { lines: string[]; links: { label: string; address: string }[] }
}

/** What the shop itself reads wears no brand: a dark ink. */
export const STAFF_BRAND = '#3B3936'
