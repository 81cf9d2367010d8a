import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isPublic, type Resolve } from '../server/outbound/check-address.ts'
import { openOutbound } from '../server/outbound/open-outbound.ts'
import type { OutboundLetter } from '../server/ports.ts'
import { openReceiver, type Receiver } from './support/webhook-receiver.ts'

let other: Receiver

beforeEach(async () => {
  other = await openReceiver()
})
afterEach(() => other.close())

const clock = { now: () => new Date('2026-11-22T05:00:00Z') }

function letter(change: Partial<OutboundLetter> = {}): OutboundLetter {
  return {
    id: 'msg_1',
    url: other.url,
    format: 'standard',
    secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    payload: '{"type":"noren.test","timestamp":"2026-11-22T05:00:00.000Z","data":{"message":"x"}}',
    language: 'ja',
    shop: 'のれん茶房',
    ...change,
  }
}

describe('only public addresses are posted to', () => {
  test.each([
    '127.0.0.1 127.8.8.8 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1',
    '169.254.169.254 100.64.0.1 100.127.255.255 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1',
    '203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 192.88.99.1',
    ':: ::1 fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 ff02::1 fec0::1',
    '::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::a00:1',
    '2002:7f00:1:: 2001::1 2001:db8::1 100::1 3fff::1 5f00::1 4000::1 20::1 0:0:0:0:0:0:7f00:1',
    'localhost 1 0x7f000001 017700000001',
  ])('not: %s', (addresses) => {
    expect(addresses.split(' ').filter(isPublic)).toEqual([])
  })

  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])(
    'but %s is one',
    (address) => {
      expect(isPublic(address)).toBe(true)
    },
  )

  test.each([
    ['http://hooks.example.com/', 'Only https://'],
    ['ftp://hooks.example.com/', 'begins with https://'],
    ['hooks.example.com', 'begins with https://'],
    ['https://user:secret@hooks.example.com/', 'no user and password'],
    ['https://hooks.example.com:25/', 'Port 25'],
    ['https://127.0.0.1/', 'no public address'],
    ['https://2130706433/', 'no public address'],
    ['https://0x7f.1/', 'no public address'],
    ['https://[::ffff:169.254.169.254]/', 'no public address'],
    ['https://[fd00::1]:8443/', 'no public address'],
    ['https://n8n.internal:8443/', 'OUTBOUND_HOSTS'],
  ])('%s is refused in a sentence', (url, sentence) => {
    const outbound = openOutbound({ hosts: ['n8n.internal:443'], clock })
    const fault = outbound.fault(url)
    if (url.includes('n8n')) expect(fault).toBeNull()
    else expect(fault).toContain(sentence)
  })

  test('what the shop names itself may be anywhere, at that port alone', () => {
    const { fault } = openOutbound({
      hosts: ['n8n.internal:443', '[::1]:5678', '10.0.0.5:80'],
      clock,
    })
    expect(fault('https://n8n.internal/hook')).toBeNull()
    expect(fault('http://[::1]:5678/hook')).toBeNull()
    expect(fault('http://10.0.0.5/hook')).toBeNull()
    expect(fault('http://10.0.0.5:8080/hook')).toContain('OUTBOUND_HOSTS')
    expect(fault('https://10.0.0.5/hook')).toContain('no public address')
  })

  /** A name server that tells each time what the test says next. */
  const names = (...answers: string[][]): Resolve & { asked: number } => {
    const resolve = ((_host, _options, done) => {
      const found = answers[Math.min(resolve.asked++, answers.length - 1)] ?? []
      done(
        null,
        found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
    }) as Resolve & { asked: number }
    resolve.asked = 0
    return resolve
  }

  test.each([
    ['one private address', names(['10.0.0.1'])],
    ['a private one among public ones', names(['8.8.8.8', '127.0.0.1'])],
    ['none at all', names([])],
    ['this machine, in other clothes', names(['::ffff:127.0.0.1'])],
  ])('a name that leads to %s is not connected to', async (_, resolve) => {
    const outbound = openOutbound({ hosts: [], clock, resolve })
    const { port } = new URL(other.url)
    const url = `https://hooks.example.com:${port}/`
    expect(await outbound.post(letter({ url }))).toMatchObject({ status: null, code: 'ENOTPUBLIC' })
    expect(resolve.asked).toBe(1)
    await outbound.close()
  })

  test('what an older rule let into the books is looked at again before it leaves', async () => {
    const outbound = openOutbound({ hosts: [], clock })
    expect(await outbound.post(letter())).toMatchObject({ status: null, code: 'ENOTPUBLIC' })
    expect(other.got).toEqual([])
    await outbound.close()
  })
})

