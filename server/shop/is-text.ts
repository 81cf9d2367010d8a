/** A text that says something, at least in Japanese. The shop file may be plain JavaScript. */
export function isText(text: unknown): boolean {
  if (typeof text === 'string') return text.trim() !== ''
  return typeof text === 'object' && text !== null && isText((text as { ja?: unknown }).ja)
}
