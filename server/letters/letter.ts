import { cleanText } from '../../shared/clean-text.ts'
import type { Part } from './parts.ts'

/** One message before it takes a channel's form: LINE's Flex bubble, or a mail. */
export type Letter = {
  /** A full sentence: the notification, the chat list and screen readers have nothing else. */
  altText: string
  title: string
  /** Which order it is about, for whoever sorts mails by their subject */
  number?: string
  /** Groups that belong together; a line is drawn between them. */
  blocks: Part[][]
  /** The first is the one we would tap; those whose address LINE would refuse are left out. */
  buttons: { label: string; address: string | null }[]
}

/** A shop's name as it stands in a message, short enough for the header and the alt text. */
export function shownShopName(name: string): string {
  return cleanText(name, 'Shop', 40)
}
