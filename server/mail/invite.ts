import { cleanText } from '../../shared/clean-text.ts'
import type { MailWords } from '../../shared/i18n/mail/ja.ts'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { formatJapanDeadline } from '../../shared/japan-time.ts'
import { type Letter, shownShopName } from '../letters/letter.ts'
import { quietText, text } from '../letters/parts.ts'
import { planInShort } from '../letters/plan-words.ts'
import type { InviteMessage } from '../ports.ts'

/** To who paid before we knew them: thanks, what LINE would bring them, and the link that is theirs alone. */
export function inviteLetter(message: InviteMessage, words: Messages, mail: MailWords): Letter {
  const { invite } = mail
  const { plan, links } = message
  const until = formatJapanDeadline(message.until, message.language)
  const shop = shownShopName(message.shop.name)
  const name = cleanText(message.name ?? '', '', 40)
  return {
    altText: invite.alt(shop, until),
    title: invite.title,
    blocks: [
      [
        ...(name ? [text(invite.hello(name))] : []),
        text(plan ? invite.thanksFor(planInShort(plan, message, words)) : invite.thanks(shop)),
        text(invite.what),
      ],
      [text(invite.once(until), { weight: 'bold' }), quietText(invite.stranger)],
    ],
    buttons: [{ label: invite.connect, address: links.connect }],
  }
}
