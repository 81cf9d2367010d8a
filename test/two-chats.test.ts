import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { dutiesOf } from '../server/duties.ts'
import { notifyMember } from '../server/notifications/notify-member.ts'
import { strikesOfAll } from '../server/notifications/pause-channel.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import { joinByCode } from '../server/people/join-accounts.ts'
import { makeJoinCode } from '../server/people/join-codes.ts'
import { leaveAccounts } from '../server/people/leave-accounts.ts'
import { accountsOf, describeAccount, ensureAccount } from '../server/people/people.store.ts'
import { SESSION_COOKIE, sealSession } from '../server/people/session.ts'
import { createHandler } from '../server/reactions.ts'
import { hashOfCode } from '../shared/code.ts'
import type { DiscordUser, LineUser } from './sandbox/types.ts'
import { type ClubWithDiscord, openClub } from './support/club.ts'
import { ENGINES, usualEngine } from './support/engines.ts'
import { runHere } from './support/run-noren.ts'

const WRITES = /POST \/channels\/\d+\/messages/
const LOOKS = /GET \/channels\/\d+\/messages/
const ALWAYS = Number.POSITIVE_INFINITY
const MINUTE = 60
const HOUR = 60 * MINUTE
const THANKS = 'ご注文ありがとうございます'

let club: ClubWithDiscord

beforeAll(async () => {
  club = await openClub({ discord: true, mail: true })
})
afterEach(() => clean(club))
afterAll(() => club.close())

/** What one test broke is whole again for the next. */
async function clean({ discord, line, desk, store, settle }: ClubWithDiscord): Promise<void> {
  discord.clearFaults()
  line.clearFaults()
  desk.post.shop.mail = undefined as never
  desk.post.strikes = strikesOfAll()
  await store.db.deleteFrom('pauses').execute()
  await settle()
}

type Buyer = { user: DiscordUser; accountId: string }
let people = 0

/** Somebody who has spoken to the shop on Discord some time ago. */
async function onDiscord({ dms = true } = {}): Promise<Buyer> {
  const user = club.discord.addUser({ name: `はな${++people}`, locale: 'ja', dms })
  const now = club.desk.post.clock.now()
  const account = await club.store.transaction((tx) => ensureAccount(tx, `D${user.id}`, now))
  await club.store.transaction((tx) => describeAccount(tx, account.id, { language: 'ja' }))
  return { user, accountId: account.id }
}

/** As a one-time link would make it: good for an hour or so. */
async function cookieOf({ accountId }: Buyer): Promise<string> {
  const { person_id: personId } = await accountOf(accountId)
  const secret = club.config.sessionSecrets[0] ?? ''
  const sealed = await sealSession({ personId, accountId }, secret, club.desk.post.clock.now())
  return `${SESSION_COOKIE}=${sealed}`
}

const accountOf = (id: string) =>
  club.store.db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

const books = () => ({ store: club.store, clock: club.desk.post.clock })

/** By a code, as people do it. */
async function join(buyer: Buyer, line: LineUser): Promise<void> {
  await club.cookieOf(line)
  const { code } = await makeJoinCode(books(), `line:${line.userId}`)
  const joined = await joinByCode(books(), hashOfCode(code) ?? '', buyer.accountId)
  expect(joined).toMatchObject({ state: 'joined' })
  await club.settle()
}

const inLine = () => club.line.addUser({ name: `太郎${++people}`, friend: true, language: 'ja' })

async function buy(by: Buyer | LineUser, email?: string, link = club.links.tea): Promise<string> {
  const cookie = await ('accountId' in by ? cookieOf(by) : club.cookieOf(by))
  const { status, body } = await club.api(cookie, 'POST', '/api/checkout', { offer: link })
  if (status !== 200) throw new Error(`no checkout: ${JSON.stringify(body)}`)
  const session = club.stripe.visit(String(body['url']))
  await club.stripe.payByCard(session, email ? { email } : {})
  await club.settle()
  return session
}

/** Asks for their orders, and has the answer. */
async function ask({ user }: Buyer): Promise<void> {
  await club.discord.type(user, 'orders')
  await club.settle()
}

