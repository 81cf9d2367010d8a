import type { Language } from '../../shared/language.ts'

/** Paper, ink and rules by day; all text is 7:1 or better on what is under it. */
export const GROUND = '#F3F0EA'
export const PAPER = '#FFFFFF'
export const TINT = '#F7F5F0'
export const RULE = '#E5E0D6'
export const INK = '#24221F'
export const QUIET = '#5A554D'

const FONTS: Record<Language, string> = {
  ja: "'Hiragino Sans','Hiragino Kaku Gothic ProN','Noto Sans JP','Yu Gothic',Meiryo",
  en: "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial",
  th: "'Sukhumvit Set',Thonburi,'Noto Sans Thai','Leelawadee UI',Tahoma",
  'zh-TW': "'PingFang TC','Noto Sans TC','Microsoft JhengHei'",
}

export function fontsFor(language: Language): string {
  return `${FONTS[language]},sans-serif`
}

/**
 * What inline styles cannot say: the night, and a narrow screen. Mailboxes that drop this show the day, and
 * those that turn colours round by themselves leave alone what names its own scheme.
 */
export const STYLE_SHEET = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0;-webkit-text-size-adjust:100%;overflow-wrap:anywhere}
:lang(ja){word-break:auto-phrase}
@media (max-width:620px){.edge{padding:0!important}.sheet{border-radius:0!important}.pad{padding-left:22px!important;padding-right:22px!important}}
@media (prefers-color-scheme:dark){
.ground{background:#121110!important}
.sheet,.paper{background:#1D1B19!important}
.tint{background:#282522!important}
.ink{color:#F0ECE4!important}
.quiet{color:#BDB6AA!important}
.rule{border-color:#38342F!important}
.second{color:#F0ECE4!important}
.button{border-color:#57514A!important}
}`
