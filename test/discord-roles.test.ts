import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { furnish } from '../server/furnish.ts'
import { openLog } from '../server/log.ts'
import { giveRole, takeRole } from '../server/memberships/give-role.ts'
import { reconcilePerson } from '../server/memberships/reconsider-due.ts'
import { listMembers } from '../server/operations/list-members.ts'
import { survey } from '../server/operations/survey.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import { describeAccount, ensureAccount, lockPerson } from '../server/people/people.store.ts'
import { ringBell } from '../server/people/ring-bell.ts'
import { SESSION_COOKIE, sealSession } from '../server/people/session.ts'
import type { Role } from '../server/shop/define-shop.ts'
import { tryRefusedAgain } from '../server/signs/refused-roles.ts'
import { type SignDesk, showSign } from '../server/signs/show-sign.ts'
import { writeWish } from '../server/signs/signs.store.ts'
import { sweepSigns } from '../server/signs/sweep-signs.ts'
import { takeFromStrangers } from '../server/signs/take-from-strangers.ts'
import { wishSign } from '../server/signs/wish-sign.ts'
import type { DiscordUser } from './sandbox/types.ts'
import { type ClubWithDiscord, openClub } from './support/club.ts'
import { runHere } from './support/run-noren.ts'

const DAY = 24 * 3_600
/** One that this server does not know: the test shop's, say */
const ELSEWHERE = '1199999999999999999'

/** The bot, and the server's owner */
const OWN = ['Noren', '店主']

let club: ClubWithDiscord
let aki: DiscordUser
let roles: Role[]
let at: number

beforeAll(async () => {
  club = await openClub({ discord: true })
  roles = club.config.shop.roles ?? []
})
beforeEach(() => {
  aki = club.discord.addUser({ name: '秋' })
  at = club.discord.requests().length
})
/** Each test begins on an empty server, with empty books. */
afterEach(async () => {
  const { discord, store } = club
  discord.clearFaults()
  discord.limit(false)
  discord.allow({ manageRoles: true, serverMembers: true, inServer: true })
  discord.putBotAbove(discord.roles.premium)
  club.config.shop.roles = roles
  await settle()
  for (const user of discord.users()) if (!OWN.includes(user.name)) discord.leave(user)
  for (const table of ['signs', 'given_roles', 'refused_roles'] as const)
    await store.transaction((tx) => tx.deleteFrom(table).execute())
  club.forward({ seconds: 1 })
})
afterAll(() => club.close())

/** Discord takes 50 requests in a second, and these tests make more than that. */
const settle = () => club.settleFor(20)
const account = (user = aki) => `discord:${user.id}`
const now = () => club.signs.clock.now()
const meet = (user = aki) => club.store.transaction((tx) => ensureAccount(tx, `D${user.id}`, now()))
const give = async (role: string, user = aki) =>
  giveRole(club.members, (await meet(user)).person_id, { role, until: null, note: null })
const end = async (role: string, user = aki) =>
  takeRole(club.members, (await meet(user)).person_id, role)
/** As when they become something, without a word to them */
const wish = (users: DiscordUser[], role: string) =>
  club.store.transaction(async (tx) => {
    for (const user of users) {
      const { id } = await ensureAccount(tx, `D${user.id}`, now())
      await wishSign(club.signs, tx, id, role)
    }
  })
/** Is something by a gift, and shown it */
const become = async (role: string, user = aki) => {
  await give(role, user)
  await settle()
}
const cease = async (role: string, user = aki) => {
  await end(role, user)
  await settle()
}
const serverRoles = () => {
  const { roles: ours } = club.signs
  if (!ours) throw new Error('no roles')
  return ours
}
const sweep = async () => {
  await sweepSigns(club.signs)
  await settle()
}
/** What somebody has on the server, by the names of the stand-in's roles */
const has = (user = aki) => {
  const held = club.discord.rolesOf(user)
  return Object.entries(club.discord.roles)
    .filter(([, id]) => held.includes(id))
    .map(([name]) => name)
}
/** What was asked about the server, without ids; messages are another's matter */
const asked = (since = at) =>
  club.discord
    .requests()
    .slice(since)
    .map(({ what }) => what.replace(/\/\d{17,20}/g, ''))
    .filter((what) => what.includes('/guilds'))
const given = (user = aki) =>
  club.store.db
    .selectFrom('given_roles')
    .select(['guild', 'role_id'])
    .where('account_id', '=', account(user))
    .execute()
const signOf = (user = aki) =>
  club.store.db
    .selectFrom('signs')
    .selectAll()
    .where('account_id', '=', account(user))
    .executeTakeFirstOrThrow()
