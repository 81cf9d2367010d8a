import type { FastifyReply } from 'fastify'
import { type Html, html } from './html.ts'
import { PAGE_STYLE } from './page-style.ts'
import type { PageLanguage, PageWords } from './page-words.ts'

const STYLE: Html = { html: `<style>${PAGE_STYLE}</style>` }
/** Nothing runs here and nothing is loaded but pictures of the goods. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:"

const SEAL: Html = {
  html: '<svg class="seal" viewBox="0 0 40 40" aria-hidden="true"><circle cx="20" cy="20" r="18"/><path d="m12 21 6 6 11-13"/></svg>',
}

export type PageFrame = { language: PageLanguage; words: PageWords; title: string }

/** Answers with a whole page; each one says first that it is not the real one. */
export function sendPage(reply: FastifyReply, frame: PageFrame, content: Html, status = 200) {
  const page = html`<!doctype html>
<html lang="${frame.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>${frame.title} | ${frame.words.sandbox}</title>
${STYLE}
</head>
<body>
<aside class="strip" aria-label="${frame.words.sandbox}"><b>${frame.words.sandbox}</b> <span>${frame.words.sandboxNote}</span></aside>
${content}
</body>
</html>`
  return reply
    .code(status)
    .header('content-security-policy', POLICY)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page.html)
}

/** A page with one message and at most one way on. */
export function plainPage(
  title: string,
  text: string,
  options: { good?: boolean; onward?: { url: string; label: string } | null } = {},
): Html {
  return html`<main class="plain">
${options.good && SEAL}
<h1>${title}</h1>
<p>${text}</p>
${options.onward && html`<a class="button" href="${options.onward.url}">${options.onward.label}</a>`}
</main>`
}