describe('what is said there', () => {
  const post = async (change: Partial<OutboundLetter> = {}) => {
    const outbound = openOutbound({ hosts: [other.host], clock })
    const answer = await outbound.post(letter(change))
    await outbound.close()
    return { answer, got: other.got[0], said: JSON.parse(other.got[0]?.body ?? 'null') }
  }

  test('of an answer one short line is kept, however much there is', async () => {
    other.answer = () => ({ status: 500, body: `\n\n  ${'x'.repeat(9_000)}\nsecond line` })
    const { answer } = await post()
    expect(answer.words).toBe('x'.repeat(200))
  })

  test('of an answer only words are kept: nothing that a database refuses, or a terminal obeys', async () => {
    other.answer = () => ({ status: 500, body: '\u0000\n\u0000oh\u0000 \u001b[2Jno\u0007' })
    const { answer } = await post()
    expect(answer.words).toBe('oh   [2Jno')
  })

  test('a receiver that breaks off is no answer', async () => {
    const { port } = new URL(other.url)
    await other.close()
    const outbound = openOutbound({ hosts: [other.host], clock })
    const answer = await outbound.post(letter({ url: `http://127.0.0.1:${port}/` }))
    expect(answer).toMatchObject({ status: null, code: 'ECONNREFUSED' })
    await outbound.close()
  })

  const hostile = {
    type: 'order.paid',
    timestamp: '2026-11-22T05:00:00.000Z',
    data: {
      number: 'AB12CD34',
      currency: 'jpy',
      amount: 3_960,
      itemCount: 4,
      items: [
        { name: '<!channel> & <https://evil.example|tea>', quantity: 1 },
        { name: '@everyone **[tea](https://evil.example)**', quantity: 2 },
      ],
      person: { name: '<@U123>\n@here\u202E<#C1>' },
      source: 'poster',
    },
  }
  const payload = JSON.stringify(hostile)

  test('Slack gets words of the shop’s language, unsigned, in which nobody’s name calls anybody', async () => {
    const { got, said } = await post({ format: 'slack', payload })
    expect(got?.headers['webhook-signature']).toBeUndefined()
    expect(said.text).toBe('【のれん茶房】ご注文のお支払いがありました')
    const [{ text }] = said.blocks
    expect(text).toMatchObject({ type: 'mrkdwn', verbatim: true })
    expect(text.text).toContain('ご注文番号: AB12CD34')
    expect(text.text).toContain('合計: ¥3,960')
    expect(text.text).toContain('&lt;!channel&gt; &amp; ')
    expect(text.text).toContain('ほか 2 点')
    expect(text.text).not.toMatch(/[<>\u202E]/)
  })

  test('Discord gets the same, and may mention nobody', async () => {
    const { said } = await post({ format: 'discord', payload, language: 'en', shop: '*Noren*' })
    expect(said.allowed_mentions).toEqual({ parse: [] })
    expect(said.content).toBe('【\\*Noren\\*】An order was paid')
    const values = said.embeds[0].fields.map(({ value }: { value: string }) => value)
    expect(values).toContain('¥3,960')
    const all = values.join(' ')
    expect(all).toContain('\\@everyone \\*\\*\\[tea\\](https\\://evil.example)')
    expect(all).not.toMatch(/(?<!\\)[@<[*]/)
  })

  test.each(['slack', 'discord'] as const)('a test reads well in %s too', async (format) => {
    const { answer, got } = await post({ format })
    expect(answer.status).toBe(204)
    expect(got?.body).toContain('Noren からのテスト送信です')
  })
})
