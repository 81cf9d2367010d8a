/** They mean something wherever they stand; a mention begins with one of the last two. */
const SIGNS = /[\\`*_~|[\]<@]/g
/** An address becomes a link by its colon, and a name between two of them a picture. */
const COLON = /:(?=\/\/|[\w+-]+:)/g
/** Lists, headings, quotes and small print, each by how a line begins. */
const BEGINNING = /^(\s*)([-+#>]|\d+(?=[.)]))/gm

/**
 * Words for where Discord reads Markdown, such as an embed's description: nothing in them is bold, a link or
 * a mention (https://docs.discord.com/developers/reference#message-formatting).
 */
export function discordText(text: string): string {
  return text
    .replace(SIGNS, (sign) => `\\${sign}`)
    .replace(COLON, '\\:')
    .replace(BEGINNING, (_, space: string, sign: string) => space + escaped(sign))
}

/** A digit cannot be escaped; what makes a number of it is the sign behind. */
const escaped = (sign: string) => (/\d/.test(sign) ? `${sign}\\` : `\\${sign}`)
