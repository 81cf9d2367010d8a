import { describe, expect, test } from 'vitest'
import { messagesIn } from '../shared/i18n/messages/messages-in.ts'
import { LANGUAGES } from '../shared/language.ts'
import {
  EVERY_NEWS,
  type MemberNews,
  memberMessage,
  readBubble,
  samplePlan,
} from './support/sample-messages.ts'

/** Past midnight in Japan: the 23rd there, the 22nd in UTC. */
const AT = '2026-12-22T15:00:00.000Z'
const read = (news: MemberNews, change: Parameters<typeof memberMessage>[1] = {}) =>
  readBubble(memberMessage(news, change))

describe('whoever becomes a member', () => {
  const begun = { kind: 'welcome', trialEnd: null, renewsAt: AT, endsAt: null } as const

  test('is welcomed in one sentence for the lock screen, with the next payment and its price', () => {
    expect(read(begun).altText).toBe(
      '【茶舗のれん】「お茶の会 会員」へようこそ。お手続きが完了いたしました。これからどうぞよろしくお願いいたします。お支払い方法の変更や解約は、いつでも会員ページからお手続きいただけます。次回のお支払いは 2026年12月23日、¥980/月（税込）です。',
    )
    const { texts } = read(begun)
    expect(texts.slice(texts.indexOf('プラン'))).toEqual([
      'プラン',
      'お茶の定期便',
      '料金',
      '¥980/月（税込）',
      '次回のお支払い日',
      '2026年12月23日',
    ])
  })

  test('on a trial reads until when it is free and what it costs then, and of no other payment', () => {
    const { said } = read({ ...begun, trialEnd: AT })
    expect(said).toMatch(/2026年12月23日\(水\) 00:00 JST までは無料.*¥980\/月（税込）が自動/)
    expect(said).toContain('最初のお支払い日')
    expect(said).not.toContain('次回のお支払い日')
  })

  test('and has cancelled during the trial already is not told of a payment', () => {
    const { said, altText } = read({ ...begun, trialEnd: AT, renewsAt: null, endsAt: AT })
    expect(said + altText).not.toMatch(/自動でお支払い|最初のお支払い日/)
    expect(said).toContain('自動で更新されることはございません')
  })

  test('for a fixed time with payments in between is not told that nothing renews', () => {
    const { said } = read({ ...begun, endsAt: '2027-12-22T15:00:00.000Z' })
    expect(said).toContain('有効期間は 2027年12月23日(木) 00:00 JST まで')
    expect(said).not.toContain('更新されることはございません')
  })

  test('without paying reads of no price, no plan and no cancelling', () => {
    const given = { ...begun, renewsAt: null }
    const { said, altText } = read(given, { plan: null })
    expect(said).toContain('有効期限はございません')
    expect(said + altText).not.toMatch(/料金|プラン|解約|お支払い/)
    expect(read({ ...given, endsAt: AT }, { plan: null }).said).toContain('00:00 JST まで')
  })
})

describe('a price', () => {
  const priceOf = (change: Parameters<typeof samplePlan>[0], language: 'ja' | 'en' = 'ja') =>
    read({ kind: 'paused', until: null }, { language, plan: samplePlan(change) }).said

  test('is said for its cycle, in the reader’s language', () => {
    expect(priceOf({ interval: 'year', amount: 9800 })).toContain('¥9,800/年（税込）')
    expect(priceOf({ interval: 'month', intervalCount: 3 })).toContain('¥980/3か月（税込）')
    expect(priceOf({ currency: 'usd', amount: 1250 }, 'en')).toContain('$12.50 / month')
  })

  test('that Stripe does not name as a whole amount is left out', () => {
    expect(priceOf({ amount: null })).not.toContain('料金')
    const trial = read({ kind: 'trial_ending', at: AT }, { plan: samplePlan({ amount: null }) })
    expect(trial.altText).toContain('その後は 会費が自動でお支払い')
  })
})

test('three days before a trial turns paid: until when, how much, and how to stop it for nothing', () => {
  const { said, buttons } = read({ kind: 'trial_ending', at: AT })
  expect(said).toContain('2026年12月23日(水) 00:00 JST まで')
  expect(said).toContain('¥980/月（税込）が自動でお支払い')
  expect(said).toMatch(/それまでに会員ページから解約.*料金はかかりません/)
  expect(buttons.map(({ uri }) => uri)).toEqual([memberMessage(EVERY_NEWS[0]!).links.membership])
})

describe('a payment that failed', () => {
  test.each(['payment_failed', 'grace_ending'] as const)(
    'says as %s how much, until when one stays a member, and leads to the card',
    (kind) => {
      const { said, buttons } = read({ kind, amount: 1980, until: AT })
      expect(said).toContain('会費 ¥1,980のお支払い')
      expect(said).toContain('2026年12月23日(水) 00:00 JST まで')
      expect(buttons).toMatchObject([{ uri: expect.stringMatching(/card$/) }])
    },
  )

  test.each(['payment_failed', 'grace_ending'] as const)(
    'says as %s, where that time is over, that the membership rests and names no date',
    (kind) => {
      const { said } = read({ kind, amount: 1980, until: null })
      expect(said).toContain('お支払いを確認できるまで、会員のご利用をお休み')
      expect(said).not.toMatch(/JST|期限が近づいています/)
    },
  )

  test('names no amount where nobody knows its currency', () => {
    const { said } = read({ kind: 'payment_failed', amount: 1980, until: AT }, { plan: null })
    expect(said).toContain('会費のお支払いを確認できませんでした')
    expect(said).not.toContain('1,980')
  })
})

