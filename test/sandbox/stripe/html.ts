/** Text that is already HTML; everything else is escaped when it goes into a page. */
export type Html = { readonly html: string }
type Part = Html | string | number | null | undefined | false | Part[]

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Builds HTML with every inserted text escaped; null, undefined and false insert nothing. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Html {
  return { html: texts.reduce((page, text, at) => page + textOf(parts[at - 1]) + text) }
}

function textOf(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (Array.isArray(part)) return part.map(textOf).join('')
  if (typeof part === 'object') return part.html
  return String(part).replace(/[&<>"']/g, (letter) => ESCAPES[letter]!)
}
