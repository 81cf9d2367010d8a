import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { type RenderedMail, renderMail } from '../../../server/mail/render.ts'
import type { MailMessage } from '../../../server/ports.ts'
import { LANGUAGES, type Language, localized, nearestLanguage } from '../../../shared/language.ts'
import { sampleMails } from '../../support/sample-mails.ts'
import type { DemoOptions } from './state.ts'

/** A mail in its frame runs nothing and fetches nothing; a tap on a button opens another tab. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox"

/** How somebody wants to look at a mail: by day or `night`, as HTML or its `plain` text. */
type Look = { light?: string; part?: string }
type Template = { Params: { language: string; name: string }; Querystring: Look }

/** What the page of mails shows: a preview of every letter, and what went out in this demo. */
export const mailRoutes: FastifyPluginAsync<DemoOptions> = async (app, options) => {
  const imprint = [localized(options.shop.name, 'ja'), '〒602-0000 京都市上京区', '075-000-0000']
  const desk = { imprint: () => imprint, replies: true }
  const render = (message: MailMessage) => renderMail(inShop(message, options.shop), desk)

  app.get<{ Params: { language: string } }>('/__demo/mail/templates/:language', ({ params }) => {
    const language = nearestLanguage(params.language) ?? 'ja'
    return sampleMails(language).map(([name, message]) => ({
      path: `mail/templates/${language}/${encodeURIComponent(name)}`,
      title: render(message).subject,
      note: name,
    }))
  })

  app.get<Template>('/__demo/mail/templates/:language/:name', ({ params, query }, reply) => {
    const language = LANGUAGES.find((each) => each === params.language) ?? 'ja'
    const found = sampleMails(language).find(([name]) => name === params.name)
    return found ? show(reply, render(found[1]), query) : reply.code(404).send()
  })

  app.get<{ Params: { at: string }; Querystring: Look }>(
    '/__demo/mail/box/:at',
    ({ params, query }, reply) => {
      const mail = options.mail?.box()[Number(params.at)]
      return mail ? show(reply, atThisShop(mail, options), query) : reply.code(404).send()
    },
  )
}

function inShop(message: MailMessage, shop: DemoOptions['shop']): MailMessage {
  const name = localized(shop.name, message.language as Language)
  return { ...message, shop: { ...message.shop, name, brand: shop.brand } } as MailMessage
}

/** Only LINE answers at liff.line.me; in the demo the same page is on this machine. */
function atThisShop(mail: Pick<RenderedMail, 'html' | 'text'>, { line, shopUrl }: DemoOptions) {
  const html = mail.html.replaceAll(`https://liff.line.me/${line.liffId}`, shopUrl)
  return { html, text: mail.text }
}

function show(
  reply: FastifyReply,
  { html, text }: Pick<RenderedMail, 'html' | 'text'>,
  { light, part }: Look,
): FastifyReply {
  reply.headers({ 'content-security-policy': MAIL_POLICY, 'cache-control': 'no-store' })
  if (part === 'plain') return reply.type('text/plain; charset=utf-8').send(text)
  // Whoever looks at the page may do so by day: the mail shows the night it was asked for.
  const night = light === 'night'
  const seen = html
    .replace('(prefers-color-scheme:dark)', night ? 'all' : 'not all')
    .replace('color-scheme:light dark', `color-scheme:${night ? 'dark' : 'light'}`)
    .replace('<head>', '<head><base target="_blank">')
  return reply.type('text/html; charset=utf-8').send(seen)
}