const withThanks = (all: unknown[]) => all.filter((each) => JSON.stringify(each).includes(THANKS))
/** Receipts as messages, and as answers that only they see. */
const dms = ({ user }: Buyer) => withThanks(club.discord.dms(user)).length
const seen = ({ user }: Buyer) => withThanks(club.discord.seen(user)).length
const mails = (address: string) => club.mail?.box(address).map(({ subject }) => subject) ?? []
const heard = ({ userId }: LineUser) => club.heard(userId).filter((each) => each.includes(THANKS))

const deliveries = (subject: string) =>
  club.store.db
    .selectFrom('deliveries')
    .selectAll()
    .where('order_id', '=', subject)
    .where('kind', '=', 'paid')
    .orderBy('created_at')
    // One that went another way is as old as the one before it.
    .orderBy('account_id')
    .execute()
const stateOf = async (accountId: string) => (await accountOf(accountId)).friend

describe('somebody in two chats', () => {
  test('reads a receipt where they bought, and nowhere else', async () => {
    const [hana, line] = [await onDiscord(), inLine()]
    await join(hana, line)
    await buy(hana)
    expect([seen(hana), heard(line).length]).toEqual([1, 0])
    await buy(line)
    expect([seen(hana), heard(line).length]).toEqual([1, 1])
    // LINE is not asked about somebody whom it cannot know.
    expect(club.line.requests.filter((each) => each.includes(hana.user.id))).toEqual([])
  })

  test('has in the other chat what LINE cannot bring, whose month is used up', async () => {
    const [hana, line] = [await onDiscord(), inLine()]
    await join(hana, line)
    club.line.quota.limit = 0
    await buy(line, 'used-up@example.com')
    club.line.quota.limit = null
    await club.settleFor(2 * HOUR)
    expect([dms(hana), heard(line).length, mails('used-up@example.com')]).toEqual([1, 0, []])
  })

  test('reads in the one, as soon as the two are one, what waits for them in the other', async () => {
    club.desk.post.shop.mail = { tell: { receipt: false } }
    const hana = await onDiscord()
    const line = club.line.addUser({ name: '太郎', friend: false, language: 'ja' })
    await club.cookieOf(line)
    const unknown = { friend: null }
    await club.store.transaction((tx) => describeAccount(tx, `line:${line.userId}`, unknown))
    const session = await buy(line)
    expect(await deliveries(session)).toMatchObject([{ state: 'waiting' }])
    await join(hana, line)
    expect([dms(hana), heard(line).length]).toEqual([1, 0])
  })

  test('is welcomed once, and hears of the membership in the chat from which they ordered last', async () => {
    const [hana, line] = [await onDiscord(), inLine()]
    await join(hana, line)
    const session = await buy(hana, undefined, club.links.member)
    const subscription = String(club.stripe.session(session).subscription)
    club.forward({ seconds: 1 })
    await buy(line)
    await club.stripe.cancelSubscription(subscription, 'period_end')
    await club.settle()
    const told = await club.store.db
      .selectFrom('deliveries')
      .select(['kind', 'account_id', 'state'])
      .where('account_id', 'in', [hana.accountId, `line:${line.userId}`])
      .where('kind', '!=', 'paid')
      .orderBy('created_at')
      .execute()
    expect(told).toEqual([
      { kind: 'welcome', account_id: hana.accountId, state: 'accepted' },
      { kind: 'leaving', account_id: `line:${line.userId}`, state: 'accepted' },
    ])
  })

  test('is not told again in one what the other heard before the two were one', async () => {
    const [hana, line] = [await onDiscord(), inLine()]
    const { store, desk } = club
    const say = async (accountId: string) => {
      const accounts = await accountsOf(store.db, (await accountOf(accountId)).person_id)
      const news = { kind: 'staying' as const, renewsAt: null }
      const told = { subject: `sub_${line.userId}`, role: 'member', plan: null, cause: null }
      const isNews = await store.transaction((tx) =>
        notifyMember(desk.post, tx, { accounts, news, ...told }),
      )
      await club.settle()
      return isNews
    }
    expect(await say(hana.accountId)).toBe(true)
    await join(hana, line)
    // They ordered last in LINE, so it would go there.
    await buy(line)
    expect(await say(`line:${line.userId}`)).toBe(false)
  })
})

