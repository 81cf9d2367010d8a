import { createHash } from 'node:crypto'
import { darkenedForWhite } from '../../shared/contrast.ts'
import { campaignWords } from '../../shared/i18n/campaigns.ts'
import { type Language, localized } from '../../shared/language.ts'
import type { ShopConfig } from '../shop/define-shop.ts'

export type StopState = 'ask' | 'done' | 'unknown'

/** The colour is the shop's, and the only thing in it that is not ours: check-shop lets #rrggbb alone pass. */
function styleOf(brand: string): string {
  return `body{margin:0;background:#f6f4f0;color:#222;font:16px/1.8 system-ui,sans-serif}
main{max-width:30rem;margin:12vh auto 0;padding:2rem 1.5rem;background:#fff;border-top:6px solid ${brand}}
h1{margin:0 0 1rem;font-size:1.3rem}p{margin:0 0 1rem}small{color:#595959}
button{width:100%;padding:.8rem;border:0;border-radius:6px;background:${darkenedForWhite(brand)};color:#fff;font:inherit;font-weight:bold;cursor:pointer}
button:focus-visible{outline:3px solid #222;outline-offset:2px}`
}

/** Nothing runs on it and nothing is loaded; its one form goes back to where it came from. */
export function stopPolicy({ brand }: Pick<ShopConfig, 'brand'>): string {
  const hash = createHash('sha256').update(styleOf(brand)).digest('base64')
  return `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`
}

/** One button, which alone does something: previewers of mails look at every link, and must stop nobody's. */
export function stopPage(shop: ShopConfig, language: Language, state: StopState): string {
  const { stop } = campaignWords(language)
  const said = {
    ask: [stop.ask, stop.still],
    done: [stop.done, stop.still],
    unknown: [stop.unknown],
  }
  const form = `<form method="post"><button>${escaped(stop.button)}</button></form>`
  const name = localized(shop.name, language)
  const contact = localized(shop.legal.email, language)
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>${escaped(`${stop.title} | ${name}`)}</title><style>${styleOf(shop.brand)}</style></head>
<body><main><h1>${escaped(stop.title)}</h1>
${said[state].map((words) => `<p>${escaped(words)}</p>`).join('\n')}
${state === 'ask' ? form : ''}
<p><small>${escaped(name)} · ${escaped(contact)}</small></p></main></body></html>
`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
}