const audit = (user = aki) => club.discord.audit().filter((each) => each.user === user.id)
const notices = () =>
  club.store.db
    .selectFrom('deliveries')
    .select(['subject', 'state'])
    .where('kind', '=', 'staff_sign')
    .orderBy('created_at')
    .execute()
/** A shop whose role says something else now */
const rename = (id: string, change: Partial<Role>) => {
  club.config.shop.roles = (club.config.shop.roles ?? []).map((role) =>
    role.id === id ? { ...role, ...change } : role,
  )
}

test('who pays has the role on the server, and when the membership ends the role goes', async () => {
  const { id, person_id } = await meet()
  const session = { personId: person_id, accountId: id, via: 'link' as const }
  const cookie = `${SESSION_COOKIE}=${await sealSession(session, club.config.sessionSecrets[0] ?? '', now())}`
  const { body } = await club.api(cookie, 'POST', '/api/checkout', { offer: club.links.member })
  const paid = club.stripe.visit(String(body['url']))
  await club.stripe.payByCard(paid)
  await settle()
  expect(has()).toEqual(['member'])
  await club.stripe.cancelSubscription(String(club.stripe.session(paid).subscription), 'now')
  await settle()
  expect(has()).toEqual([])
  expect(audit().map(({ by, reason }) => [by, reason])).toEqual([
    ['Noren', 'Noren：「会員」になったため'],
    ['Noren', 'Noren：「会員」ではなくなったため'],
  ])
  expect(await given()).toEqual([])
})

test('what a moderator gave stays through join and end, also the very role that the shop gives', async () => {
  const { tea, member } = club.discord.roles
  const yuki = club.discord.addUser({ name: '雪', roles: [tea] })
  club.discord.giveRole(aki, tea)
  club.discord.giveRole(aki, member)
  await become('member')
  await become('member', yuki)
  expect([has(), has(yuki)]).toEqual([
    ['member', 'tea'],
    ['member', 'tea'],
  ])
  await cease('member')
  await cease('member', yuki)
  expect([has(), has(yuki)]).toEqual([['member', 'tea'], ['tea']])
  expect(audit().filter(({ by }) => by === 'Noren')).toEqual([])
})

test('from one role to another the new one comes before the old one goes', async () => {
  await become('member')
  await become('premium')
  expect(has()).toEqual(['premium'])
  const { member, premium } = club.discord.roles
  expect(audit().map(({ gave, took }) => [gave, took])).toEqual([
    [[member], []],
    [[premium], []],
    [[], [member]],
  ])
  // Ended without a role: nobody need be asked whether it is there.
  const before = club.discord.requests().length
  await end('member')
  await cease('premium')
  expect(has()).toEqual([])
  expect(asked(before)).toEqual(['DELETE /guilds/members/roles'])
})

test('a shop’s own hand and a member’s closed messages keep no role from being shown', async () => {
  const { id } = await meet()
  await club.store.transaction((tx) => describeAccount(tx, id, { friend: 0 }))
  await become('member')
  expect(has()).toEqual(['member'])
})

