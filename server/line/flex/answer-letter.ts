import type { Messages } from '../../../shared/i18n/messages/ja.ts'
import { type Letter, shownShopName } from '../../letters/letter.ts'
import { linkable } from '../../letters/linkable.ts'
import { type Part, quietText } from '../../letters/parts.ts'
import { inOneLine, type Sentence, sentenceTexts } from '../../letters/sentences.ts'
import type { ChatAnswer } from '../../ports.ts'

/** An answer's own part, before it is a letter. */
export type Answered = {
  title: string
  said: Sentence[]
  rows?: Part[]
  /** The rows in words, for the notification */
  besides?: string[]
  buttons: Letter['buttons']
}

/** The answer as a letter; below it the one-time way in for a computer, where there is one. */
export function answerLetter(answer: ChatAnswer, words: Messages, answered: Answered): Letter {
  const { computer } = words.chat
  const { language, shop } = answer
  const address = linkable(answer.computer)
  const aside = address ? [computer.text] : []
  const said = inOneLine([...answered.said, ...(answered.besides ?? []), ...aside], language)
  return {
    altText: words.members.alt(shownShopName(shop.name), said),
    title: answered.title,
    blocks: [
      sentenceTexts(answered.said),
      answered.rows ?? [],
      aside.map((text) => quietText(text, { size: 'xs' })),
    ],
    buttons: [...answered.buttons, { label: computer.open, address }],
  }
}
