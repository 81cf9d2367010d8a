import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openMailChannel } from '../server/mail/channel.ts'
import type { MailChannel } from '../server/ports.ts'
import { createMailSandbox } from './sandbox/mail/start.ts'
import type { MailSandbox } from './sandbox/types.ts'
import { orderMessage } from './support/sample-messages.ts'

const HANAKO = 'hanako@example.com'

let server: MailSandbox
let channel: MailChannel & { close(): void }
let body: string
let sent = 0
const nextKey = () => `00000000-0000-4000-8000-${String(++sent).padStart(12, '0')}`

beforeAll(async () => {
  server = await createMailSandbox()
  channel = open({})
  body = channel.render(orderMessage())
})
beforeEach(() => server.clearFaults())
afterAll(async () => {
  channel.close()
  await server.close()
})

function open(change: { url?: string; from?: string; replyTo?: string }) {
  const imprint = () => ['のれん茶房株式会社', '03-0000-0000']
  return openMailChannel({ url: server.url, from: server.from, imprint, ...change })
}

test('a receipt reaches the buyer’s mailbox, from the shop and about the order', async () => {
  const key = nextKey()
  const outcome = await channel.send(HANAKO, body, key)
  expect(outcome).toEqual({ state: 'accepted', requestId: expect.stringMatching(/^\w{6}$/) })
  const mail = server.box(HANAKO).at(-1)
  expect(mail).toMatchObject({
    from: '"のれん茶房" <shop@noren.example>',
    subject: '【茶舗のれん】ご注文ありがとうございます（N-7K2Q）',
    messageId: `<${key}@noren.example>`,
    headers: { 'auto-submitted': 'auto-generated', 'content-language': 'ja' },
  })
  for (const said of [
    '煎茶 100g',
    '¥2,160',
    '¥3,960',
    '2026/11/23 00:01 JST',
    'のれん茶房株式会社',
  ])
    for (const part of [mail?.text, mail?.html]) expect(part).toContain(said)
})
