import { contrastOf, darkenedForWhite, textColourOn } from '../../shared/contrast.ts'
import { linkable } from '../letters/linkable.ts'
import { escapeHtml } from './escape.ts'
import { htmlParts } from './html-parts.ts'
import type { Sheet } from './sheet.ts'
import { fontsFor, GROUND, PAPER, QUIET, RULE, STYLE_SHEET } from './style.ts'

const TABLE = 'role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'

/**
 * The mail as HTML that mailboxes of every age can show: tables, inline styles, no picture, nothing fetched,
 * so nobody learns when it was opened. Throws a TypeError for a brand that is not #rrggbb.
 */
export function htmlOf(sheet: Sheet): string {
  const { language, subject } = sheet
  const buttons = buttonsOf(sheet)
  return `<!doctype html>
<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>${escapeHtml(subject)}</title>
<style>${STYLE_SHEET}
</style>
</head>
<body class="ground" style="margin:0;padding:0;background:${GROUND};font-family:${escapeHtml(fontsFor(language))}">
${preheaderOf(sheet)}
<table ${TABLE} class="ground" style="background:${GROUND}"><tr><td class="edge" align="center" style="padding:28px 12px">
<table ${TABLE} class="sheet" style="max-width:600px;background:${PAPER};border-radius:12px;overflow:hidden">
<tr><td>${headerOf(sheet)}</td></tr>
<tr><td class="pad" style="padding:8px 36px 0">${blocksOf(sheet)}</td></tr>
<tr><td class="pad" style="padding:${buttons ? '20px 36px 36px' : '0 36px 12px'}">${buttons}</td></tr>
</table>
<table ${TABLE} style="max-width:600px"><tr><td class="pad" style="padding:20px 36px 28px">${footerOf(sheet)}</td></tr></table>
</td></tr></table>
</body>
</html>
`
}

/** Shown beside the subject in the list of mails. The blanks keep what follows out of it. */
function preheaderOf({ preheader }: Sheet): string {
  const blanks = '&#847;&zwnj;&nbsp;'.repeat(40)
  return `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:1px;line-height:1px;opacity:0">${escapeHtml(preheader)}${blanks}</div>`
}

/** The shop's colour, hanging over the door as a noren does: a band, and the cloth's slit hem below it. */
function headerOf({ shop, brand, letter }: Sheet): string {
  const colour = textColourOn(brand)
  return `<table ${TABLE} bgcolor="${brand}" style="background:${brand}"><tr><td class="pad" style="padding:30px 36px 22px">
<p style="margin:0 0 6px;font-size:14px;line-height:1.5;letter-spacing:.08em;color:${colour}">${escapeHtml(shop)}</p>
<h1 style="margin:0;font-size:23px;line-height:1.45;font-weight:bold;color:${colour}">${escapeHtml(letter.title)}</h1>
</td></tr></table>
${hemOf(brand)}`
}

function hemOf(brand: string): string {
  const cloth = `<td bgcolor="${brand}" style="background:${brand};border-radius:0 0 3px 3px;font-size:0;line-height:0;height:16px">&nbsp;</td>`
  const slit = '<td width="4" style="width:4px;font-size:0;line-height:0">&nbsp;</td>'
  return `<table ${TABLE} aria-hidden="true" style="table-layout:fixed"><tr>${Array(5).fill(cloth).join(slit)}</tr></table>`
}

function blocksOf({ letter }: Sheet): string {
  return letter.blocks
    .filter((parts) => parts.length > 0)
    .map((parts, index) => {
      const line = index === 0 ? '' : `border-top:1px solid ${RULE};`
      return `<table ${TABLE}><tr><td class="rule" style="${line}padding:14px 0">${htmlParts(parts)}</td></tr></table>`
    })
    .join('\n')
}

/** Below this a brand colour can hardly be told from the paper under it. */
const BARELY_VISIBLE = 1.5

function buttonsOf({ letter, brand }: Sheet): string {
  const dark = darkenedForWhite(brand)
  const ground = contrastOf(brand, PAPER) < BARELY_VISIBLE ? dark : brand
  return letter.buttons
    .map(({ label, address }) => ({ label: escapeHtml(label), url: linkable(address) }))
    .filter(({ url }) => url !== null)
    .map(({ label, url }, index) => {
      const href = escapeHtml(url ?? '')
      return index === 0
        ? `<table ${TABLE}><tr><td align="center" bgcolor="${ground}" style="background:${ground};border-radius:8px"><a class="button" href="${href}" style="display:block;padding:15px 20px;font-size:16px;line-height:1.4;font-weight:bold;color:${textColourOn(ground)};text-decoration:none;border:1px solid ${ground};border-radius:8px">${label}</a></td></tr></table>`
        : `<p style="margin:14px 0 0;text-align:center"><a class="second" href="${href}" style="display:inline-block;padding:8px 12px;font-size:15px;line-height:1.5;color:${dark};text-decoration:underline">${label}</a></p>`
    })
    .join('\n')
}

function footerOf({ shop, footer }: Sheet): string {
  const style = `font-size:13px;line-height:1.7;color:${QUIET}`
  const line = (words: string) =>
    `<p class="quiet" style="margin:0 0 4px;${style}">${escapeHtml(words)}</p>`
  const links = footer.links.map(
    ({ label, address }) =>
      `<p class="quiet" style="margin:10px 0 0;${style}"><a class="quiet" href="${escapeHtml(address)}" style="color:${QUIET};text-decoration:underline">${escapeHtml(label)}</a></p>`,
  )
  return `<p class="quiet" style="margin:0 0 6px;font-weight:bold;${style}">${escapeHtml(shop)}</p>${footer.lines.map(line).join('')}${links.join('')}`
}
