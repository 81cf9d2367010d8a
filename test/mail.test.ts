import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openMailChannel, PATIENCE } from '../server/mail/channel.ts'
import { isMailbox, readSender } from '../server/mail/sender.ts'
import { Closing, Later, type MailChannel } from '../server/ports.ts'
import { createMailSandbox } from './sandbox/mail/start.ts'
import type { Fault, MailSandbox } from './sandbox/types.ts'
import { openHouse } from './support/house.ts'
import { campaignMessage, orderMessage } from './support/sample-messages.ts'

const HANAKO = 'hanako@example.com'

let server: MailSandbox
let channel: MailChannel & { close(): void }
let body: string
let sent = 0
const nextKey = () => `00000000-0000-4000-8000-${String(++sent).padStart(12, '0')}`

beforeAll(async () => {
  server = await createMailSandbox()
  channel = open()
  body = channel.render(orderMessage())
})
beforeEach(() => server.clearFaults())
afterAll(async () => {
  channel.close()
  await server.close()
})

function open(change: Partial<Parameters<typeof openMailChannel>[0]> = {}) {
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
    to: [HANAKO],
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
  expect(mail?.headers['list-unsubscribe']).toBeUndefined()
})

test('a repeat has the same Message-ID, all that mail knows of retry keys', async () => {
  const key = nextKey()
  for (let times = 0; times < 2; times++) await channel.send('twice@example.com', body, key)
  const ids = server.box('twice@example.com').map(({ messageId }) => messageId)
  expect(ids).toEqual([`<${key}@noren.example>`, `<${key}@noren.example>`])
})

test('answers go where the shop wants them, and the mail says that they are read', async () => {
  const other = open({
    replyTo: 'お茶の係 <ask@noren.example>',
    from: 'Tea, Cakes & Co. <a@b.example>',
  })
  await other.send('reply@example.com', other.render(orderMessage()), nextKey())
  other.close()
  const [mail] = server.box('reply@example.com')
  expect(mail?.from).toBe('"Tea, Cakes & Co." <a@b.example>')
  expect(mail?.headers['reply-to']).toContain('<ask@noren.example>')
  expect(mail?.text).toContain('このメールへのご返信でも承ります')
})

test('one click in the mailbox ends what a shop recommends, and the mail itself says how', async () => {
  const unsubscribe = `https://shop.example/unsubscribe/${'k'.repeat(120)}-${'x'.repeat(120)}`
  const message = campaignMessage({ links: { unsubscribe } })
  await channel.send('campaign@example.com', channel.render(message), nextKey())
  const [mail] = server.box('campaign@example.com')
  expect(mail?.headers).toMatchObject({
    'list-unsubscribe': `<${unsubscribe}>`,
    'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
  })
  for (const part of [mail?.text, mail?.html]) expect(part).toContain(unsubscribe)
})

const refused = (on: RegExp, status: number, words: string): Fault => ({
  ...{ on, status, body: words },
  times: 1,
})

describe('what a mail server may answer', () => {
  test.each<[string, Fault, object]>([
    [
      'no such mailbox: given up, and whose it was stands nowhere',
      refused(/^RCPT/, 550, `5.1.1 <${HANAKO}> No such user`),
      { state: 'never', reason: 'the mail server answered 550 5.1.1 <…@…> No such user' },
    ],
    [
      'come back later: tried again, and nothing was taken',
      refused(/^RCPT/, 452, '4.2.2 Mailbox full'),
      { state: 'again', maybeAccepted: false, busy: false },
    ],
    [
      'the whole mail is not wanted: given up',
      refused(/^DATA/, 554, '5.7.1 Looks like spam'),
      { state: 'never' },
    ],
    [
      'the day’s mails are used up: all mails wait',
      refused(/^RCPT/, 550, '5.4.5 Daily user sending limit exceeded'),
      { state: 'quota' },
    ],
    [
      'the shop may not send as this address: a person must mend it',
      refused(/^MAIL FROM/, 550, '5.7.60 Client does not have permissions to send as this sender'),
      { state: 'refused' },
    ],
    [
      'the answer is lost: it may have arrived',
      { on: /^DATA/, drop: 'after', times: 1 },
      { state: 'again', maybeAccepted: true },
    ],
  ])('%s', async (_, fault, outcome) => {
    server.addFault(fault)
    expect(await channel.send(HANAKO, body, nextKey())).toMatchObject(outcome)
    // The same connection, or a new one, is as good as ever.
    expect(await channel.send(HANAKO, body, nextKey())).toMatchObject({ state: 'accepted' })
  })

  test('a wrong password is no fault of the mail, and says nothing of it aloud', async () => {
    const wrong = open({ url: server.url.replace('sesame', 'wrong%40word') })
    const outcome = await wrong.send(HANAKO, body, nextKey())
    expect(outcome).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('535 5.7.8'),
    })
    expect(JSON.stringify(outcome)).not.toContain('word@')
    wrong.close()
  })

  test('no server there: nothing has left', async () => {
    const away = open({ url: 'smtp://127.0.0.1:9' })
    const outcome = await away.send(HANAKO, body, nextKey())
    expect(outcome).toMatchObject({ state: 'again', maybeAccepted: false })
    away.close()
  })

  test('a server that never greets, or falls silent after the mail, is not waited for', async () => {
    server.addFault({ on: /^CONNECT/, hang: true, times: 1 })
    const hasty = open({ patience: { ...PATIENCE, greetingTimeout: 150 } })
    const ungreeted = await hasty.send(HANAKO, body, nextKey())
    expect(ungreeted).toMatchObject({ state: 'again', maybeAccepted: false })
    hasty.close()
    server.addFault({ on: /^DATA/, hang: 'after', times: 1 })
    const impatient = open({ patience: { ...PATIENCE, socketTimeout: 700 } })
    const unanswered = await impatient.send('silent@example.com', body, nextKey())
    expect(unanswered).toMatchObject({ state: 'again', maybeAccepted: true })
    expect(server.box('silent@example.com')).toHaveLength(1)
    impatient.close()
  })

  test('a server whose certificate nobody vouches for hears neither password nor mail', async () => {
    const before = server.requests.length
    // The same server, by a name that is not known to be this machine's.
    const elsewhere = open({ url: server.url.replace('127.0.0.1', '0.0.0.0') })
    const outcome = await elsewhere.send(HANAKO, body, nextKey())
    expect(outcome).toMatchObject({ state: 'again', maybeAccepted: false })
    expect(outcome).toMatchObject({ reason: expect.stringContaining('certificate') })
    expect(server.requests.slice(before)).toEqual(['CONNECT'])
    elsewhere.close()
  })
})

