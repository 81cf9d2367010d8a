import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { webhook } from '@line/bot-sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openLineChannel } from '../server/line/channel.ts'
import { commandOf, commandOfPostback } from '../server/line/chat-commands.ts'
import { renderAnswer } from '../server/line/render-answer.ts'
import { CHAT_COMMANDS, NeedsPerson } from '../server/ports.ts'
import { messagesIn } from '../shared/i18n/messages/messages-in.ts'
import { LANGUAGES } from '../shared/language.ts'
import { createLineSandbox, type LineStandIn } from './sandbox/line/start.ts'
import { type Answered, chatAnswer, readAnswer, samplePlan } from './support/sample-messages.ts'

const AT = '2026-12-22T15:00:00.000Z'
const WAY_IN = 'https://shop.example/enter/0123456789abcdef'
const STATES = ['active', 'trial', 'past_due', 'paused', 'leaving', 'unending'] as const
type State = (typeof STATES)[number]

const links = chatAnswer({ kind: 'shop' }).links
const yearly = samplePlan({ name: '年会員', amount: 9800, interval: 'year' })
const guest = { kind: 'guest', plans: [samplePlan(), yearly] } satisfies Answered
function member(state: State, change: object = {}, kind: 'member' | 'cancel' = 'member') {
  return { kind, role: 'お茶の会 会員', plan: samplePlan(), state, at: AT, ...change }
}
const read = (answered: Answered, change: Parameters<typeof chatAnswer>[1] = {}) =>
  readAnswer(chatAnswer(answered, change))
const addresses = ({ buttons }: ReturnType<typeof readAnswer>) => buttons.map(({ uri }) => uri)

describe('in a group, where everybody reads along', () => {
  test.each(LANGUAGES)(
    'the answer in %s is one text that leads to the chat for two',
    (language) => {
      const answer = chatAnswer({ kind: 'group' }, { language, computer: WAY_IN })
      const [message, ...more] = JSON.parse(renderAnswer(answer))
      expect(more).toEqual([])
      expect(message).toEqual({ type: 'text', text: expect.stringContaining('茶舗のれん') })
      const { chat } = messagesIn(language)
      expect(message.text).toContain(chat.words.membership)
      expect(message.text).toContain(links.friend)
      expect(message.text).not.toContain(WAY_IN)
    },
  )
})

describe('whoever is no member', () => {
  test('sees each plan with its price for a cycle, and where to read on and join', () => {
    const { texts, altText, ...rest } = read(guest)
    expect(texts.join()).toContain('お茶の定期便,¥980/月,年会員,¥9,800/年')
    expect(altText).toContain('「お茶の定期便」（¥980/月）。「年会員」（¥9,800/年）。')
    expect(addresses({ texts, altText, ...rest })).toEqual([links.join])
  })

  test('sees ten plans of twelve, and that there are more', () => {
    const { texts, altText } = read({ ...guest, plans: Array.from({ length: 12 }, () => yearly) })
    expect(texts.filter((text) => text === '年会員')).toHaveLength(10)
    expect(texts).toContain('ほか 2 プラン')
    expect(altText).toContain('ほか 9 プラン')
  })

  test('is led to the shop where there is no plan, and gets no way in for a computer', () => {
    const none = read({ ...guest, plans: [] }, { computer: WAY_IN })
    expect(none.said).toContain('お申し込みいただけるプランはございません')
    expect(addresses(none)).toEqual([links.shop])
  })
})

describe('the one-time way in for a computer', () => {
  test.each(LANGUAGES)(
    'stands below the main button in %s: once, for 15 minutes, for nobody else',
    (language) => {
      const { chat } = messagesIn(language)
      for (const answered of [guest, member('active')]) {
        const { buttons, said, altText } = read(answered, { language, computer: WAY_IN })
        expect(buttons).toHaveLength(2)
        expect(buttons[1]).toMatchObject({ label: chat.computer.open, uri: WAY_IN })
        expect(said).toContain(chat.computer.text)
        expect(chat.computer.text).toContain('15')
        // Whoever looks at a locked phone must not get in.
        expect(altText).not.toContain(WAY_IN)
      }
    },
  )

  test('is not spoken of where there is none', () => {
    expect(read(guest).said + read(member('active')).said).not.toContain('パソコン')
  })
})

