import { PORTAL_STYLE } from './portal-style.ts'

/** Indigo, as a dyed curtain; light and dark. Contrasts are at least 4.5:1 for text in both. */
const COLOURS = `
:root{color-scheme:light dark;--paper:#fff;--wash:#eef1f8;--ink:#1b2233;--soft:#566076;--line:#cfd6e4;
--edge:#7c879d;--brand:#2b4586;--on-brand:#fff;--mark:#fff3d6;--on-mark:#5f4200;--fault:#a3202c;--fault-wash:#fdecec;
--good:#17663a}
@media (prefers-color-scheme:dark){:root{--paper:#141824;--wash:#1b2131;--ink:#eceff7;--soft:#a9b3c9;--line:#333c53;
--edge:#75819b;--brand:#a9bdf5;--on-brand:#10182e;--mark:#3a2f14;--on-mark:#f5d99a;--fault:#ffa9a9;--fault-wash:#3a1d22;
--good:#7fd8a4}}`

const GROUND = `
*{box-sizing:border-box}
body{margin:0;min-height:100dvh;display:flex;flex-direction:column;background:var(--paper);color:var(--ink);
font:16px/1.6 system-ui,"Hiragino Sans","Noto Sans JP","BIZ UDPGothic",sans-serif;overflow-wrap:anywhere;
-webkit-text-size-adjust:100%}
h1,h2,p,dl,dd,ul,fieldset{margin:0;padding:0;border:0}
h1{font-size:1rem;font-weight:600;color:var(--soft)}
h2,legend{font-size:1.0625rem;font-weight:700;padding:0}
ul{list-style:none}
img{display:block}
.strip{display:flex;gap:.25rem .75rem;flex-wrap:wrap;align-items:baseline;padding:.625rem 1.25rem;
background:var(--mark);color:var(--on-mark);font-size:.8125rem;line-height:1.5}
.strip b{font-size:.875rem;letter-spacing:.08em}
:focus-visible{outline:3px solid var(--brand);outline-offset:2px}
.sum,.num{font-variant-numeric:tabular-nums}
.hint{font-size:.8125rem;color:var(--soft);line-height:1.5}
.fault{display:block;color:var(--fault);font-size:.875rem;font-weight:600;margin-top:.375rem}
.plain{flex:1;display:grid;align-content:center;justify-items:center;text-align:center;gap:1rem;padding:2.5rem 1.25rem}
.plain h1{font-size:1.375rem;color:var(--ink)}
.plain p{max-width:34em;color:var(--soft)}
.seal{width:3.5rem;height:3.5rem;color:var(--good);fill:none;stroke:currentColor;stroke-width:2;
stroke-linecap:round;stroke-linejoin:round}`

const BUTTONS = `
button,.button{font:inherit;font-weight:700;min-height:3rem;padding:.625rem 1.25rem;border-radius:.625rem;
border:1px solid var(--brand);background:var(--brand);color:var(--on-brand);cursor:pointer;text-decoration:none;
display:inline-flex;align-items:center;justify-content:center;text-align:center}
button:hover,.button:hover{filter:brightness(1.08)}
button.quiet{background:transparent;color:var(--brand);font-weight:600;border-color:var(--edge)}
button.wide{width:100%;min-height:3.5rem;font-size:1.0625rem}`

const SUMMARY = `
.sheet{flex:1;display:grid;grid-template-rows:auto 1fr}
.summary{background:var(--wash);padding:1.5rem 1.25rem 1.75rem}
.inner{max-width:29rem;margin:0 auto;display:grid;gap:1.25rem}
.big{font-size:2.25rem;line-height:1.25;font-weight:700}
.goback{display:inline-flex;align-items:center;min-height:2.75rem;color:var(--brand);font-weight:600;text-decoration:none}
.goback::before{content:"←";margin-right:.5rem}
.per{font-size:1rem;font-weight:500;color:var(--soft)}
.row{display:grid;grid-template-columns:1fr auto;gap:.25rem .875rem;padding:.75rem 0;border-top:1px solid var(--line)}
.row:has(img){grid-template-columns:auto 1fr auto}
.row:last-child{padding-bottom:0}
.row img{width:3rem;height:3rem;object-fit:cover;border-radius:.5rem;grid-row:span 2}
.row .name{font-weight:600}
.row .hint{grid-column:1}
.row:has(img) .hint{grid-column:2}
.row .num{white-space:nowrap}
li.row input{width:5.5rem;display:block}
.summary form{display:grid;gap:1rem;justify-items:start}
.summary form ul{width:100%}
.totals{display:grid;grid-template-columns:1fr auto;gap:.375rem 1rem;border-top:1px solid var(--line);padding-top:.875rem}
.totals dd{text-align:right;white-space:nowrap}
.totals .grand{font-weight:700;font-size:1.125rem}`