const isResting = (news: (typeof EVERY_NEWS)[number]) =>
  'because' in news && news.because === 'resting'

describe('a membership that ended', () => {
  const ended = EVERY_NEWS.filter(({ kind }) => kind === 'ended')

  test.each(LANGUAGES)('says why in %s, each reason in words of its own', (language) => {
    const reasons = ended.map((news) => read(news, { language }).altText)
    expect(new Set(reasons).size).toBe(7)
  })

  test('has a way back; whoever did not end it themselves is asked to ask, not to buy again', () => {
    for (const news of ended.filter((each) => !isResting(each))) {
      const { said, buttons } = read(news)
      const byOthers = 'because' in news && ['disputed', 'by_shop'].includes(news.because)
      expect(said.includes('お気軽にお尋ねください')).toBe(byOthers)
      expect(said.includes('またのご入会')).toBe(!byOthers)
      expect(buttons).toMatchObject([{ uri: expect.stringMatching(/join$/) }])
    }
  })

  test('leads to the till, and not to buying anew, where paying is all that lacks', () => {
    const { said, buttons } = read(ended.find(isResting)!)
    expect(said).toContain('すぐに再開')
    expect(buttons).toMatchObject([{ uri: expect.stringMatching(/card$/) }])
  })

  test('promises that nothing more is charged only to who cancelled', () => {
    const promises = ended.filter((news) => read(news).said.includes('引き落とされることは'))
    expect(promises).toEqual([{ kind: 'ended', because: 'cancelled' }])
  })
})

test('a changed plan is told with both prices, also where only the price is another', () => {
  const before = samplePlan({ amount: 480 })
  const { said, altText } = read({ kind: 'plan_changed', before, renewsAt: AT })
  const change = '「お茶の定期便」（¥480/月）から「お茶の定期便」（¥980/月）に'
  expect(said).toContain(change)
  expect(altText).toContain(change)
  expect(altText).toContain('次回のお支払いは 2026年12月23日')
  expect(read({ kind: 'plan_changed', before, renewsAt: null }).said).not.toContain('次回')
})

test('a pause says when it goes on by itself, or how to go on, and that nothing is charged', () => {
  expect(read({ kind: 'paused', until: AT }).said).toMatch(
    /2026年12月23日に自動で再開.*会費はいただきません/,
  )
  expect(read({ kind: 'paused', until: null }).said).toContain('再開は、会員ページから')
})

test('a cancellation says until when it is still theirs, and how to undo it', () => {
  const { said, altText } = read({ kind: 'leaving', at: AT })
  expect(altText).toContain('解約のお手続きが完了')
  expect(said).toMatch(/2026年12月23日\(水\) 00:00 JST までご利用いただけます/)
  expect(said).toContain('会員ページで解約を取り消せます')
})

test('a card that runs out is named by its last digits and its month, with the one button to another', () => {
  const card = { kind: 'card_expiring', brand: 'jcb', last4: '0505', month: '2027-01' } as const
  const { said, altText, buttons } = read({ ...card, renewsAt: AT })
  expect(said).toContain('JCBカード（下4桁 0505）は、2027年1月末で')
  expect(altText).toContain('次回のお支払いは 2026年12月23日、¥980/月（税込）')
  expect(buttons).toMatchObject([{ uri: expect.stringMatching(/card$/) }])
  // A brand that we have no word for is none that we make up.
  expect(read({ ...card, brand: 'constructor', renewsAt: null }).said).toContain('のカード（下4桁')
})

test('a renewal says its day, its price and how to stop; where a plan has no one price, what is charged', () => {
  const ahead = { kind: 'renewal_ahead', at: AT, amount: 9_800 } as const
  const yearly = samplePlan({ amount: 9_800, interval: 'year' })
  const { said, buttons } = read(ahead, { plan: yearly })
  expect(said).toContain('2026年12月23日に自動で更新され、¥9,800/年（税込）のお支払い')
  expect(said).toMatch(/会員ページから解約.*かかりません/)
  expect(buttons).toMatchObject([{ uri: expect.stringMatching(/membership$/) }])
  const mixed = read(ahead, { plan: samplePlan({ amount: null }) })
  expect(mixed.said).toContain('更新され、¥9,800（税込）のお支払い')
})

describe('in every language', () => {
  test.each(LANGUAGES)(
    '%s names the shop in the sentence, has one button, and leaves nothing open',
    (language) => {
      const { members } = messagesIn(language)
      const labels = Object.values(members.buttons)
      for (const news of EVERY_NEWS)
        for (const plan of [samplePlan(), samplePlan({ amount: null }), null]) {
          const { altText, said, buttons } = read(news, { language, plan })
          expect(altText).toContain('茶舗のれん')
          expect(altText).toMatch(/(?:[。.]|ค่ะ)$/)
          expect(altText + said).not.toMatch(/undefined|null|NaN|Invalid|\(\)|「」|（）/)
          expect(buttons).toHaveLength(1)
          expect(labels).toContain(buttons[0]?.label)
        }
    },
  )

  test.each(LANGUAGES)('%s says the day as it is in Japan', (language) => {
    for (const news of EVERY_NEWS.filter((one) => Object.values(one).includes(AT)))
      expect(read(news, { language }).altText, news.kind).toMatch(/\b23\b|23日/)
  })
})
