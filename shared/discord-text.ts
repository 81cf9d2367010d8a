/** A backslash before a sign makes it a sign; a colon is one because addresses would become links by it. */
const SIGNS = /[\\`*_~|>#()[\]<@:-]/g
/** "1." at the beginning of a line would count on from there. */
const NUMBERED = /^(\s*\d+)\./gm

/**
 * Words for where Discord reads Markdown, such as an embed's description: nothing in them is bold, a link or
 * a mention (https://docs.discord.com/developers/reference#message-formatting).
 */
export function discordText(text: string): string {
  return text.replace(SIGNS, (sign) => `\\${sign}`).replace(NUMBERED, '$1\\.')
}