describe('more mails at once than the server is told of', () => {
  const slow: Fault = { on: /^DATA/, delayMs: 150, times: Number.POSITIVE_INFINITY }
  const all = (one: MailChannel, most: number) =>
    Promise.allSettled(
      Array.from({ length: most }, (_, at) => one.send(`slow${at}@example.com`, body, nextKey())),
    )

  test('wait for their turn before their time begins to run, and beyond a few in the books', async () => {
    server.addFault(slow)
    const busy = open({ longestSendMs: 400 })
    const sent = await all(busy, 20)
    const taken = sent.flatMap((each) => (each.status === 'fulfilled' ? [each.value.state] : []))
    expect(taken).toEqual(Array(16).fill('accepted'))
    const back = sent.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    expect(back.every((reason) => reason instanceof Later)).toBe(true)
    busy.close()
  })

  test('are left whole for the next start when the house closes; those that have begun are let finish', async () => {
    server.addFault(slow)
    const closing = open()
    const sending = all(closing, 5)
    closing.close()
    const sent = await sending
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    for (const each of sent)
      if (each.status === 'fulfilled') expect(each.value.state).toBe('accepted')
      else expect(each.reason).toBeInstanceOf(Closing)
    await expect(closing.send(HANAKO, body, nextKey())).rejects.toBeInstanceOf(Closing)
  })
})

test('an address that is none is given up before any server hears of it', async () => {
  const before = server.requests.length
  const bad = [
    '',
    'hanako',
    'hanako@',
    '@example.com',
    'a@b@example.com',
    'hanako@example.com, taro@example.com',
    'hanako@example.com\r\nBcc: taro@example.com',
    'hanako@example.com\nRCPT TO:<taro@example.com>',
    'hanako@exa\0mple.com',
    '<hanako@example.com>',
    'はなこ <hanako@example.com>',
    `${'a'.repeat(400)}@example.com`,
  ]
  for (const address of bad)
    expect(await channel.send(address, body, nextKey()), address).toMatchObject({ state: 'never' })
  expect(server.requests.slice(before)).toEqual([])
  const good = ['a..b.@docomo.ne.jp', 'hanako+tea@mail.example.co.jp', "o'neil@example.com"]
  expect(good.filter((address) => !isMailbox(address))).toEqual([])
})

test.each([
  ['shop@example.com', { name: '', address: 'shop@example.com' }],
  ['のれん茶房 <shop@example.com>', { name: 'のれん茶房', address: 'shop@example.com' }],
  ['"Tea, Cakes" <shop@example.com>', { name: 'Tea, Cakes', address: 'shop@example.com' }],
])('the sender %s is read', (text, sender) => {
  expect(readSender(text)).toEqual(sender)
})

test('a house with a mail server can write, with the shop’s own name and address at the end', async () => {
  const house = await openHouse({ mail: true })
  try {
    const { mailChannel, mail } = house
    if (!mailChannel) throw new Error('the house has no mail')
    await mailChannel.send(HANAKO, mailChannel.render(orderMessage()), nextKey())
    expect(mail.box(HANAKO)[0]?.text).toContain(String(house.config.shop.legal.phone))
  } finally {
    await house.close()
  }
})