const FORM = `
.form{padding:1.5rem 1.25rem 2.5rem}
.fields{display:grid;gap:.875rem;min-width:0}
legend{margin-bottom:.75rem}
label,.label{font-size:.875rem;font-weight:600;display:block}
input:not([type=radio]){font:inherit;font-weight:400;width:100%;min-height:2.875rem;padding:.5rem .75rem;margin-top:.25rem;
border:1px solid var(--edge);border-radius:.5rem;background:var(--paper);color:var(--ink)}
input[readonly]{background:var(--wash);color:var(--soft)}
input[aria-invalid=true]{border-color:var(--fault);border-width:2px}
input[type=radio]{width:1.25rem;height:1.25rem;margin:0;accent-color:var(--brand);flex:none}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.875rem}
.methods{border:1px solid var(--line);border-radius:.75rem;overflow:hidden}
.method+.method{border-top:1px solid var(--line)}
.method>label{display:flex;align-items:center;gap:.75rem;min-height:3.25rem;padding:.5rem 1rem;font-size:1rem;cursor:pointer}
.method:has(>label>:checked)>label{background:var(--wash)}
.method:has(>label>:focus-visible)>label{outline:3px solid var(--brand);outline-offset:-3px}
.body{display:none;padding:.875rem 1rem 1.125rem;gap:.875rem}
.method:has(>label>:checked)>.body,.body.only{display:grid}
.stores{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.75rem,1fr));gap:.5rem}
.stores label{display:flex;align-items:center;gap:.5rem;min-height:2.75rem;padding:.375rem .625rem;
border:1px solid var(--line);border-radius:.5rem;cursor:pointer;line-height:1.3}
.stores label:has(:checked){border-color:var(--brand);box-shadow:inset 0 0 0 1px var(--brand)}
.alert{background:var(--fault-wash);color:var(--fault);border-radius:.625rem;padding:.75rem 1rem;font-size:.9375rem}
.say-order,form:has(#method-konbini:checked) .say-pay{display:none}
form:has(#method-konbini:checked) .say-order{display:inline}
@media (min-width:56rem){.sheet{grid-template:1fr/1fr 1fr}.summary{padding:4rem 3rem;display:flex;justify-content:flex-end}
.form{padding:4rem 3rem}.summary .inner,.form .inner{width:100%;align-content:start}.form .inner{margin:0}
.summary .inner{margin:0}}`

const VOUCHER = `
.voucher{width:100%;max-width:32rem;margin:0 auto;padding:1.5rem 1.25rem 3rem;display:grid;gap:1.25rem}
.voucher>header{display:grid;gap:.5rem}
.voucher>header h1{font-size:1.375rem;line-height:1.4;color:var(--ink);font-weight:700}
.slip{border:1px solid var(--line);border-radius:.875rem;padding:1.125rem 1.25rem;display:grid;gap:.875rem}
.slip.chosen{background:var(--wash);border-color:var(--edge)}
.slip h2{display:flex;justify-content:space-between;gap:.5rem;align-items:baseline;flex-wrap:wrap}
.slip dt{font-size:.8125rem;color:var(--soft)}
.code{font-size:1.875rem;line-height:1.3;font-weight:700;letter-spacing:.06em;
font-variant-numeric:tabular-nums;font-family:ui-monospace,"SF Mono",Menlo,Consolas,"BIZ UDGothic",monospace}
summary{list-style:none;min-height:2.75rem;display:flex;align-items:center;cursor:pointer;font-weight:600;color:var(--brand)}
summary::-webkit-details-marker{display:none}
summary::before{content:"";width:.5rem;height:.5rem;margin:0 .75rem 0 .25rem;border:solid;border-width:0 2px 2px 0;
transform:rotate(-45deg)}
details[open]>summary::before{transform:rotate(45deg)}
details>.slip{margin-top:.75rem}
.due{display:flex;justify-content:space-between;gap:.5rem 1rem;flex-wrap:wrap;align-items:baseline}
.due strong{font-size:1.125rem}
.clerk{border:2px dashed var(--on-mark);background:var(--mark);color:var(--on-mark);border-radius:.875rem;
padding:1.125rem 1.25rem;display:grid;gap:.75rem}
.clerk p{font-size:.8125rem}
.clerk form{display:grid}
.clerk button.quiet{color:inherit;border-color:currentColor}`

export const PAGE_STYLE = COLOURS + GROUND + BUTTONS + SUMMARY + FORM + VOUCHER + PORTAL_STYLE