describe('somebody who lets no messages in', () => {
  test('reads it under what they have just asked, once', async () => {
    const [hana, line] = [await onDiscord({ dms: false }), inLine()]
    await join(hana, line)
    await ask(hana)
    await buy(hana)
    expect([dms(hana), seen(hana), heard(line).length]).toEqual([0, 1, 0])
    await club.settleFor(HOUR)
    expect(seen(hana)).toBe(1)
    // Messages were not let in, and it was heard all the same: the next one is tried as a message again.
    expect(await stateOf(hana.accountId)).toBe(null)
  })

  test('reads it in LINE, who has asked nothing for a while', async () => {
    const [hana, line] = [await onDiscord({ dms: false }), inLine()]
    await join(hana, line)
    const session = await buy(hana, 'two-chats@example.com')
    expect([seen(hana), heard(line).length, mails('two-chats@example.com')]).toEqual([0, 1, []])
    expect(await stateOf(hana.accountId)).toBe(0)
    expect(await deliveries(session)).toMatchObject([
      { account_id: hana.accountId, state: 'superseded', body: '', message: null },
      { account_id: `line:${line.userId}`, state: 'accepted', body: '', message: null },
    ])
    // What comes next need not be tried there first, and what they ask brings nothing a second time.
    await ask(hana)
    expect(seen(hana)).toBe(0)
  })

  test('reads it by mail who is not in LINE, and gets the buttons of a mail', async () => {
    const hana = await onDiscord({ dms: false })
    await buy(hana, 'no-line@example.com')
    expect(mails('no-line@example.com')).toEqual([expect.stringContaining(THANKS)])
    expect(club.mail?.box('no-line@example.com')[0]?.text).toContain('source=mail')
    await ask(hana)
    await club.settleFor(HOUR)
    expect([seen(hana), mails('no-line@example.com').length]).toEqual([0, 1])
  })

  test('finds it waiting when they ask again, where nothing else can bring it', async () => {
    club.desk.post.shop.mail = { tell: { receipt: false } }
    const hana = await onDiscord({ dms: false })
    const session = await buy(hana, 'no-mail@example.com')
    expect(await deliveries(session)).toMatchObject([{ state: 'waiting' }])
    club.forward({ hours: 30 })
    await mailDuty()
    expect([seen(hana), mails('no-mail@example.com')]).toEqual([0, []])
    await ask(hana)
    expect([dms(hana), seen(hana)]).toEqual([0, 1])
    await ask(hana)
    expect(seen(hana)).toBe(1)
  })

  test('is written to again once they have let messages in', async () => {
    club.desk.post.shop.mail = { tell: { receipt: false } }
    const hana = await onDiscord({ dms: false })
    await buy(hana)
    club.discord.allowDms(hana.user, true)
    await ask(hana)
    expect([dms(hana), seen(hana)]).toEqual([1, 1])
    expect(await stateOf(hana.accountId)).toBe(null)
    // Without a word from them it is tried once a day, and what waited comes along.
    club.discord.allowDms(hana.user, false)
    club.forward({ hours: 1 })
    await buy(hana)
    club.discord.allowDms(hana.user, true)
    club.forward({ hours: 25 })
    await buy(hana)
    expect(dms(hana)).toBe(3)
  })

  test('and may be no friend in LINE either, has it where they are heard from first', async () => {
    club.desk.post.shop.mail = { tell: { receipt: false } }
    const [first, second] = [await closedOnBoth(), await closedOnBoth()]
    await club.line.follow(first.line.userId)
    await club.settle()
    expect([seen(first.hana), heard(first.line).length]).toEqual([0, 1])
    await ask(second.hana)
    await club.line.follow(second.line.userId)
    await club.settle()
    expect([seen(second.hana), heard(second.line).length]).toEqual([1, 0])
    // And from where they have left both: it waits where they bought.
    const [hana, line] = [await onDiscord({ dms: false }), inLine()]
    await join(hana, line)
    await club.line.unfollow(line.userId)
    await club.settle()
    await buy(hana)
    await club.line.follow(line.userId)
    await club.settle()
    expect([seen(hana), heard(line).length]).toEqual([0, 1])
  })

  test('and parts the two before it came through, reads it where they bought, and nobody else does', async () => {
    club.desk.post.shop.mail = { tell: { receipt: false } }
    const { hana, line } = await closedOnBoth()
    expect(await leaveAccounts(books(), hana.accountId)).toBe(true)
    await club.line.follow(line.userId)
    await club.settle()
    expect(heard(line)).toEqual([])
    await ask(hana)
    expect([seen(hana), heard(line).length]).toEqual([1, 0])
  })

  test('… nor has anybody else a mail of it', async () => {
    const { hana } = await closedOnBoth('bought@example.com')
    await leaveAccounts(books(), hana.accountId)
    await mailDuty()
    expect([seen(hana), mails('bought@example.com').length]).toEqual([0, 1])
    const boxes = await accountsOf(club.store.db, (await accountOf(hana.accountId)).person_id)
    expect(boxes.map(({ channel }) => channel)).toEqual(['discord', 'mail'])
  })

  test('… or within the minute by mail, since they were waited for once', async () => {
    const { hana, line } = await closedOnBoth('neither@example.com')
    await mailDuty()
    expect([seen(hana), heard(line).length]).toEqual([0, 0])
    expect(mails('neither@example.com')).toHaveLength(1)
  })
})

