import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMailChannel } from '../server/mail/channel.ts'
import { LANGUAGES } from '../shared/language.ts'
import { mailRoutes } from './sandbox/demo-page/mail-routes.ts'
import { createLineSandbox } from './sandbox/line/start.ts'
import { createMailSandbox } from './sandbox/mail/start.ts'
import { createStripeSandbox } from './sandbox/stripe/start.ts'
import type { LineSandbox, MailSandbox, StripeSandbox } from './sandbox/types.ts'
import { sampleMails } from './support/sample-mails.ts'
import { orderMessage } from './support/sample-messages.ts'

const SHOP_URL = 'http://localhost:4000'

let app: FastifyInstance
let line: LineSandbox
let mail: MailSandbox
let stripe: StripeSandbox

beforeAll(async () => {
  stripe = await createStripeSandbox()
  line = await createLineSandbox()
  mail = await createMailSandbox()
  app = fastify()
  await app.register(mailRoutes, {
    ...{ stripe, line, mail, people: [], watchers: () => () => {}, shopUrl: SHOP_URL },
    readRows: async () => ({ events: [], orders: [], deliveries: [], jobs: [], members: [] }),
    shop: { name: { ja: 'のれん茶房', en: 'Noren Tea House' }, brand: '#2f5d50', roles: [] },
  })
})
afterAll(async () => {
  await app.close()
  await Promise.all([stripe.close(), line.close(), mail.close()])
})

test.each(LANGUAGES)('the demo shows every letter in %s, by day and by night', async (language) => {
  const list = await app.inject(`/__demo/mail/templates/${language}`)
  const templates = list.json<{ path: string; title: string; note: string }[]>()
  expect(templates).toHaveLength(sampleMails(language).length)
  for (const { path, title } of templates) {
    const [day, night] = [
      await app.inject(`/__demo/${path}`),
      await app.inject(`/__demo/${path}?light=night`),
    ]
    expect(day.body).toContain(`<title>${title.replace('&', '&amp;')}</title>`)
    expect(day.headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/)
    expect(day.body).toContain('@media not all{')
    expect(night.body).toContain('@media all{')
  }
})

test('what went out can be opened, and its buttons lead into the demo’s own shop', async () => {
  const channel = openMailChannel({ url: mail.url, from: mail.from, imprint: () => [] })
  const order = `https://liff.line.me/${line.liffId}/orders/cs_test_1`
  const message = orderMessage({ links: { order, again: order } })
  await channel.send('hanako@example.com', channel.render(message), 'key-1')
  channel.close()
  const opened = await app.inject('/__demo/mail/box/0')
  expect(opened.body).toContain(`href="${SHOP_URL}/orders/cs_test_1"`)
  const plain = await app.inject('/__demo/mail/box/0?part=plain')
  expect(plain.headers['content-type']).toContain('text/plain')
  expect(plain.body).toContain('煎茶 100g ×\u00a02')
  expect((await app.inject('/__demo/mail/box/1')).statusCode).toBe(404)
})