describe('a member', () => {
  test.each<[State, RegExp]>([
    ['active', /次回のお支払い日は 2026年12月23日です/],
    ['trial', /00:00 JST まで無料.*¥980\/月が自動でお支払い/],
    ['past_due', /00:00 JST までに、お支払い方法の更新/],
    ['paused', /お休み中です。2026年12月23日に自動で再開/],
    ['leaving', /00:00 JST までご利用いただけます/],
    ['unending', /有効期間は .*00:00 JST まで/],
  ])('reads how it stands: %s', (state, words) => {
    const { said, altText } = read(member(state))
    expect(said).toMatch(words)
    expect(altText).toMatch(words)
    expect(said).toContain('お茶の会 会員')
  })

  test.each(STATES)('reads it where no date is known, too: %s', (state) => {
    for (const language of LANGUAGES) {
      const { said } = read(member(state, { at: null }), { language })
      expect(said).not.toMatch(/JST|null|2026/)
    }
    expect(read(member('unending', { at: null })).said).toContain('有効期限はございません')
  })

  test('has one button; while a payment is due it says so', () => {
    const label = (state: State) => read(member(state)).buttons.map((button) => button.label)
    expect(label('active')).toEqual(['会員ページを開く'])
    expect(label('past_due')).toEqual(['お支払い方法を更新する'])
  })

  test('who never pays again is told of no payment and no cancelling, only when it runs out', () => {
    const { said } = read(member('leaving', { plan: null }))
    expect(said).toContain('有効期間は 2026年12月23日(水) 00:00 JST まで')
    expect(said).not.toMatch(/解約|会費/)
  })
})

describe('whoever wants to cancel', () => {
  const cancel = (state: State, change: object = {}) => read(member(state, change, 'cancel'))

  test.each(['active', 'trial', 'past_due', 'paused'] as const)(
    'while %s gets there with one button, and nothing else stands in the way',
    (state) => {
      const { buttons, said } = cancel(state)
      expect(buttons.map(({ uri }) => uri)).toEqual([links.cancel])
      expect(said).toContain('すぐに解約のお手続きができます')
    },
  )

  test('on a trial reads until when that costs nothing', () => {
    expect(cancel('trial').said).toContain('00:00 JST までに解約されれば、料金はかかりません')
    expect(cancel('active').said).not.toContain('料金はかかりません')
  })

  test('and has done so before is told that it is done', () => {
    const { said, buttons } = cancel('leaving')
    expect(said).toContain('これ以上のお手続きは必要ございません')
    expect(buttons.map(({ uri }) => uri)).toEqual([links.membership])
  })

  test('what nobody charges is told that there is nothing to cancel', () => {
    expect(cancel('unending').said).toContain('解約のお手続きは必要ございません')
    expect(cancel('active', { plan: null }).said).toContain('解約のお手続きは必要ございません')
  })
})

describe('the other words', () => {
  test.each([
    ['orders', links.orders],
    ['shop', links.shop],
    ['friend', links.friend],
  ] as const)('%s is answered with one button', (kind, address) => {
    expect(addresses(read({ kind }))).toEqual([address])
  })

  test('friend is answered without a button where the shopkeeper has named no link', () => {
    const answer = read({ kind: 'friend' }, { links: { ...links, friend: null } })
    expect(answer.buttons).toEqual([])
    expect(answer.said).toContain('このトークで')
  })

  test.each(LANGUAGES)('help in %s lists words that are all understood when sent', (language) => {
    const { chat } = messagesIn(language)
    const { components, altText } = read({ kind: 'help' }, { language })
    const tapped = components.flatMap(({ action }) => (action as { text?: string })?.text ?? [])
    expect(tapped.map(commandOf)).toEqual([...CHAT_COMMANDS])
    for (const word of Object.values(chat.words)) expect(altText).toContain(word)
  })

  test.each(LANGUAGES)('below every answer in %s stand words to go on with', (language) => {
    const all: Answered[] = [
      guest,
      member('active'),
      member('active', {}, 'cancel'),
      ...(['orders', 'friend', 'shop', 'help'] as const).map((kind) => ({ kind })),
    ]
    for (const answered of all) {
      const { offered } = read(answered, { language })
      expect(offered.length).toBeGreaterThanOrEqual(3)
      const asked = offered.map(commandOf)
      expect(asked).not.toContain(null)
      expect(asked).not.toContain(answered.kind)
    }
  })
})