/** Bought with messages closed, and nobody knows yet that they are no friend in LINE: so it waits there. */
async function closedOnBoth(email?: string): Promise<{ hana: Buyer; line: LineUser }> {
  const hana = await onDiscord({ dms: false })
  const line = club.line.addUser({ name: '太郎', friend: false, language: 'ja' })
  await join(hana, line)
  const accountId = `line:${line.userId}`
  await club.store.transaction((tx) => describeAccount(tx, accountId, { friend: null }))
  const session = await buy(hana, email)
  expect(await deliveries(session)).toMatchObject([
    { account_id: hana.accountId, state: 'superseded' },
    { account_id: accountId, state: 'waiting' },
  ])
  return { hana, line }
}

describe('when the other chat is out of order', () => {
  test('for hours, all that was bought arrives once, and LINE is not held up', async () => {
    club.discord.fault({ on: WRITES, times: ALWAYS, status: 500 })
    const buyers = [await onDiscord(), await onDiscord(), await onDiscord()]
    const line = inLine()
    for (const buyer of buyers) await buy(buyer, 'away@example.com')
    await club.settleFor(3 * HOUR)
    await mailDuty()
    expect((await pauses()).map(({ channel, reason }) => [channel, reason])).toEqual([
      ['discord', 'outage'],
    ])
    await buy(line)
    expect(heard(line)).toHaveLength(1)
    club.discord.clearFaults()
    await club.settleFor(30 * MINUTE)
    expect(buyers.map(dms)).toEqual([1, 1, 1])
    expect(mails('away@example.com')).toEqual([])
    const told = club
      .heard(club.staff)
      .filter((each) => /Discordにメッセージを送れません/.test(each))
    expect(told).toHaveLength(1)
  })

  test('an answer that was lost on the way says nothing twice, at once or an hour later', async () => {
    const [soon, later] = [await onDiscord(), await onDiscord()]
    club.discord.fault({ on: WRITES, times: 1, drop: 'after' })
    await buy(soon)
    await club.settleFor(MINUTE)
    expect(dms(soon)).toBe(1)
    const [closing, line] = [await onDiscord(), inLine()]
    await join(closing, line)
    club.discord.fault({ on: WRITES, times: 1, drop: 'after' })
    await buy(closing)
    club.discord.allowDms(closing.user, false)
    await club.settleFor(MINUTE)
    expect([dms(closing), heard(line).length]).toEqual([1, 0])
    club.discord.fault({ on: WRITES, times: 1, drop: 'after' })
    club.discord.fault({ on: WRITES, times: 6, status: 503 })
    await buy(later)
    club.forward({ hours: 1 })
    await club.settleFor(HOUR)
    expect(dms(later)).toBe(1)
    expect(await openOnes(later)).toEqual([])
    // Discord has long forgotten the key by then: it was looked for.
    expect(club.discord.requests().filter(({ what }) => LOOKS.test(what))).not.toEqual([])
  })

  test('what may have been said in an answer is said nowhere else: a person looks', async () => {
    const [hana, line] = [await onDiscord({ dms: false }), inLine()]
    await join(hana, line)
    await ask(hana)
    club.discord.fault({ on: /POST \/webhooks\//, times: 1, drop: 'after' })
    const session = await buy(hana)
    await club.settleFor(HOUR)
    expect([seen(hana), heard(line).length]).toEqual([1, 0])
    const [dead] = await deliveries(session)
    expect(dead?.state).toBe('dead')
    // Who wants it sent again is told what that may do.
    const id = String(dead?.id)
    expect((await runHere(club, 'retry', id)).said).toContain('may read it twice')
    expect((await deliveries(session))[0]?.state).toBe('dead')
    await runHere(club, 'retry', id, '--again')
    await club.settleFor(MINUTE)
    expect(seen(hana) + heard(line).length).toBe(2)
  })

  test('what neither chat ever takes is refused by each once, and a person looks', async () => {
    club.desk.post.shop.mail = { tell: { receipt: false } }
    const [hana, line] = [await onDiscord(), inLine()]
    await join(hana, line)
    const bad = { message: 'Invalid Form Body', code: 50_035 }
    club.discord.fault({ on: WRITES, times: ALWAYS, status: 400, body: bad })
    club.line.addFault({ on: /push/, times: ALWAYS, status: 400, body: { message: 'bad' } })
    const session = await buy(hana)
    await club.settleFor(HOUR)
    expect(await deliveries(session)).toMatchObject([
      { account_id: hana.accountId, state: 'superseded' },
      { account_id: `line:${line.userId}`, state: 'dead' },
    ])
  })

  test('what LINE has no more room for, and the other chat never takes, waits for the next month', async () => {
    club.desk.post.shop.mail = { tell: { receipt: false } }
    const [hana, line] = [await onDiscord(), inLine()]
    await join(hana, line)
    const bad = { message: 'Invalid Form Body', code: 50_035 }
    club.discord.fault({ on: WRITES, times: ALWAYS, status: 400, body: bad })
    club.line.quota.limit = 0
    const session = await buy(line)
    await club.settleFor(HOUR)
    club.line.quota.limit = null
    await club.settleFor(2 * HOUR)
    expect(heard(line)).toHaveLength(1)
    expect((await deliveries(session)).length).toBeLessThan(4)
  })

  test('what may have arrived is looked for once the chat has closed, and then brought another way', async () => {
    club.desk.post.shop.mail = { tell: { receipt: false } }
    const [hana, line] = [await onDiscord(), inLine()]
    await join(hana, line)
    club.discord.fault({ on: WRITES, times: 1, status: 500 })
    await buy(hana)
    club.discord.allowDms(hana.user, false)
    const at = `discord:${hana.user.id}`
    const closed = { friend: 0 as const, friend_event_at: club.desk.post.clock.now().getTime() }
    // Another message has come back meanwhile.
    await club.store.transaction((tx) => describeAccount(tx, at, closed))
    await club.settleFor(10 * MINUTE)
    expect([dms(hana), heard(line).length]).toEqual([0, 1])
  })

  test('a refused token pauses that chat alone, and costs nobody a message', async () => {
    club.discord.fault({
      on: WRITES,
      times: ALWAYS,
      status: 401,
      body: { message: '401', code: 0 },
    })
    const buyers = []
    for (let made = 0; made < 5; made++) buyers.push(await onDiscord())
    for (const buyer of buyers) await buy(buyer)
    await club.settleFor(HOUR)
    expect(await pauses()).toMatchObject([{ channel: 'discord', reason: 'refused' }])
    const shouts = club.logged.filter((each) => each.includes('Discord refuses our token'))
    expect(shouts).toHaveLength(1)
    club.discord.clearFaults()
    await club.settleFor(HOUR)
    expect(buyers.map(dms)).toEqual([1, 1, 1, 1, 1])
    expect(await pauses()).toEqual([])
  })

  test('and struck out of the settings, LINE brings what was meant for it', async () => {
    const [hana, line] = [await onDiscord(), inLine()]
    await join(hana, line)
    const { chats } = club.desk.post
    club.discord.fault({ on: WRITES, times: 1, status: 500 })
    await buy(hana)
    club.desk.post.chats = { line: club.desk.post.channel }
    await club.settleFor(HOUR)
    // Begun: it may have arrived, so nothing else brings it.
    expect(heard(line)).toHaveLength(0)
    await buy(hana)
    expect(heard(line)).toHaveLength(1)
    club.desk.post.chats = chats
    await club.settleFor(HOUR)
    expect([dms(hana), heard(line).length]).toEqual([1, 1])
  })
})

test('the operator names somebody on Discord by D and their id, as they name U… in LINE', async () => {
  const hana = await onDiscord()
  const user = `D${hana.user.id}`
  const noren = async (...words: string[]) => (await runHere(club, ...words)).said
  expect(await noren('view', user, 'usual')).toContain(`${user} sees the portal`)
  expect(await noren('revoke', user, 'member')).toContain(`has not given ${user} the role`)
  const session = await buy(hana, undefined, club.links.member)
  const customer = String(club.stripe.session(session).customer)
  expect(await noren('link', '--find', user)).toMatch(new RegExp(`${customer}.*here.*${user}`))
  expect(await noren('forget', user)).toContain('1 orders')
  for (const nobody of ['D123', `U${hana.user.id}`])
    expect(await noren('grant', nobody, 'member')).toContain('17 to 20 digits')
})

test('whoever is forgotten leaves no open answer, no word in an event and no message behind', async () => {
  const hana = await onDiscord({ dms: false })
  club.desk.post.shop.mail = { tell: { receipt: false } }
  await buy(hana)
  await club.discord.type(hana.user, 'orders')
  await club.settle()
  const found = await forgetPerson(books(), `D${hana.user.id}`)
  expect(found).toMatchObject({ known: true, orders: 1, events: 1 })
  await club.settle()
  for (const table of ['open_answers', 'deliveries', 'events', 'accounts', 'links'] as const) {
    const rows = await club.store.db.selectFrom(table).selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(hana.user.id)
  }
  expect(await forgetPerson(books(), `D${hana.user.id}`)).toMatchObject({ known: false })
})

describe.each(ENGINES)('with the books in %s', (engine) => {
  test('two workers say it once, in whichever way is left', async () => {
    const usual = club
    if (engine !== usualEngine()) club = await openClub({ discord: true, mail: true, engine })
    try {
      const buyers = []
      for (let made = 0; made < 4; made++) {
        const [hana, line] = [await onDiscord({ dms: made % 2 === 0 }), inLine()]
        await join(hana, line)
        buyers.push({ hana, line, asks: made === 3 })
      }
      for (const { hana, asks } of buyers) {
        if (asks) await ask(hana)
        const { body } = await club.api(await cookieOf(hana), 'POST', '/api/checkout', {
          offer: club.links.tea,
        })
        await club.stripe.payByCard(club.stripe.visit(String(body['url'])))
      }
      await club.stripe.settled()
      const handle = createHandler(club.house)
      // Beside the workers a question comes in from everybody who lets no messages in.
      await Promise.all([
        club.store.drain(handle),
        club.store.drain(handle),
        ...buyers
          .filter(({ asks }) => asks)
          .map(({ hana }) => club.discord.type(hana.user, 'help')),
      ])
      await club.settleFor(10 * MINUTE)
      const all = buyers.map(({ hana, line }) => seen(hana) + heard(line).length)
      expect(all).toEqual([1, 1, 1, 1])
    } finally {
      if (club !== usual) await club.close()
      club = usual
    }
  })
})

const pauses = () => club.store.db.selectFrom('pauses').selectAll().execute()
const openOnes = ({ accountId }: Buyer) =>
  club.store.db
    .selectFrom('deliveries')
    .select('id')
    .where('account_id', '=', accountId)
    .where('state', 'in', ['pending', 'waiting'])
    .execute()

/** The duty that looks each minute for what mail may bring; and what it posted leaves. */
async function mailDuty(): Promise<void> {
  const mail = dutiesOf(club).find(({ name }) => name === 'mail')
  const turn = { bookmark: null, keep: async () => {}, stop: new AbortController().signal }
  await mail?.run({ ...turn, atStart: false })
  await club.settle()
}
