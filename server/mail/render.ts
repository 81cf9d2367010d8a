import { mailWordsIn } from '../../shared/i18n/mail/mail-words-in.ts'
import type { Language } from '../../shared/language.ts'
import { type Letter, shownShopName } from '../letters/letter.ts'
import { linkable } from '../letters/linkable.ts'
import type { MailMessage } from '../ports.ts'
import { footerOf } from './footer.ts'
import { htmlOf } from './html.ts'
import { mailLetter } from './mail-letter.ts'
import { type Sheet, STAFF_BRAND } from './sheet.ts'
import { textOf } from './text.ts'

/** A mail as it stands in a delivery: rendered once, sent as often as it takes. */
export type RenderedMail = {
  subject: string
  text: string
  html: string
  headers: Record<string, string>
}

/** Who the shop is and how to reach it, a line each, as the law wants it at the end of a mail. */
export type Imprint = (language: Language) => string[]

/**
 * Subject, text and HTML of a message. Whatever stands in it is cleaned and escaped. Throws a TypeError for
 * a brand colour that is not #rrggbb and a RangeError for a time or currency that is none.
 */
export function renderMail(message: MailMessage, { imprint, replies }: Desk): RenderedMail {
  const { language } = message
  const { words, mail } = mailWordsIn(language)
  const letter = mailLetter(message, words, mail)
  const shop = shownShopName(message.shop.name)
  const title = letter.number ? mail.subject(letter.title, letter.number) : letter.title
  const subject = words.members.alt(shop, title)
  const sheet: Sheet = {
    ...{ language, shop, subject, letter },
    brand: 'brand' in message.shop ? message.shop.brand : STAFF_BRAND,
    preheader: withoutShop(letter, words.members.alt(shop, '')),
    footer: footerOf(message, { mail, shop, imprint: imprint(language), replies }),
  }
  return {
    subject,
    text: textOf(sheet, words),
    html: htmlOf(sheet),
    headers: { 'Content-Language': language, ...wayOutOf(message) },
  }
}

export type Desk = {
  imprint: Imprint
  /** Are answers to our mails read by somebody? */
  replies: boolean
}

/** The sender and the subject have named the shop already. */
function withoutShop({ altText }: Letter, name: string): string {
  return altText.startsWith(name) ? altText.slice(name.length).trimStart() : altText
}

/**
 * One click in the mailbox's own interface, with a POST and no page between, ends it (RFC 8058); what
 * mailboxes demand of whoever recommends things.
 */
function wayOutOf(message: MailMessage): Record<string, string> {
  const address = message.kind === 'campaign' && linkable(message.links.unsubscribe)
  if (!address) return {}
  return {
    'List-Unsubscribe': `<${address}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  }
}