test('an answer that is lost makes the role nobody else’s: it is taken when the membership ends', async () => {
  club.discord.fault({ on: /^PUT .*\/roles\//, times: 1, drop: 'after' })
  await become('member')
  expect(has()).toEqual(['member'])
  expect(await given()).toHaveLength(1)
  await cease('member')
  expect(has()).toEqual([])
})

test('after a crash before the request the role is given, and taken again at the end', async () => {
  const { id } = await meet()
  const { guildId, roles } = club.discord
  await give('member')
  // As the process left it that died: written down, and never sent.
  const mark = { account_id: id, guild: guildId, role_id: roles.member }
  await club.store.transaction((tx) =>
    tx
      .insertInto('given_roles')
      .values({ ...mark, given_at: now().toISOString() })
      .execute(),
  )
  await settle()
  expect(has()).toEqual(['member'])
  await cease('member')
  expect([has(), await given()]).toEqual([[], []])
})

test('two workers who show the same member at once give one role, and take it at the end', async () => {
  const other = furnish(club.config, club.signs.clock, openLog('silent'))
  await give('member')
  await Promise.all([showSign(club.signs, account()), showSign(other.signs, account())])
  await other.close()
  await settle()
  expect(has()).toEqual(['member'])
  await cease('member')
  expect(has()).toEqual([])
})

test('of two roles in a row the last one counts, although the first takes Discord longer', async () => {
  await meet()
  club.discord.fault({ on: /^PUT .*\/roles\//, times: 1, delayMs: 200 })
  await give('premium')
  const slow = showSign(club.signs, account())
  await expect.poll(async () => (await given()).length).toBe(1)
  await end('premium')
  await give('member')
  await showSign(club.signs, account())
  await slow
  await settle()
  expect(has()).toEqual(['member'])
})

test('a role that is wished for again while it is taken stays ours, and goes at the end', async () => {
  await become('member')
  const ours = serverRoles()
  // Another process gives it again before this one has written down that it is gone.
  const take: typeof ours.take = async (...which) => {
    const outcome = await ours.take(...which)
    await give('member')
    await showSign(club.signs, account(), { look: true })
    return outcome
  }
  await end('member')
  await club.store.transaction((tx) => wishSign(club.signs, tx, account(), 'guest'))
  await showSign({ ...club.signs, roles: { ...ours, take } }, account())
  await settle()
  expect([has(), await given()]).toMatchObject([['member'], [{}]])
  await cease('member')
  expect(has()).toEqual([])
})

test('who becomes a member again while the second of their roles is being taken has both', async () => {
  const { member, tea } = club.discord.roles
  rename('member', { discordRoles: [member, tea] })
  await become('member')
  const busy = { message: 'You are being rate limited.', retry_after: 300, global: false }
  club.discord.fault({ on: /^DELETE .*\/roles\//, skip: 1, times: 1, status: 429, body: busy })
  await cease('member')
  expect(has()).toHaveLength(1)
  await become('member')
  await club.settleFor(600)
  expect(has()).toEqual(['member', 'tea'])
})

test('too fast for Discord: nobody loses by it, and nothing is asked before its time', async () => {
  const busy = { message: 'You are being rate limited.', retry_after: 30, global: false }
  club.discord.fault({ on: /^PUT .*\/roles\//, times: 1, status: 429, body: busy })
  await become('member')
  expect(has()).toEqual([])
  await club.settleFor(60)
  expect(has()).toEqual(['member'])
  expect(asked()).toEqual([
    'GET /guilds/members',
    'PUT /guilds/members/roles',
    'PUT /guilds/members/roles',
  ])
})

test('who is not on the server waits, and the sweep finds them there', async () => {
  const yuki = club.discord.addUser({ name: '雪', away: true })
  await become('member', yuki)
  expect((await signOf(yuki)).applied).toBeNull()
  await sweep()
  // Waiting costs nothing.
  expect(asked()).toEqual(['GET /guilds/members', 'GET /guilds/members'])
  club.discord.comeBack(yuki)
  await sweep()
  expect(has(yuki)).toEqual(['member'])
})

test('who left and came back has the role again: by the sweep, and by a word to the bot', async () => {
  await become('member')
  for (const comeBack of [sweep, () => club.discord.type(aki, 'membership').then(settle)]) {
    club.discord.leave(aki)
    club.discord.comeBack(aki)
    expect(has()).toEqual([])
    await comeBack()
    expect(has()).toEqual(['member'])
  }
  // What is not there any more by the sweep's own look is not ours, whoever gives it to them then.
  club.discord.leave(aki)
  await sweep()
  expect(await given()).toEqual([])
  club.discord.comeBack(aki)
  club.discord.giveRole(aki, club.discord.roles.member)
  await cease('member')
  expect(has()).toEqual(['member'])
})

test('what a hand took away is given back by the sweep, and where all is well nobody is asked twice', async () => {
  await become('member')
  club.discord.takeRole(aki, club.discord.roles.member)
  await sweep()
  expect(has()).toEqual(['member'])
  const before = club.discord.requests().length
  await sweep()
  expect(asked(before)).toEqual(['GET /guilds/members'])
})

test('without the list of members they are looked at a few a day', async () => {
  await become('member')
  club.discord.takeRole(aki, club.discord.roles.member)
  club.discord.allow({ serverMembers: false })
  await sweep()
  expect(has()).toEqual(['member'])
  expect(club.logged.join('\n')).toContain('does not show who is on it')
})

test('a role above the bot’s is told once for a hundred members, not tried for ever, and given to all when it is mended', async () => {
  const before = (await notices()).length
  const many = Array.from({ length: 100 }, () => club.discord.addUser({ name: '客' }))
  const { premium, member } = club.discord.roles
  rename('premium', { discordRoles: [premium, member] })
  club.discord.putBotBelow(premium)
  await wish(many, 'premium')
  await club.settleFor(3 * 3_600)
  expect(many.map((user) => has(user))).toEqual(many.map(() => ['member']))
  expect((await notices()).slice(before)).toHaveLength(1)
  expect(club.heard(club.staff).at(-1)).toMatch(/特別会員.*より上へドラッグ/)
  const refused = () => club.discord.requests().filter(({ status }) => status === 403).length
  // Those that were under way when the first was refused
  expect(refused()).toBeLessThan(12)
  const { signs } = await survey(club.store.db)
  expect(signs).toMatchObject({ refused: 100, roles: [{ role_id: premium, why: 'above_bot' }] })
  const { said } = await runHere(club, 'status')
  expect(said).toContain(`100 accounts wait for a role on Discord (${premium} stands above`)
  // The next day's sweep has one of them try, and tells the staff again.
  const tried = refused()
  await sweep()
  expect(refused()).toBe(tried)
  club.forward({ seconds: DAY })
  await sweep()
  expect(refused()).toBe(tried + 1)
  expect((await notices()).slice(before)).toHaveLength(2)
  club.discord.putBotAbove(premium)
  club.forward({ seconds: DAY })
  await sweep()
  expect(many.every((user) => has(user).includes('premium'))).toBe(true)
  expect((await survey(club.store.db)).signs).toEqual({ refused: 0, roles: [] })
})

test('a bot that may manage no roles is one trouble, whichever roles there are', async () => {
  const before = (await notices()).length
  const yuki = club.discord.addUser({ name: '雪' })
  club.discord.allow({ manageRoles: false })
  await become('member')
  await become('premium', yuki)
  expect((await notices()).slice(before)).toHaveLength(1)
  expect(club.heard(club.staff).at(-1)).toContain('ロールの管理')
  club.discord.allow({ manageRoles: true })
  await tryRefusedAgain(club.signs)
  await settle()
  expect([has(), has(yuki)]).toEqual([['member'], ['premium']])
})

test('the test server’s id beside the real one’s is no trouble; one that no server has is', async () => {
  const before = (await notices()).length
  rename('member', { discordRoles: [club.discord.roles.member, ELSEWHERE] })
  await become('member')
  expect(has()).toEqual(['member'])
  expect((await signOf()).refused).toBeNull()
  const quiet = club.discord.requests().length
  await sweep()
  expect(asked(quiet)).toEqual(['GET /guilds/members'])
  expect((await notices()).length).toBe(before)
  rename('member', { discordRoles: ELSEWHERE })
  await sweep()
  // It was ours; nobody is to have it now.
  expect(has()).toEqual([])
  expect((await signOf()).refused).toContain('no_role')
  expect((await notices()).length).toBe(before + 1)
})

test('a role that the shop file names no more is taken from whom we gave it, and from nobody else', async () => {
  const { member, tea } = club.discord.roles
  const yuki = club.discord.addUser({ name: '雪', roles: [member] })
  await become('member')
  await become('member', yuki)
  rename('member', { discordRoles: tea })
  await sweep()
  expect([has(), has(yuki)]).toEqual([['tea'], ['member', 'tea']])
  expect(audit().at(-1)?.reason).toBe('Noren：お店の設定から外されたロールのため')
  // A shop without any roles: the last of ours goes.
  club.config.shop.roles = []
  await sweep()
  expect([has(), has(yuki)]).toEqual([[], ['member']])
})

test('a shop that moves to another server shows its members there, and lets the old one be', async () => {
  await become('member')
  const ours = serverRoles()
  const guild = '1188888888888888888'
  const moved: SignDesk = { ...club.signs, roles: { ...ours, guild } }
  club.discord.takeRole(aki, club.discord.roles.member)
  await showSign(moved, account())
  expect(has()).toEqual(['member'])
  expect(await given()).toEqual([{ guild, role_id: club.discord.roles.member }])
})

test('while Discord is switched off nothing is thrown, and what is wished for waits', async () => {
  const off: SignDesk = { ...club.signs, roles: null }
  await give('member')
  await showSign(off, account())
  await sweepSigns(off)
  expect([has(), asked()]).toEqual([[], []])
  await settle()
  expect(has()).toEqual(['member'])
})

test('an account that comes to a member, or leaves them, shows what it is now', async () => {
  const hana = club.line.addUser({ name: '花', friend: true })
  await club.join(hana, club.links.member)
  const { person_id: own } = await meet()
  const { person_id: hers } = await club.store.db
    .selectFrom('accounts')
    .select('person_id')
    .where('id', '=', `line:${hana.userId}`)
    .executeTakeFirstOrThrow()
  const moveTo = async (to: string) => {
    await club.store.transaction(async (tx) => {
      await lockPerson(tx, to)
      await tx.updateTable('accounts').set({ person_id: to }).where('id', '=', account()).execute()
      for (const about of [own, hers]) await ringBell(club.signs, tx, { kind: 'person', about })
    })
    await settle()
  }
  await moveTo(hers)
  expect(has()).toEqual(['member'])
  expect(club.menu(hana)).toBe('会員')
  await moveTo(own)
  expect(has()).toEqual([])
  expect(club.menu(hana)).toBe('会員')
})

test('who is forgotten loses the role, and no book names them any more', async () => {
  await become('member')
  const taro = club.discord.addUser({ name: '太郎', away: true })
  await become('member', taro)
  expect(await listMembers(club.store.db, { due: false, most: 2 })).toMatchObject([
    { user: `D${taro.id}` },
    { user: `D${aki.id}` },
  ])
  for (const user of [aki, taro]) await forgetPerson(club.signs, `D${user.id}`)
  await settle()
  expect([has(), await given(), await given(taro)]).toEqual([[], [], []])
  const names = await club.store.db
    .selectFrom('events')
    .select('id')
    .where((eb) => eb.or([aki, taro].map(({ id }) => eb('doorbell', 'like', `%${id}%`))))
    .execute()
  expect(names).toEqual([])
})

test('who comes back while what they had is taken keeps what they are given anew', async () => {
  await become('member')
  await forgetPerson(club.signs, `D${aki.id}`)
  const ours = serverRoles()
  const take: typeof ours.take = async (...which) => {
    const outcome = await ours.take(...which)
    await give('member')
    await reconcilePerson(club.members, (await meet()).person_id, null)
    await showSign(club.signs, account())
    return outcome
  }
  await takeFromStrangers({ ...club.signs, roles: { ...ours, take } })
  await settle()
  expect(has()).toEqual(['member'])
  await cease('member')
  expect([has(), await given()]).toEqual([[], []])
})

test('a server on which the bot is no more wants a person, once, however many days it goes on', async () => {
  await become('member')
  club.discord.allow({ inServer: false })
  for (let day = 0; day < 3; day++) {
    await sweep()
    club.forward({ seconds: DAY })
    await settle()
  }
  const open = await club.store.db
    .selectFrom('events')
    .select(['type', 'error'])
    .where('handled_at', 'is', null)
    .execute()
  expect(open).toMatchObject([
    { type: 'noren.members_due', error: expect.stringContaining('the bot is not on the server') },
  ])
  club.discord.allow({ inServer: true })
  await club.settleFor(900)
  expect(has()).toEqual(['member'])
})

test('a thousand members are swept within Discord’s limits: each ends right, and none is asked for too often', async () => {
  const { discord, store } = club
  const { member } = discord.roles
  const many = Array.from({ length: 1_000 }, () => {
    // No two accounts of a server are made in the same millisecond.
    club.forward({ seconds: 0.002 })
    return discord.addUser({ name: '客' })
  })
  // A tenth lacks nothing; to the others Discord has shown nothing yet.
  const right = many.slice(0, 100)
  await store.transaction(async (tx) => {
    for (const user of many) {
      const { id } = await ensureAccount(tx, `D${user.id}`, now())
      await writeWish(tx, id, 'member')
    }
  })
  for (const user of right) discord.giveRole(user, member)
  await haveShown(right)
  discord.limit(true)
  const since = discord.requests().length
  const began = now().getTime()
  await sweepSigns(club.signs)
  await club.settleFor(3 * 3_600)
  expect(many.every((user) => has(user).includes('member'))).toBe(true)
  const mine = discord.requests().slice(since)
  const count = (like: RegExp) => mine.filter(({ what }) => like.test(what)).length
  const figures = {
    minutes: (Date.parse(mine.at(-1)?.at ?? '') - began) / 60_000,
    lists: count(/^GET .*\/members$/),
    looks: count(/^GET .*\/members\/\d+$/),
    gives: count(/^PUT /),
    tooFast: mine.filter(({ status }) => status === 429).length,
  }
  // Each is looked at once and given once; 900 gifts alone take 15 minutes, at 10 in 10 seconds.
  expect(figures).toMatchObject({ lists: 2, gives: 900 })
  expect(figures.looks - figures.tooFast).toBe(900)
  expect(figures.tooFast).toBeLessThan(12)
  expect(figures.minutes).toBeLessThan(17)
}, 120_000)

test('no member’s list of roles was ever overwritten', () => {
  expect(club.discord.requests().filter(({ what }) => what.startsWith('PATCH /guilds'))).toEqual([])
})

async function haveShown(users: DiscordUser[]): Promise<void> {
  const applied = `${club.discord.guildId} ${club.discord.roles.member}`
  await club.store.transaction(async (tx) => {
    for (const user of users)
      await tx
        .updateTable('signs')
        .set({ applied })
        .where('account_id', '=', account(user))
        .execute()
  })
}
