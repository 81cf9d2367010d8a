import type { MailWords } from '../../shared/i18n/mail/ja.ts'
import { linkable } from '../letters/linkable.ts'
import type { Part } from '../letters/parts.ts'
import type { Sheet } from './sheet.ts'

const RULE = '-'.repeat(40)

/** The mail for whoever reads without HTML: the same words in the same order. */
export function textOf({ shop, letter, footer }: Sheet, mail: MailWords): string {
  const blocks = letter.blocks
    .filter((parts) => parts.length > 0)
    .map((parts) => parts.map((part) => lineOf(part, mail)).join('\n'))
  const buttons = letter.buttons.flatMap(({ label, address }) => {
    const url = linkable(address)
    return url ? [`${label}\n${url}`] : []
  })
  const links = footer.links.map(({ label, address }) => `${label}\n${address}`)
  const head = `${shop}\n\n${letter.title}`
  const foot = [...footer.lines, ...links].join('\n')
  return `${[head, blocks.join(`\n${RULE}\n`), ...buttons].join('\n\n')}\n\n${RULE}\n${foot}\n`
}

function lineOf(part: Part, mail: MailWords): string {
  switch (part.part) {
    case 'text':
      return part.address ? `${part.words}\n${part.address}` : part.words
    case 'row':
      return mail.line(part.left.words, part.right.words)
    case 'fact':
      return mail.line(part.label, part.value.words)
    case 'group':
      return part.contents.map((each) => lineOf(each, mail)).join('\n')
    case 'word':
      return mail.line(part.word, part.does)
  }
}
