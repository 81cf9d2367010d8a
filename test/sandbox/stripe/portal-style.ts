/** The portal's own look: a quiet panel that says where one is, and rows that each hold one thing. */
export const PORTAL_STYLE = `
.portal{flex:1;display:grid;grid-template-rows:auto 1fr}
.aside{background:var(--wash);padding:1.5rem 1.25rem}
.aside .inner,.desk .inner{max-width:40rem;margin:0 auto;width:100%}
.aside .shop{font-size:1.375rem;font-weight:700;line-height:1.4;color:var(--ink)}
.aside p{color:var(--soft);font-size:.9375rem}
.aside p.big{color:var(--ink);font-size:2.25rem}
.offer .badge{justify-self:start}
.desk{padding:1.75rem 1.25rem 3rem}
.desk .inner{display:grid;gap:2.25rem;align-content:start}
.block>h2{font-size:.9375rem;color:var(--soft);font-weight:600;padding-bottom:.5rem;border-bottom:1px solid var(--line)}
.plan{display:grid;gap:.875rem;padding-top:1.125rem}
.plan+.plan{border-top:1px solid var(--line);margin-top:1.25rem}
.plan .name{font-size:1.0625rem;font-weight:600;display:flex;flex-wrap:wrap;gap:.375rem .75rem;align-items:center}
.plan .price{font-size:1.5rem;font-weight:700;line-height:1.3}
.badge{font-size:.75rem;font-weight:700;line-height:1.4;padding:.125rem .5rem;border-radius:.375rem;background:var(--wash);
color:var(--soft);white-space:nowrap;display:inline-block;vertical-align:middle}
.badge.good{color:var(--good);background:color-mix(in srgb,var(--good) 12%,var(--paper))}
.badge.warn{background:var(--mark);color:var(--on-mark)}
.badge.bad{background:var(--fault-wash);color:var(--fault)}
.acts,.acts form{display:grid;gap:.625rem}
.button.quiet{background:transparent;color:var(--brand);font-weight:600;border-color:var(--edge)}
.line{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:center;justify-content:space-between;min-height:3rem;padding:.5rem 0}
ul.bills>li+li{border-top:1px solid var(--line)}
ul.bills a{color:inherit;text-decoration:none}
ul.bills a:hover .num{text-decoration:underline}
.card-face{display:flex;align-items:center;gap:.75rem}
.card-face::before{content:"VISA";font:italic 800 .75rem/1 system-ui;letter-spacing:.04em;color:#fff;background:#1a2a6c;
border-radius:.25rem;padding:.4375rem .5rem}
.task{display:grid;gap:1.25rem;align-content:start}
.task h1{font-size:1.5rem;line-height:1.35;color:var(--ink);font-weight:700}
.task form{display:grid;gap:1rem}
.choice{display:flex;align-items:center;gap:.75rem;min-height:3rem;padding:.5rem .875rem;border:1px solid var(--line);
border-radius:.625rem;font-size:1rem;font-weight:500;cursor:pointer}
.choice:has(:checked){border-color:var(--brand);box-shadow:inset 0 0 0 1px var(--brand)}
.choices{display:grid;gap:.5rem}
.offer{border:1px solid var(--line);border-radius:.875rem;padding:1.125rem;display:grid;gap:.5rem}
.offer.now{background:var(--wash)}
.offers{display:grid;gap:.75rem}
textarea{font:inherit;width:100%;min-height:5.5rem;padding:.625rem .75rem;margin-top:.25rem;border:1px solid var(--edge);
border-radius:.5rem;background:var(--paper);color:var(--ink)}
.danger{background:var(--fault);border-color:var(--fault);color:var(--paper)}
.small{font-size:.8125rem;color:var(--soft);display:flex;gap:1rem;flex-wrap:wrap}
.small a{color:inherit}
@media (min-width:56rem){.portal{grid-template:1fr/22rem 1fr}.aside{padding:4rem 2.5rem}.desk{padding:4rem 3rem}
.desk .inner{margin:0}.acts{grid-auto-flow:column;justify-content:start}}`