describe('a word in the chat', () => {
  test.each([
    ['会員', 'membership'],
    ['「会員」', 'membership'],
    ['　会員　ページ！', 'membership'],
    ['ﾏｲﾍﾟｰｼﾞ', 'membership'],
    ['/ｍｅｍｂｅｒ', 'membership'],
    ['Membership.', 'membership'],
    ['定期便', 'membership'],
    ['สมาชิก', 'membership'],
    ['會員', 'membership'],
    ['注文履歴', 'orders'],
    ['My orders', 'orders'],
    ['คำสั่งซื้อ', 'orders'],
    ['解約したいです。', 'cancel'],
    ['退会😢', 'cancel'],
    ['CANCEL', 'cancel'],
    ['友達❤️', 'friend'],
    ['👨‍👩‍👧友だち', 'friend'],
    ['お店', 'shop'],
    ['menu', 'shop'],
    ['ヘルプ', 'help'],
    ['？', 'help'],
    ['?', 'help'],
  ])('%j asks for %s', (text, command) => {
    expect(commandOf(text)).toBe(command)
  })

  test.each([
    '',
    '   ',
    '😢',
    '！？',
    '会員カードをなくしました',
    '注文した商品がまだ届きません',
    '解約したいのですが、理由をお伝えしてもいいですか',
    'I would like to cancel order 12',
    '会員会員',
    'constructor',
    `会員${'！'.repeat(40)}`,
    'ﷺ'.repeat(80),
    '会'.repeat(100_000),
  ])('what is said to people (%j) is left to them', (text) => {
    expect(commandOf(text)).toBeNull()
  })

  test('buttons of ours never break, and other people’s are none of ours', () => {
    for (const command of CHAT_COMMANDS) expect(commandOfPostback(`noren:${command}`)).toBe(command)
    expect(commandOfPostback('noren:members-only-2025')).toBe('membership')
    expect(commandOfPostback('noren:portal?view=card')).toBe('membership')
    expect(commandOfPostback('noren:spring-sale')).toBe('shop')
    expect(commandOfPostback('noren:')).toBe('shop')
    expect(commandOfPostback('action=buy&item=1')).toBeNull()
    expect(commandOfPostback('membership')).toBeNull()
  })
})

describe('the reply', () => {
  let line: LineStandIn
  let hanako: string
  let close: () => void
  let tokens: string[]
  let forgotten: number
  const body = renderAnswer(chatAnswer(guest))

  beforeEach(async () => {
    tokens = []
    forgotten = 0
    line = await createLineSandbox({})
    hanako = line.addUser({ name: '花子' }).userId
    const letterbox = createServer(async (request, response) => {
      const { events } = (await json(request)) as webhook.CallbackRequest
      tokens.push(...events.map((event) => (event as webhook.MessageEvent).replyToken ?? ''))
      response.end()
    })
    await new Promise<void>((listening) => letterbox.listen(0, '127.0.0.1', listening))
    line.sendWebhooksTo(`http://127.0.0.1:${(letterbox.address() as AddressInfo).port}/`)
    close = () => letterbox.close()
    await line.say(hanako, '会員')
  })
  afterEach(async () => {
    close()
    await line.close()
  })

  function reply(token = tokens[0]!): Promise<'accepted' | 'spent'> {
    const source = { current: async () => line.channelAccessToken, forget: () => forgotten++ }
    const apiBase = new URL(line.url)
    const channel = openLineChannel({ apiBase, tokens: source, paced: (_, call) => call() })
    return channel.reply(token, body)
  }
  const spoil = (status: number) =>
    line.addFault({ on: /message\/reply/, times: 1, status, body: { message: 'no' } })

  test('answers in the chat, for nothing, and once', async () => {
    expect(await reply()).toBe('accepted')
    expect(line.chat(hanako)).toMatchObject([{ messages: JSON.parse(body), retryKey: null }])
    expect(line.quota.used).toBe(0)
    expect(await reply()).toBe('spent')
    expect(line.chat(hanako)).toHaveLength(1)
  })

  test('is not tried again when LINE refuses what is in it', async () => {
    spoil(403)
    expect(await reply()).toBe('spent')
    expect(forgotten).toBe(0)
  })

  test.each([429, 500])(
    'may be tried again after a %i, which has used up nothing',
    async (status) => {
      spoil(status)
      await expect(reply()).rejects.toThrow(`LINE answered ${status}`)
      expect(await reply()).toBe('accepted')
    },
  )

  test('forgets a channel token that LINE refuses, and asks for a person', async () => {
    spoil(401)
    await expect(reply()).rejects.toBeInstanceOf(NeedsPerson)
    expect(forgotten).toBe(1)
  })
})
