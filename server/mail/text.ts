import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { linkable } from '../letters/linkable.ts'
import type { Part } from '../letters/parts.ts'
import type { Sheet } from './sheet.ts'

const RULE = '-'.repeat(40)

/** The mail for whoever reads without HTML: the same words in the same order. */
export function textOf({ shop, letter, footer }: Sheet, words: Messages): string {
  const blocks = letter.blocks
    .filter((parts) => parts.length > 0)
    .map((parts) => parts.map((part) => lineOf(part, words)).join('\n'))
  const buttons = letter.buttons.flatMap(({ label, address }) => {
    const url = linkable(address)
    return url ? [`${label}\n${url}`] : []
  })
  const links = footer.links.map(({ label, address }) => `${label}\n${address}`)
  const head = `${shop}\n\n${letter.title}`
  const foot = [...footer.lines, ...links].join('\n')
  return `${[head, blocks.join(`\n${RULE}\n`), ...buttons].join('\n\n')}\n\n${RULE}\n${foot}\n`
}

function lineOf(part: Part, words: Messages): string {
  switch (part.part) {
    case 'text':
      return part.address ? `${part.words}\n${part.address}` : part.words
    case 'row':
      return words.shopNews.line(part.left.words, part.right.words)
    case 'fact':
      return words.shopNews.line(part.label, part.value.words)
    case 'group':
      return part.contents.map((each) => lineOf(each, words)).join('\n')
    case 'word':
      return words.shopNews.line(part.word, part.does)
  }
}
